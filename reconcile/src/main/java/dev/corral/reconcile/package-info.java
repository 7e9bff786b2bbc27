/** Desired state: start from {@link dev.corral.reconcile.Kind}, {@link dev.corral.reconcile.Reconciler} and {@link dev.corral.reconcile.ControllerManager}. */
@NullMarked
package dev.corral.reconcile;

import org.jspecify.annotations.NullMarked;
