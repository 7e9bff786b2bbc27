/** The quickstart, as a whole and in its parts. */
@NullMarked
package dev.corral.examples.quickstart;

import org.jspecify.annotations.NullMarked;
