/** The programs of the quickstart as real processes. */
@NullMarked
package dev.corral.examples.quickstart.payload;

import org.jspecify.annotations.NullMarked;
