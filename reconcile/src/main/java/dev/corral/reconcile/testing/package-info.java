/**
 * What tests need, without a test framework: a {@link dev.corral.reconcile.testing.ManualClock} in place of the system's time,
 * and for makers of stores the {@link dev.corral.reconcile.testing.StoreContract}.
 */
@NullMarked
package dev.corral.reconcile.testing;

import org.jspecify.annotations.NullMarked;
