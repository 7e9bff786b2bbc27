package dev.corral.namespaces;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Capabilities;
import dev.corral.Feature;
import dev.corral.internal.linux.LibC;
import java.nio.file.Path;

/** What a test needs of whoever runs it: rights and ids, which root of a container may lack and an ordinary user may have. */
public final class Privilege {
    private static final int NET_ADMIN = 12;
    private static final int SYS_PTRACE = 19;
    private static final int SYS_ADMIN = 21;
    /** The number that the first user namespace has on each host. Source: PROC_USER_INIT_INO in linux/proc_ns.h. */
    private static final long FIRST_NAMESPACE = 0xefff_fffdL;

    private Privilege() {}

    /** Whether this JVM has a capability in its own user namespace. Source: proc_pid_status(5). */
    private static boolean has(int capability) {
        String mask = ProcFiles.textOrEmpty(Path.of("/proc/self/status"))
                .lines()
                .filter(line -> line.startsWith("CapEff:"))
                .findFirst()
                .map(line -> line.substring("CapEff:".length()).strip())
                .orElse("0");
        return (Long.parseUnsignedLong(mask, 16) >> capability & 1) == 1;
    }

    /** Whether it is root where all ids are there and belong to the host. */
    public static boolean hostRoot() {
        return LibC.effectiveUser() == 0
                && Namespaces.of(ProcessHandle.current().pid())
                        .get(NamespaceType.USER)
                        .namespace()
                        .equals(new Namespace(NamespaceType.USER, FIRST_NAMESPACE));
    }

    /** Whether it may do with namespaces and mounts what it likes, in a user namespace of whatever kind. */
    public static boolean admin() {
        return has(SYS_ADMIN) && Capabilities.probe().has(Feature.NAMESPACES_WITHOUT_USER);
    }

    /** The same for devices and addresses of networks. */
    public static boolean networkAdmin() {
        return has(NET_ADMIN) && admin();
    }

    /** Whether it may look into processes that are closed to their own user, such as an init. */
    public static boolean mayLook() {
        return has(SYS_PTRACE);
    }

    /** Skips the test for everybody else. */
    static void assumeHostRoot(String why) {
        assumeTrue(hostRoot(), "needs root of the host: " + why);
    }

    /** Skips the test for everybody else. */
    static void assumeAdmin(String why) {
        assumeTrue(has(SYS_ADMIN), "needs CAP_SYS_ADMIN: " + why);
        assumeTrue(
                Capabilities.probe().has(Feature.NAMESPACES_WITHOUT_USER),
                () -> "needs namespaces: " + why + ": "
                        + Capabilities.probe()
                                .whyNot(Feature.NAMESPACES_WITHOUT_USER)
                                .orElse(""));
    }

    /** Skips the test for whoever has CAP_SYS_ADMIN. */
    static void assumeNoAdmin(String why) {
        assumeFalse(has(SYS_ADMIN), "needs a JVM without CAP_SYS_ADMIN: " + why);
    }

    /** Skips the test for whoever has CAP_SYS_PTRACE. */
    static void assumeMayNotLook() {
        assumeFalse(mayLook(), "needs a JVM without CAP_SYS_PTRACE");
    }

    /** Skips the test for root by name. */
    static void assumeOrdinaryUser(String why) {
        assumeTrue(LibC.effectiveUser() != 0, "needs an ordinary user: " + why);
    }
}
