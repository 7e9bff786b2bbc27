/** The samples of the guide page on testing controllers: {@code docs/simulation.md}. */
@NullMarked
package dev.corral.examples.simulation;

import org.jspecify.annotations.NullMarked;
