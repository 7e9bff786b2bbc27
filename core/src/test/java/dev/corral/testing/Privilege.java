package dev.corral.testing;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What root has and root by name may lack: a capability of this JVM. One in a user namespace below the first counts for what
 * belongs to that namespace, such as its ids; for what is the host's, such as its processors, it is none. Source:
 * capabilities(7), user_namespaces(7).
 *
 * <p>Used in JVMs, too, whose output a test reads; AssertJ has the newest JDKs warn there.
 */
public enum Privilege {
    CHOWN(0),
    DAC_READ_SEARCH(2),
    SETGID(6),
    SETUID(7),
    SETPCAP(8),
    SYS_PTRACE(19),
    SYS_ADMIN(21),
    SYS_NICE(23),
    SYS_RESOURCE(24);

    /** The first user namespace has the same number on each host. Source: PROC_USER_INIT_INO in linux/proc_ns.h. */
    private static final String FIRST_NAMESPACE = "user:[4026531837]";

    private final int bit;

    Privilege(int bit) {
        this.bit = bit;
    }

    /** Whether this JVM has it in the user namespace that it is in. */
    public boolean isHere() {
        try {
            return (Status.of(ProcessHandle.current().pid()).mask("CapEff") >> bit & 1) == 1;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whether this JVM has it for what belongs to the host. */
    public boolean isForTheHost() {
        try {
            String namespace =
                    Files.readSymbolicLink(Path.of("/proc/self/ns/user")).toString();
            return isHere() && namespace.equals(FIRST_NAMESPACE);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Skips the test if this JVM, and so all that it starts, runs with no_new_privs. */
    public static void assumeNewOnesAreAllowed() throws IOException {
        assumeTrue(
                "0".equals(Status.of(ProcessHandle.current().pid()).get("NoNewPrivs")),
                "needs a JVM without no_new_privs");
    }

    /** Skips the test without it. */
    public void assumeHere() {
        assumeTrue(isHere(), "needs CAP_" + this);
    }

    /** Skips the test without it. */
    public void assumeForTheHost() {
        assumeTrue(isForTheHost(), "needs CAP_" + this + " of the host");
    }

    /** Skips the test with it. */
    public void assumeNotHere() {
        assumeFalse(isHere(), "needs a JVM without CAP_" + this);
    }

    /** Skips the test with it. */
    public void assumeNotForTheHost() {
        assumeFalse(isForTheHost(), "needs a JVM without CAP_" + this + " of the host");
    }
}
