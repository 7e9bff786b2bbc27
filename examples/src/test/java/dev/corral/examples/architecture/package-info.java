/** The house rules as tests: which room may know which, and what no room may do. */
@NullMarked
package dev.corral.examples.architecture;

import org.jspecify.annotations.NullMarked;
