/** What tests of controllers need: a {@link dev.corral.reconcile.testing.ManualClock} in place of the system's time. */
@NullMarked
package dev.corral.reconcile.testing;

import org.jspecify.annotations.NullMarked;
