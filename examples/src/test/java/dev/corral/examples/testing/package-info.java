/** What the tests of the examples share. */
@NullMarked
package dev.corral.examples.testing;

import org.jspecify.annotations.NullMarked;
