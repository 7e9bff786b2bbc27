/** The classic exercises, each run with real processes. */
@NullMarked
package dev.corral.examples.classic;

import org.jspecify.annotations.NullMarked;
