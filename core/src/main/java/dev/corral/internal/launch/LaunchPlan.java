package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.LibC;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One launch as data, laid out as {@code struct plan_header} of {@code plan.h}: header, three tables, texts.
 *
 * @param arguments what the program sees, its own name first; not empty
 * @param variables {@code NAME=value}
 * @param programs paths to try in turn, as execvp would; not empty
 * @param namespaces names of {@code /proc/PID/ns}
 * @param userMap text for uid_map
 * @param groupMap text for gid_map
 * @param denySetgroups whether setgroups is switched off before the group map is written
 */
public record LaunchPlan(
        List<String> arguments,
        List<String> variables,
        List<String> programs,
        List<String> namespaces,
        Optional<String> userMap,
        Optional<String> groupMap,
        boolean denySetgroups,
        boolean loopback,
        boolean newProc,
        Optional<String> hostname,
        Optional<String> directory) {
    /** What the launcher takes, in bytes. */
    public static final int MOST_BYTES = 16 << 20;

    private static final int MAGIC = 0x504c5243;
    private static final int NONE = -1;
    private static final int HEADER = 64;

    private static final int SETGROUPS_DENY = 1;
    private static final int LOOPBACK = 2;
    private static final int PROC = 4;
    private static final int CGROUP2 = 8;
    /** CLONE_NEW… of sched.h. */
    private static final Map<String, Integer> CLONE = Map.of(
            "mnt", 0x0002_0000,
            "cgroup", 0x0200_0000,
            "uts", 0x0400_0000,
            "ipc", 0x0800_0000,
            "user", 0x1000_0000,
            "pid", 0x2000_0000,
            "net", 0x4000_0000);

    /** The plan's bytes for a launcher whose parent is this JVM. */
    byte[] bytes(long parent, boolean cgroup2) {
        Texts texts = new Texts(HEADER + 8 * (arguments.size() + variables.size() + programs.size() + 3));
        List<Long> argumentSlots = texts.all(arguments);
        List<Long> variableSlots = texts.all(variables);
        List<Long> programSlots = texts.all(programs);
        int userMapAt = texts.optional(userMap);
        int groupMapAt = texts.optional(groupMap);
        int hostnameAt = texts.optional(hostname);
        int directoryAt = texts.optional(directory);
        byte[] pool = texts.bytes.toByteArray();
        if (texts.start + pool.length > MOST_BYTES) {
            // What the kernel would answer, whose own limit is lower as a rule.
            throw new StepFailed(Step.EXEC, Stage.PAYLOAD, Errno.E2BIG, 0, programs.get(0));
        }

        int argumentsAt = HEADER;
        int variablesAt = argumentsAt + 8 * (arguments.size() + 1);
        int programsAt = variablesAt + 8 * (variables.size() + 1);
        ByteBuffer plan = ByteBuffer.allocate(texts.start + pool.length).order(ByteOrder.nativeOrder());
        plan.putInt(MAGIC).putInt(LaunchMessage.PROTOCOL).putInt(plan.capacity());
        plan.putInt((denySetgroups ? SETGROUPS_DENY : 0)
                | (loopback ? LOOPBACK : 0)
                | (newProc ? PROC : 0)
                | (cgroup2 ? CGROUP2 : 0));
        plan.putInt(namespaces.stream().mapToInt(CLONE::get).reduce(0, (a, b) -> a | b));
        plan.putInt((int) parent);
        plan.putInt(argumentsAt).putInt(arguments.size());
        plan.putInt(variablesAt).putInt(variables.size());
        plan.putInt(programsAt).putInt(programs.size());
        plan.putInt(userMapAt).putInt(groupMapAt).putInt(hostnameAt).putInt(directoryAt);
        for (List<Long> table : List.of(argumentSlots, variableSlots, programSlots)) {
            table.forEach(plan::putLong);
            plan.putLong(0);
        }
        return plan.put(pool).array();
    }

    private static final class Texts {
        private final int start;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

        Texts(int start) {
            this.start = start;
        }

        List<Long> all(List<String> texts) {
            List<Long> offsets = new ArrayList<>(texts.size());
            texts.forEach(text -> offsets.add((long) add(text)));
            return offsets;
        }

        int optional(Optional<String> text) {
            return text.map(this::add).orElse(NONE);
        }

        private int add(String text) {
            int offset = start + bytes.size();
            bytes.writeBytes(LibC.cString(text));
            return offset;
        }
    }
}
