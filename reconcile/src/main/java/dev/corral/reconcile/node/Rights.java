package dev.corral.reconcile.node;

import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.Identity;
import dev.corral.Requirement;
import dev.corral.Rlimit;
import dev.corral.Rlimits;
import dev.corral.internal.linux.FileNames;
import dev.corral.privileges.Capability;
import dev.corral.privileges.CapabilitySet;
import dev.corral.privileges.Landlock;
import dev.corral.privileges.Privileges;
import dev.corral.privileges.Seccomp;
import dev.corral.reconcile.workload.Confines;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerCapabilities;
import dev.corral.reconcile.workload.FileRules;
import dev.corral.reconcile.workload.PodSecurityContext;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.SeccompProfile;
import dev.corral.reconcile.workload.SecurityContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Who a container runs as and what it may do, in words of the library.
 *
 * @param user its user id, in its user namespace
 * @param group the same of its group
 * @param groups further groups
 */
record Rights(long user, long group, List<Long> groups, List<Confinement> confinements, boolean newPrivileges) {
    public Rights {
        groups = List.copyOf(groups);
        confinements = List.copyOf(confinements);
    }

    /** What a container of a pod asks for; where the host has no such limits, they are left out if that is good enough. */
    static Rights of(PodSpec pod, Container container, Requirement requirement) {
        PodSecurityContext general = pod.securityContext().orElseGet(PodSecurityContext::unset);
        SecurityContext own = container.securityContext().orElseGet(SecurityContext::unset);
        long user = own.runAsUser().or(general::runAsUser).orElse(0L);
        long group = own.runAsGroup().or(general::runAsGroup).orElse(0L);
        List<Confinement> all = new ArrayList<>();
        if (user != 0 || group != 0 || !general.supplementalGroups().isEmpty()) {
            all.add(new Identity(user, group, general.supplementalGroups()));
        }
        own.capabilities().ifPresent(capabilities -> all.add(privileges(capabilities, user)));
        if (own.seccompProfile().or(general::seccompProfile).orElse(SeccompProfile.UNCONFINED)
                == SeccompProfile.RUNTIME_DEFAULT) {
            all.add(Seccomp.defaultProfile());
        }
        Confines confines = Confines.of(pod, container);
        boolean enforced = requirement == Requirement.ENFORCE;
        if (!confines.rlimits().isEmpty()) {
            Rlimits rlimits = rlimits(confines.rlimits());
            all.add(enforced ? rlimits : rlimits.bestEffort());
        }
        confines.files().map(Rights::landlock).ifPresent(rules -> all.add(enforced ? rules : rules.bestEffort()));
        return new Rights(
                user,
                group,
                general.supplementalGroups(),
                all,
                own.allowPrivilegeEscalation().orElse(false));
    }

    /** Whether it takes more ids than the one that an ordinary user can map. */
    boolean beyondZero() {
        return user != 0 || group != 0 || !groups.isEmpty();
    }

    /** Without a user id of 0 exec drops everything but what is ambient, which is what was asked for by name. */
    private static Privileges privileges(ContainerCapabilities capabilities, long user) {
        CapabilitySet most = set(capabilities.effective());
        if (user == 0) {
            return Privileges.of(most);
        }
        CapabilitySet kept = set(new ContainerCapabilities(capabilities.add(), List.of("ALL")).effective());
        CapabilitySet none = CapabilitySet.none();
        return new Privileges(most, none, none, none, none)
                .permitted(kept)
                .inheritable(kept)
                .effective(kept)
                .ambient(kept);
    }

    private static CapabilitySet set(Collection<String> names) {
        return CapabilitySet.of(
                names.stream().map(name -> Capability.of(name).orElseThrow()).toList());
    }

    private static Rlimits rlimits(Map<Rlimit, Rlimit.Value> values) {
        Rlimits all = Rlimits.none();
        for (Map.Entry<Rlimit, Rlimit.Value> limit : values.entrySet()) {
            all = all.with(
                    limit.getKey(), limit.getValue().soft(), limit.getValue().hard());
        }
        return all;
    }

    private static Landlock landlock(FileRules rules) {
        Landlock all = Landlock.files();
        all = rules.readOnly().isEmpty() ? all : all.readOnly(paths(rules.readOnly()));
        all = rules.execute().isEmpty() ? all : all.execute(paths(rules.execute()));
        return rules.readWrite().isEmpty() ? all : all.readWrite(paths(rules.readWrite()));
    }

    private static Path[] paths(List<String> texts) {
        return texts.stream().map(FileNames::path).toArray(Path[]::new);
    }

    Command on(Command command) {
        Command all = newPrivileges ? command.allowNewPrivileges() : command;
        for (Confinement confinement : confinements) {
            all = all.with(confinement);
        }
        return all;
    }
}
