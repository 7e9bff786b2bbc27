package dev.corral.reconcile.workload;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who one container runs as and what it may do; what is empty is as its pod says. Source: Kubernetes API, {@code
 * SecurityContext}.
 *
 * @param runAsUser 0 to 2<sup>31</sup>−1
 * @param runAsGroup the same
 * @param runAsNonRoot whether user 0 is refused
 * @param capabilities what it may do beyond the rights of its user; empty for everything within its namespaces
 * @param readOnlyRootFilesystem whether it may write to nothing but its volumes and /dev
 * @param allowPrivilegeEscalation whether programs may give it more than it has, as a set-user-ID bit does; not, if empty
 * @param seccompProfile which system calls it may make
 * @param privileged refused if true: what a container shares with the host is said in {@link Confines}
 */
public record SecurityContext(
        Optional<Long> runAsUser,
        Optional<Long> runAsGroup,
        Optional<Boolean> runAsNonRoot,
        Optional<ContainerCapabilities> capabilities,
        Optional<Boolean> readOnlyRootFilesystem,
        Optional<Boolean> allowPrivilegeEscalation,
        Optional<SeccompProfile> seccompProfile,
        Optional<Boolean> privileged) {
    /** Nothing is said. */
    public static SecurityContext unset() {
        return new SecurityContext(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public SecurityContext runAsUser(long user) {
        return with(fields -> fields.runAsUser = Optional.of(user));
    }

    public SecurityContext runAsGroup(long group) {
        return with(fields -> fields.runAsGroup = Optional.of(group));
    }

    public SecurityContext runAsNonRoot(boolean required) {
        return with(fields -> fields.runAsNonRoot = Optional.of(required));
    }

    public SecurityContext capabilities(ContainerCapabilities capabilities) {
        return with(fields -> fields.capabilities = Optional.of(capabilities));
    }

    public SecurityContext readOnlyRootFilesystem(boolean readOnly) {
        return with(fields -> fields.readOnlyRootFilesystem = Optional.of(readOnly));
    }

    public SecurityContext allowPrivilegeEscalation(boolean allowed) {
        return with(fields -> fields.allowPrivilegeEscalation = Optional.of(allowed));
    }

    public SecurityContext seccompProfile(SeccompProfile profile) {
        return with(fields -> fields.seccompProfile = Optional.of(profile));
    }

    public SecurityContext privileged(boolean wanted) {
        return with(fields -> fields.privileged = Optional.of(wanted));
    }

    /** Checks it together with what the pod says. */
    void validate(Problems problems, PodSecurityContext pod) {
        runAsUser.ifPresent(user -> PodSecurityContext.id(user, problems.at("runAsUser")));
        runAsGroup.ifPresent(group -> PodSecurityContext.id(group, problems.at("runAsGroup")));
        problems.at("runAsNonRoot")
                .require(
                        !runAsNonRoot.or(pod::runAsNonRoot).orElse(false)
                                || runAsUser.or(pod::runAsUser).orElse(0L) != 0,
                        true,
                        "it would run as user 0: set runAsUser to another one");
        capabilities.ifPresent(some -> some.validate(problems.at("capabilities")));
        boolean mighty = capabilities
                .map(some -> some.add().contains("SYS_ADMIN") || some.add().contains("ALL"))
                .orElse(false);
        problems.at("allowPrivilegeEscalation")
                .require(
                        !mighty || allowPrivilegeEscalation.orElse(true),
                        false,
                        "it can't be false with SYS_ADMIN among the capabilities");
        problems.at("privileged")
                .require(
                        !privileged.orElse(false),
                        true,
                        "no container is root of the host: say in confines which namespaces it shares with the host");
    }

    private SecurityContext with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.context();
    }

    /** A copy that can be changed, so that each change names its field only. */
    private static final class Fields {
        Optional<Long> runAsUser;
        Optional<Long> runAsGroup;
        Optional<Boolean> runAsNonRoot;
        Optional<ContainerCapabilities> capabilities;
        Optional<Boolean> readOnlyRootFilesystem;
        Optional<Boolean> allowPrivilegeEscalation;
        Optional<SeccompProfile> seccompProfile;
        Optional<Boolean> privileged;

        Fields(SecurityContext context) {
            runAsUser = context.runAsUser;
            runAsGroup = context.runAsGroup;
            runAsNonRoot = context.runAsNonRoot;
            capabilities = context.capabilities;
            readOnlyRootFilesystem = context.readOnlyRootFilesystem;
            allowPrivilegeEscalation = context.allowPrivilegeEscalation;
            seccompProfile = context.seccompProfile;
            privileged = context.privileged;
        }

        SecurityContext context() {
            return new SecurityContext(
                    runAsUser,
                    runAsGroup,
                    runAsNonRoot,
                    capabilities,
                    readOnlyRootFilesystem,
                    allowPrivilegeEscalation,
                    seccompProfile,
                    privileged);
        }
    }
}
