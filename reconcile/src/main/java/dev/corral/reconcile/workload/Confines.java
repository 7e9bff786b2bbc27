package dev.corral.reconcile.workload;

import dev.corral.Rlimit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a container is confined, as far as Kubernetes has no word for it. What a pod says holds for its containers; of what a
 * container says itself, each namespace and each rlimit, the tree, the file rules and the rates replace the pod's.
 *
 * @param namespaces with whom they are shared; see {@link Sharing#of} for those not named
 * @param root the file tree to begin with; the host's if empty
 * @param rlimits limits of the kernel for each process
 * @param files the only files that may be opened; all that the user may open if empty
 * @param io rates of block devices, each device once
 */
public record Confines(
        Map<NamespaceKind, Sharing> namespaces,
        Optional<RootTree> root,
        Map<Rlimit, Rlimit.Value> rlimits,
        Optional<FileRules> files,
        List<IoLimit> io) {
    public Confines {
        namespaces = Collections.unmodifiableMap(new TreeMap<>(namespaces));
        rlimits = Collections.unmodifiableMap(new TreeMap<>(rlimits));
        io = List.copyOf(io);
    }

    /** Nothing is said. */
    public static Confines unset() {
        return new Confines(Map.of(), Optional.empty(), Map.of(), Optional.empty(), List.of());
    }

    public Confines namespace(NamespaceKind kind, Sharing with) {
        Map<NamespaceKind, Sharing> all = new TreeMap<>(namespaces);
        all.put(kind, with);
        return new Confines(all, root, rlimits, files, io);
    }

    public Confines root(RootTree tree) {
        return new Confines(namespaces, Optional.of(tree), rlimits, files, io);
    }

    /** Sets a soft and a hard limit, in the unit of the limit; {@link Rlimit#UNLIMITED} is none. */
    public Confines rlimit(Rlimit which, long soft, long hard) {
        Map<Rlimit, Rlimit.Value> all = new TreeMap<>(rlimits);
        all.put(which, new Rlimit.Value(soft, hard));
        return new Confines(namespaces, root, all, files, io);
    }

    public Confines files(FileRules rules) {
        return new Confines(namespaces, root, rlimits, Optional.of(rules), io);
    }

    public Confines io(IoLimit limit) {
        return new Confines(
                namespaces,
                root,
                rlimits,
                files,
                Copies.replacing(io, old -> old.device().equals(limit.device()), limit));
    }

    /** What holds for a container. */
    public static Confines of(PodSpec pod, Container container) {
        Confines general = pod.confines().orElseGet(Confines::unset);
        Confines own = container.confines().orElseGet(Confines::unset);
        Map<Rlimit, Rlimit.Value> both = new TreeMap<>(general.rlimits);
        both.putAll(own.rlimits);
        return new Confines(
                Sharing.of(pod, container),
                own.root.or(general::root),
                both,
                own.files.or(general::files),
                own.io.isEmpty() ? general.io : own.io);
    }

    void validate(Problems problems) {
        namespaces.forEach((kind, with) -> problems.at("namespaces[" + kind + "]")
                .require(
                        with != Sharing.POD || (kind != NamespaceKind.MNT && kind != NamespaceKind.CGROUP),
                        with,
                        "each container has its own: it must be PRIVATE or HOST"));
        root.ifPresent(tree -> RootTree.validate(tree, problems.at("root")));
        files.ifPresent(rules -> rules.validate(problems.at("files")));
        problems.each("io", io, IoLimit::validate);
    }

    /** Checks what holds for a container that has these volumes mounted. */
    static void validate(PodSpec pod, Container container, Problems problems) {
        Confines all = of(pod, container);
        Problems here = problems.at("confines");
        container.confines().ifPresent(own -> {
            own.validate(here);
            here.at("namespaces[USER]")
                    .require(
                            !own.namespaces.containsKey(NamespaceKind.USER),
                            own.namespaces.get(NamespaceKind.USER),
                            "it is the same for all containers: say it in the confines of the pod");
        });
        boolean trees =
                all.root.filter(tree -> !(tree instanceof RootTree.Host)).isPresent()
                        || !container.volumeMounts().isEmpty()
                        || container
                                .securityContext()
                                .flatMap(SecurityContext::readOnlyRootFilesystem)
                                .orElse(false);
        here.at("namespaces[MNT]")
                .require(
                        !trees || all.namespaces.get(NamespaceKind.MNT) == Sharing.PRIVATE,
                        Sharing.HOST,
                        "a tree, volumes and a read-only root need mounts of its own: it must be PRIVATE");
    }
}
