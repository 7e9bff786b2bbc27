package dev.corral.reconcile.testing;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.workload.Pod;
import java.util.List;
import java.util.stream.IntStream;

/** The first controller of the guide: some pods, and how many of them are ready. */
final class Web {
    record Spec(int replicas, List<String> command) {}

    record Status(int ready) {}

    static final Kind<Spec, Status> KIND = Kind.of("Web", Spec.class, Status.class);

    static final Declared<Spec, Status> SHOP = shop(3);

    private Web() {}

    static Declared<Spec, Status> shop(int replicas) {
        return Declared.of(KIND, "shop", new Spec(replicas, List.of("sleep", "60")));
    }

    static Plan<Status> reconcile(Context<Spec, Status> web) {
        List<Pod> wanted = IntStream.range(0, web.spec().replicas())
                .mapToObj(i -> Pod.named(web.name() + "-" + i)
                        .container(c -> c.command(web.spec().command())))
                .toList();
        long ready = web.children(Pod.KIND).stream().filter(Pod::ready).count();
        return Plan.children(wanted).status(new Status((int) ready));
    }
}
