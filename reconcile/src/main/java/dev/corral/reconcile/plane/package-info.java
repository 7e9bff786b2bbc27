/**
 * Everything put together: a store, the controllers of the workloads, and a node agent that runs them as child processes of
 * this JVM. Start with {@link dev.corral.reconcile.plane.ControlPlane#local}.
 */
@NullMarked
package dev.corral.reconcile.plane;

import org.jspecify.annotations.NullMarked;
