/** A confinement as somebody outside of Corral would write it. */
@NullMarked
package dev.corral.stranger;

import org.jspecify.annotations.NullMarked;
