/**
 * Desired state: a store of declared resources, and the engine that keeps asking what follows from them and makes it so. Start
 * from {@link dev.corral.reconcile.Kind}, {@link dev.corral.reconcile.Reconciler} and
 * {@link dev.corral.reconcile.ControllerManager}.
 *
 * <pre>
 *   apply ──▶ Store ──(watch)──▶ queue of keys ──▶ pass: Reconciler(snapshot, now) ──▶ Plan
 *               ▲                 one pass per key,                                     │
 *               └────────────────  one at a time  ◀──────── one commit ◀────────────────┘
 * </pre>
 *
 * <p>A resource of a {@linkplain dev.corral.reconcile.Kind kind} has a spec, which says what should be, and a status, which
 * says what was seen. Both are immutable values. The {@linkplain dev.corral.reconcile.Store store} counts one version for all
 * its writes; a snapshot of it never moves, and a watch tells every change in order. Writers carry the version that they read,
 * and a conflict is an answer: read again, decide again.
 *
 * <p>A change puts keys into the queues of the controllers that it concerns: the resource itself, the owner of a changed child,
 * and whatever a controller watches besides. The queue forgets why: a pass looks at what is, never at what happened, so events
 * may be merged or come twice and the result is the same. A pass hands the newest snapshot to the
 * {@linkplain dev.corral.reconcile.Reconciler reconciler}, a pure function, and gets a {@linkplain dev.corral.reconcile.Plan
 * plan}: the children that should exist, the status to show, when to look again. The engine compares the plan with what is
 * stored and writes the difference in one commit: children created, changed, put back, and deleted when no longer listed. If
 * the resource has changed meanwhile, the plan is dropped and a new one made.
 *
 * <p>What a pass itself wrote doesn't wake its resource again. A reconciler that goes step by step therefore decides from what
 * it plans, not from seeing its own writes, or asks for another pass with {@code wakeAfter(Duration.ZERO)}.
 *
 * <p>What has to happen outside the store is an {@linkplain dev.corral.reconcile.Effect effect}: recorded in the plan's commit,
 * done afterwards, at least once, until its result is stored. Effects that are nobody's plan, such as running processes, belong
 * into a {@linkplain dev.corral.reconcile.KeyHandler loop}, which has the same queue and the same repetition.
 *
 * <p>A resource that is deleted is gone at once, unless somebody holds a finalizer on it: then it stays, marked, until the last
 * finalizer is gone. A controller with a {@linkplain dev.corral.reconcile.Cleanup cleanup} holds one; so does whoever runs a
 * resource of a {@linkplain dev.corral.reconcile.Kind#graceful graceful} kind, until {@linkplain dev.corral.reconcile.Store#remove
 * removing} it. What a gone resource owned is deleted by the engine, and so on down, or before it, or not at all, as
 * {@linkplain dev.corral.reconcile.Propagation the deletion says}.
 */
@NullMarked
package dev.corral.reconcile;

import org.jspecify.annotations.NullMarked;
