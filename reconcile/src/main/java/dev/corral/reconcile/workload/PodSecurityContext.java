package dev.corral.reconcile.workload;

import java.util.List;
import java.util.Optional;

/**
 * Who a pod's containers run as, unless one says otherwise. Numbers are those of the pod's user namespace, where 0 has no rights
 * over the host. Source: Kubernetes API, {@code PodSecurityContext}.
 *
 * @param runAsUser 0 to 2<sup>31</sup>−1; 0 if empty
 * @param runAsGroup the same
 * @param runAsNonRoot whether user 0 is refused
 * @param supplementalGroups further groups, each once
 * @param seccompProfile which system calls they may make; all if empty
 */
public record PodSecurityContext(
        Optional<Long> runAsUser,
        Optional<Long> runAsGroup,
        Optional<Boolean> runAsNonRoot,
        List<Long> supplementalGroups,
        Optional<SeccompProfile> seccompProfile) {
    private static final long MOST = Integer.MAX_VALUE;

    public PodSecurityContext {
        supplementalGroups = List.copyOf(supplementalGroups);
    }

    /** Nothing is said. */
    public static PodSecurityContext unset() {
        return new PodSecurityContext(
                Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());
    }

    public PodSecurityContext runAsUser(long user) {
        return new PodSecurityContext(Optional.of(user), runAsGroup, runAsNonRoot, supplementalGroups, seccompProfile);
    }

    public PodSecurityContext runAsGroup(long group) {
        return new PodSecurityContext(runAsUser, Optional.of(group), runAsNonRoot, supplementalGroups, seccompProfile);
    }

    public PodSecurityContext runAsNonRoot(boolean required) {
        return new PodSecurityContext(runAsUser, runAsGroup, Optional.of(required), supplementalGroups, seccompProfile);
    }

    public PodSecurityContext supplementalGroups(List<Long> groups) {
        return new PodSecurityContext(runAsUser, runAsGroup, runAsNonRoot, groups, seccompProfile);
    }

    public PodSecurityContext seccompProfile(SeccompProfile profile) {
        return new PodSecurityContext(runAsUser, runAsGroup, runAsNonRoot, supplementalGroups, Optional.of(profile));
    }

    void validate(Problems problems) {
        runAsUser.ifPresent(user -> id(user, problems.at("runAsUser")));
        runAsGroup.ifPresent(group -> id(group, problems.at("runAsGroup")));
        problems.each("supplementalGroups", supplementalGroups, PodSecurityContext::id);
    }

    static void id(long id, Problems here) {
        here.require(id >= 0 && id <= MOST, id, "it must be between 0 and " + MOST);
    }
}
