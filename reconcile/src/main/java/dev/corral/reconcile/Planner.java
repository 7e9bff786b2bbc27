package dev.corral.reconcile;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a controller decides, apart from when: the plan for a resource, and the commit that makes it so. Writes nothing, so a dry
 * run is the same.
 *
 * @param known whether somebody would act on a child of a kind
 */
record Planner<S, T>(
        Kind<S, T> kind, Reconciler<S, T> reconciler, Optional<Cleanup<S, T>> cleanup, Predicate<Kind<?, ?>> known) {
    /** Whether there is anything to decide: not for a resource that is going and has no cleanup left. */
    boolean concerns(Resource<S, T> resource) {
        return !resource.metadata().terminating() || held(resource);
    }

    private static boolean held(Resource<?, ?> resource) {
        return resource.metadata().finalizers().contains(Finalizers.CLEANUP);
    }

    Plan<T> plan(Context<S, T> context) throws Exception {
        if (!context.metadata().terminating()) {
            return reconciler.reconcile(context);
        }
        return cleanup.isPresent() ? cleanup.get().cleanup(context) : Plan.unchanged();
    }

    Commit commit(String author, Context<S, T> context, Plan<T> plan, Shown shown) {
        Resource<S, T> resource = context.resource();
        for (Declared<?, ?> child : plan.listed()) {
            if (!known.test(child.kind())) {
                throw new UnknownKind(resource.title(), child.kind(), child.name());
            }
        }
        T wanted = plan.status().orElse(resource.status());
        T status = plan.failing()
                .map(why -> shown.failed(resource.status(wanted), why.reason(), why.message(), context.now())
                        .orElse(wanted))
                .orElseGet(() -> shown.well(wanted));
        return PlanCommit.of(author, context.snapshot(), resource, plan, status, finalizer(context, plan));
    }

    /** Whether the finalizer is to be held from now on; empty if that is as it is. */
    private Optional<Boolean> finalizer(Context<S, T> context, Plan<T> plan) {
        boolean held = held(context.resource());
        boolean wanted = cleanup.isPresent() && (!context.metadata().terminating() || !finished(context, plan));
        return held == wanted ? Optional.empty() : Optional.of(wanted);
    }

    private static boolean finished(Context<?, ?> context, Plan<?> plan) {
        return plan.wake(context.now()).isEmpty()
                && plan.failing().isEmpty()
                && plan.effects().stream().allMatch(effect -> context.effect(effect.key()) instanceof Effect.Done);
    }
}
