/**
 * Workloads as Kubernetes names them: what shall run as plain data, and the pure functions that say what to do next. Start
 * with {@link dev.corral.reconcile.workload.Deployment}.
 */
@NullMarked
package dev.corral.reconcile.workload;

import org.jspecify.annotations.NullMarked;
