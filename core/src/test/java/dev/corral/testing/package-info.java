/** What the tests of core share: looking at what is left behind, other JVMs, C programs. Start reading at {@link Leftovers}. */
@NullMarked
package dev.corral.testing;

import org.jspecify.annotations.NullMarked;
