package dev.corral.privileges;

import dev.corral.internal.linux.Errno;
import java.util.Locale;

/**
 * What a filter does with a system call. Source: seccomp(2), {@code linux/seccomp.h}.
 *
 * @param kind which of the kernel's actions
 * @param data the error code for {@link Kind#ERRNO}, 0 to 4095; for {@link Kind#TRAP} and {@link Kind#TRACE} what the signal
 *     handler or tracer is told, 0 to 65535; 0 for the others
 */
public record SeccompAction(Kind kind, int data) {
    private static final int MAX_ERRNO = 4095;
    private static final int DATA = 0xffff;

    /** The kernel's actions, the strictest first. */
    public enum Kind {
        /** SIGSYS ends the whole process. */
        KILL_PROCESS(0x8000_0000),
        /** SIGSYS ends the calling thread; the others go on, whatever they were waiting for. */
        KILL_THREAD(0x0000_0000),
        /** The thread gets a SIGSYS that it may handle. */
        TRAP(0x0003_0000),
        /** The call is left out and answers with an error code; with 0 it seems to have worked. */
        ERRNO(0x0005_0000),
        /** A {@link SeccompHandler} in this JVM decides. */
        NOTIFY(0x7fc0_0000),
        /** A tracer decides; ENOSYS without one. Only programs built elsewhere have it. */
        TRACE(0x7ff0_0000),
        /** The call is made, and stands in the kernel's log. */
        LOG(0x7ffc_0000),
        /** The call is made. */
        ALLOW(0x7fff_0000);

        private final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    /** Refuses data outside its range with an IllegalArgumentException. */
    public SeccompAction {
        int most = kind == Kind.ERRNO ? MAX_ERRNO : kind == Kind.TRAP || kind == Kind.TRACE ? DATA : 0;
        if (data < 0 || data > most) {
            throw new IllegalArgumentException(
                    "data " + data + " for action " + kind + ": it must be between 0 and " + most);
        }
    }

    /** The call is made. */
    public static SeccompAction allow() {
        return new SeccompAction(Kind.ALLOW, 0);
    }

    /** The call is left out and answers with an error code, 0 to 4095; with 0 it seems to have worked. */
    public static SeccompAction errno(int errno) {
        return new SeccompAction(Kind.ERRNO, errno);
    }

    /** The same by name, such as {@code EACCES}; a name the kernel does not define is an IllegalArgumentException. */
    public static SeccompAction errno(String name) {
        return errno(errnoNumber(name));
    }

    /** SIGSYS ends the whole process. */
    public static SeccompAction killProcess() {
        return new SeccompAction(Kind.KILL_PROCESS, 0);
    }

    /** SIGSYS ends the calling thread; the others go on, whatever they were waiting for. */
    public static SeccompAction killThread() {
        return new SeccompAction(Kind.KILL_THREAD, 0);
    }

    /** The thread gets a SIGSYS that it may handle. */
    public static SeccompAction trap() {
        return new SeccompAction(Kind.TRAP, 0);
    }

    /** The call is made, and stands in the kernel's log. */
    public static SeccompAction log() {
        return new SeccompAction(Kind.LOG, 0);
    }

    /** A {@link SeccompHandler} in this JVM decides. */
    public static SeccompAction askHandler() {
        return new SeccompAction(Kind.NOTIFY, 0);
    }

    static int errnoNumber(String name) {
        int number = Errno.number(name);
        if (number == 0) {
            throw new IllegalArgumentException("error code \"" + name + "\" is not known: see errno(3)");
        }
        return number;
    }

    /** What a filter returns for it. */
    int filterValue() {
        return kind.number | data;
    }

    /** What the kernel makes of a filter's answer: an action it does not know kills, an error code is cut to 4095. */
    static SeccompAction ofFilterValue(int value) {
        int data = value & DATA;
        for (Kind kind : Kind.values()) {
            if (kind.number == (value & ~DATA)) {
                return switch (kind) {
                    case ERRNO -> errno(Math.min(data, MAX_ERRNO));
                    case TRAP, TRACE -> new SeccompAction(kind, data);
                    default -> new SeccompAction(kind, 0);
                };
            }
        }
        return killProcess();
    }

    /** Whether the kernel carries the call out. */
    boolean lets() {
        return kind == Kind.ALLOW || kind == Kind.LOG;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case ERRNO -> data == 0 ? "errno 0" : Errno.name(data);
            default -> kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + (data == 0 ? "" : " " + data);
        };
    }
}
