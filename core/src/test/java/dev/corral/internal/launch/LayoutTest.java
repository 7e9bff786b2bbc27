package dev.corral.internal.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.launch.LaunchPlan.Flag;
import dev.corral.internal.launch.LaunchPlan.Mount;
import dev.corral.internal.launch.LaunchPlan.MountKind;
import dev.corral.internal.launch.LaunchPlan.Scalar;
import dev.corral.internal.launch.LaunchPlan.Text;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.ProcessCalls;
import dev.corral.testing.CProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plan, messages and exit record lie in memory as the C compiler lays them out. */
@SuppressWarnings("EnumOrdinal") // the order is what is tested
class LayoutTest {
    private static final String[] HEADER = {
        "magic",
        "version",
        "size",
        "flags",
        "namespaces",
        "group_descriptor",
        "root_descriptor",
        "descriptors",
        "sections",
        "texts",
        "capabilities",
        "landlock_files",
        "landlock_network",
        "landlock_scopes",
        "time_boot",
        "time_monotonic",
        "time_boot_nanos",
        "time_monotonic_nanos",
        "user",
        "group",
        "umask",
        "nice",
        "policy",
        "priority",
        "io_priority",
        "oom_score",
        "columns",
        "rows"
    };
    private static final String[] MOUNT = {"kind", "flags", "target", "source", "data", "descriptor", "mode"};
    private static final String[] RLIMIT = {"resource", "soft", "hard"};
    private static final String[] JOIN = {"descriptor", "kinds"};
    private static final String[] RULE = {"access", "path", "port"};
    private static final String[] PASS = {"descriptor", "number"};
    private static final String[] MESSAGE = {"magic", "type", "stage", "number", "error", "index", "length", "detail"};
    private static final String[] EXIT = {"magic", "status", "user", "system", "max_rss", "step", "error"};
    private static final String[] SECTIONS = {
        "ARGUMENTS",
        "VARIABLES",
        "PROGRAMS",
        "MOUNTS",
        "RLIMITS",
        "JOINS",
        "RULES",
        "PASS",
        "FILTER",
        "CPUS",
        "GROUPS",
        "GROUP_FILES"
    };
    private static final Map<String, String> CLONES = Map.of(
            "user", "USER", "mnt", "NS", "pid", "PID", "net", "NET", "uts", "UTS", "ipc", "IPC", "cgroup", "CGROUP",
            "time", "TIME");
    private static final String[] CONSTANTS = {
        "PLAN_MAGIC",
        "PLAN_MOST",
        "PLAN_NONE",
        "PLAN_FLAGS",
        "CORRAL_PROTOCOL",
        "MESSAGE_MAGIC",
        "MESSAGE_HEAD",
        "WAIT_IDMAP",
        "WAIT_NETWORK",
        "FD_FIXED",
        "FD_MOST",
        "EXIT_MAGIC",
        "RECORD_EXECUTED",
        "STAGE0",
        "STAGE_INIT",
        "STAGE_PAYLOAD",
        "SECTIONS",
        "TEXTS",
        "MOUNT_KINDS"
    };
    /** Distinct values for everything there is. */
    private static final LaunchPlan PLAN = new LaunchPlan(
                    List.of("name", "", "two words"), List.of("A=1", "B="), List.of("/first", "/second"))
            .namespaces(List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup", "time"))
            .text(Text.USER_MAP, "0 1 2\n")
            .text(Text.GROUP_MAP, "3 4 5\n")
            .text(Text.HOST_NAME, "hôte")
            .text(Text.DIRECTORY, "/directory")
            .group(100)
            .groupFile(101)
            .groupFile(102)
            .root(103, "/root")
            .mount(new Mount(MountKind.BIND, 17, "/target", "/source", "data", OptionalInt.of(3), 0644))
            .mount(new Mount(MountKind.READ_ONLY, 0, "/other", "", "", OptionalInt.empty(), 0))
            .rlimit(7, 1024, -1)
            .join(104, List.of("net", "uts"))
            .pathRule(5, "/ruled")
            .portRule(6, 8080)
            .pass(105, 9)
            .capabilities(1, 2, 3, 4, 5L << 32)
            .filter(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})
            .cpus(new long[] {0xf0})
            .ids(1000, 1001, List.of(4_000_000_000L, 7L, 8L));

    private static Map<String, Long> c = Map.of();

    @BeforeAll
    static void ask(@TempDir Path directory) throws Exception {
        StringBuilder lines = new StringBuilder();
        print(lines, "plan_header", HEADER);
        print(lines, "plan_mount", MOUNT);
        print(lines, "plan_rlimit", RLIMIT);
        print(lines, "plan_join", JOIN);
        print(lines, "plan_rule", RULE);
        print(lines, "plan_pass", PASS);
        print(lines, "message", MESSAGE);
        print(lines, "exit_record", EXIT);
        List<String> names = new ArrayList<>(List.of(CONSTANTS));
        Stream.of(LaunchMessage.Type.values()).forEach(type -> names.add("MESSAGE_" + type));
        Stream.of(Flag.values()).forEach(flag -> names.add("PLAN_" + flag));
        Stream.of(Text.values()).forEach(text -> names.add("TEXT_" + text));
        Stream.of(MountKind.values()).forEach(kind -> names.add("MOUNT_" + kind));
        CLONES.values().forEach(flag -> names.add("CLONE_NEW" + flag));
        for (String section : SECTIONS) {
            names.add("SECTION_" + section);
        }
        for (String name : names) {
            lines.append("printf(\"%s %llu\\n\", \"" + name + "\", (unsigned long long)" + name + ");\n");
        }
        String program = "#include <stddef.h>\n#include <stdio.h>\n#include <linux/sched.h>\n#include \"plan.h\"\n"
                + "#include \"protocol.h\"\n#include \"steps.h\"\nint main(void)\n{\n" + lines + "return 0;\n}\n";
        Map<String, Long> answers = new HashMap<>();
        for (String line : CProgram.lines(directory, "layout", program)) {
            int blank = line.indexOf(' ');
            answers.put(line.substring(0, blank), Long.parseLong(line.substring(blank + 1)));
        }
        c = answers;
    }

    private static void print(StringBuilder lines, String struct, String[] fields) {
        for (String field : fields) {
            lines.append("printf(\"%s %zu\\n\", \"" + struct + "." + field + "\", offsetof(struct " + struct + ", "
                    + field + "));\n");
        }
        lines.append("printf(\"%s %zu\\n\", \"" + struct + "\", sizeof(struct " + struct + "));\n");
    }

    private static int of(String name) {
        return Optional.ofNullable(c.get(name)).orElseThrow().intValue();
    }

    /** A plan as the launcher would see it. */
    private record Seen(ByteBuffer bytes) {
        int field(String name) {
            return bytes.getInt(of("plan_header." + name));
        }

        Optional<String> text(Text which) {
            return textAt(bytes.getLong(of("plan_header.texts") + 8 * of("TEXT_" + which)));
        }

        int offset(String section) {
            return bytes.getInt(of("plan_header.sections") + 8 * of("SECTION_" + section));
        }

        int count(String section) {
            return bytes.getInt(of("plan_header.sections") + 8 * of("SECTION_" + section) + 4);
        }

        int number(String section, int index, String struct, String field) {
            return bytes.getInt(offset(section) + index * of(struct) + of(struct + "." + field));
        }

        long large(String section, int index, String struct, String field) {
            return bytes.getLong(offset(section) + index * of(struct) + of(struct + "." + field));
        }

        List<String> table(String section) {
            List<String> texts = new ArrayList<>();
            int at = offset(section);
            assertThat(at % 8).isZero();
            for (int i = 0; i < count(section); i++, at += 8) {
                texts.add(textAt(bytes.getLong(at)).orElseThrow());
            }
            assertThat(bytes.getLong(at)).as("slot behind the table").isZero();
            return texts;
        }

        Optional<String> textAt(long offset) {
            if (offset == 0) {
                return Optional.empty();
            }
            int end = (int) offset;
            while (bytes.get(end) != 0) {
                end++;
            }
            byte[] text = new byte[end - (int) offset];
            bytes.get((int) offset, text);
            return Optional.of(new String(text, UTF_8));
        }
    }

    private static Seen seen(LaunchPlan plan) {
        return new Seen(ByteBuffer.wrap(plan.bytes()).order(ByteOrder.nativeOrder()));
    }

    @Test
    void aPlanIsReadAsItWasWritten() {
        Seen seen = seen(PLAN);
        assertThat(seen.field("magic")).isEqualTo(of("PLAN_MAGIC"));
        assertThat(seen.field("version")).isEqualTo(of("CORRAL_PROTOCOL"));
        assertThat(seen.field("size")).isEqualTo(seen.bytes().capacity());
        assertThat(seen.table("ARGUMENTS")).isEqualTo(PLAN.arguments);
        assertThat(seen.table("VARIABLES")).isEqualTo(PLAN.variables);
        assertThat(seen.table("PROGRAMS")).isEqualTo(PLAN.programs);
        for (Text text : Text.values()) {
            assertThat(seen.text(text)).isEqualTo(Optional.ofNullable(PLAN.texts.get(text)));
        }
        assertThat(seen.offset("ARGUMENTS")).isEqualTo(of("plan_header"));
    }

    @Test
    void entriesLieWhereTheCompilerPutsThem() {
        Seen seen = seen(PLAN);
        assertThat(seen.count("MOUNTS")).isEqualTo(2);
        assertThat(seen.number("MOUNTS", 0, "plan_mount", "kind")).isEqualTo(of("MOUNT_BIND"));
        assertThat(seen.number("MOUNTS", 0, "plan_mount", "flags")).isEqualTo(17);
        assertThat(seen.textAt(seen.large("MOUNTS", 0, "plan_mount", "target"))).contains("/target");
        assertThat(seen.textAt(seen.large("MOUNTS", 0, "plan_mount", "source"))).contains("/source");
        assertThat(seen.textAt(seen.large("MOUNTS", 0, "plan_mount", "data"))).contains("data");
        assertThat(seen.number("MOUNTS", 0, "plan_mount", "descriptor")).isEqualTo(3);
        assertThat(seen.number("MOUNTS", 0, "plan_mount", "mode")).isEqualTo(0644);
        assertThat(seen.textAt(seen.large("MOUNTS", 1, "plan_mount", "target"))).contains("/other");
        assertThat(seen.number("MOUNTS", 1, "plan_mount", "descriptor")).isEqualTo(of("PLAN_NONE"));
        assertThat(seen.number("RLIMITS", 0, "plan_rlimit", "resource")).isEqualTo(7);
        assertThat(seen.large("RLIMITS", 0, "plan_rlimit", "soft")).isEqualTo(1024);
        assertThat(seen.large("RLIMITS", 0, "plan_rlimit", "hard")).isEqualTo(-1);
        assertThat(seen.number("JOINS", 0, "plan_join", "kinds")).isEqualTo(of("CLONE_NEWNET") | of("CLONE_NEWUTS"));
        assertThat(seen.large("RULES", 0, "plan_rule", "access")).isEqualTo(5);
        assertThat(seen.textAt(seen.large("RULES", 0, "plan_rule", "path"))).contains("/ruled");
        assertThat(seen.large("RULES", 1, "plan_rule", "path")).isZero();
        assertThat(seen.large("RULES", 1, "plan_rule", "port")).isEqualTo(8080);
        assertThat(seen.number("PASS", 0, "plan_pass", "number")).isEqualTo(9);
        assertThat(seen.bytes().get(seen.offset("FILTER") + 7)).isEqualTo((byte) 8);
        assertThat(seen.count("FILTER")).isEqualTo(1);
        assertThat(seen.bytes().getLong(seen.offset("CPUS"))).isEqualTo(0xf0);
        assertThat(seen.count("GROUPS")).isEqualTo(3);
        assertThat(seen.bytes().getInt(seen.offset("GROUPS"))).isEqualTo((int) 4_000_000_000L);
    }

    /** The numbers by which the plan knows its descriptors, in the order in which they were registered. */
    @Test
    void descriptorsAreKnownByTheirPlaces() {
        Seen seen = seen(PLAN);
        int first = of("FD_FIXED");
        assertThat(LaunchPlan.FIXED_DESCRIPTORS).isEqualTo(first);
        assertThat(LaunchPlan.MOST_DESCRIPTORS).isEqualTo(of("FD_MOST"));
        assertThat(PLAN.descriptors()).containsExactly(100, 101, 102, 103, 104, 105);
        assertThat(seen.field("descriptors")).isEqualTo(first + 6);
        assertThat(seen.field("group_descriptor")).isEqualTo(first);
        assertThat(seen.bytes().getInt(seen.offset("GROUP_FILES"))).isEqualTo(first + 1);
        assertThat(seen.bytes().getInt(seen.offset("GROUP_FILES") + 4)).isEqualTo(first + 2);
        assertThat(seen.field("root_descriptor")).isEqualTo(first + 3);
        assertThat(seen.number("JOINS", 0, "plan_join", "descriptor")).isEqualTo(first + 4);
        assertThat(seen.number("PASS", 0, "plan_pass", "descriptor")).isEqualTo(first + 5);
    }

    @Test
    void scalarsAndCapabilitiesLieWhereTheCompilerPutsThem() {
        LaunchPlan plan = new LaunchPlan(List.of("a"), List.of(), List.of("/a")).capabilities(1, 2, 3, 4, 5L << 32);
        for (Scalar scalar : Scalar.values()) {
            plan.scalar(scalar, scalar.ordinal() + 1000L);
        }
        Seen seen = seen(plan);
        for (Scalar scalar : Scalar.values()) {
            String name = scalar.name().toLowerCase(Locale.ROOT);
            assertThat(seen.field(name)).as(name).isEqualTo(scalar.ordinal() + 1000);
        }
        assertThat(seen.bytes().getLong(of("plan_header.capabilities"))).isEqualTo(1);
        assertThat(seen.bytes().getLong(of("plan_header.capabilities") + 32)).isEqualTo(5L << 32);
    }

    @Test
    void flagsAndNamespacesHaveTheirBits() {
        LaunchPlan plain = new LaunchPlan(List.of("a"), List.of(), List.of("/a"));
        assertThat(seen(plain).field("flags")).isZero();
        assertThat(seen(plain).field("namespaces")).isZero();
        assertThat(seen(plain).text(Text.USER_MAP)).isEmpty();
        int all = 0;
        for (Flag flag : Flag.values()) {
            LaunchPlan one = new LaunchPlan(List.of("a"), List.of(), List.of("/a")).flag(flag);
            assertThat(seen(one).field("flags")).as(flag.name()).isEqualTo(of("PLAN_" + flag));
            all |= of("PLAN_" + flag);
        }
        assertThat(all).isEqualTo(of("PLAN_FLAGS"));
        CLONES.forEach((kind, flag) -> assertThat(
                        seen(new LaunchPlan(List.of("a"), List.of(), List.of("/a")).namespaces(List.of(kind)))
                                .field("namespaces"))
                .isEqualTo(of("CLONE_NEW" + flag)));
    }

    @Test
    void theListsAreThoseOfTheLauncher() {
        for (Text text : Text.values()) {
            assertThat(of("TEXT_" + text)).isEqualTo(text.ordinal());
        }
        assertThat(Text.values()).hasSize(of("TEXTS"));
        for (MountKind kind : MountKind.values()) {
            assertThat(of("MOUNT_" + kind)).isEqualTo(kind.ordinal() + 1);
        }
        assertThat(MountKind.values()).hasSize(of("MOUNT_KINDS") - 1);
        assertThat(SECTIONS).hasSize(of("SECTIONS"));
        assertThat(LaunchMessage.WAIT_IDMAP).isEqualTo(of("WAIT_IDMAP"));
        assertThat(LaunchMessage.WAIT_NETWORK).isEqualTo(of("WAIT_NETWORK"));
    }

    @Test
    void theLargestPlanIsTheSameForBoth() {
        assertThat(LaunchPlan.MOST_BYTES).isEqualTo(of("PLAN_MOST"));
    }

    @Test
    void aMessageIsReadWhereTheCompilerPutsItsParts() {
        ByteBuffer packet = ByteBuffer.allocate(of("MESSAGE_HEAD") + 4).order(ByteOrder.nativeOrder());
        packet.putInt(of("message.magic"), of("MESSAGE_MAGIC"));
        packet.putShort(of("message.type"), (short) of("MESSAGE_ERROR"));
        packet.putShort(of("message.stage"), (short) of("STAGE_PAYLOAD"));
        packet.putInt(of("message.number"), 7);
        packet.putInt(of("message.error"), 13);
        packet.putInt(of("message.index"), 2);
        packet.putInt(of("message.length"), 4);
        packet.position(of("message.detail"));
        packet.put("/dév".substring(0, 3).getBytes(UTF_8));
        assertThat(LaunchMessage.read(packet.array()))
                .contains(new LaunchMessage(LaunchMessage.Type.ERROR, of("STAGE_PAYLOAD"), 7, 13, 2, 4, "/dé"));
        assertThat(Stage.numbered(of("STAGE0"))).contains(Stage.STAGE0);
        assertThat(Stage.numbered(of("STAGE_INIT"))).contains(Stage.INIT);
        assertThat(Stage.numbered(of("STAGE_PAYLOAD"))).contains(Stage.PAYLOAD);
        assertThat(Stage.numbered(3)).isEmpty();
    }

    @Test
    void typesHaveTheirNumbers() {
        for (LaunchMessage.Type type : LaunchMessage.Type.values()) {
            assertThat(LaunchMessage.Type.numbered((short) of("MESSAGE_" + type)))
                    .contains(type);
        }
        assertThat(LaunchMessage.Type.numbered((short) 0)).isEmpty();
    }

    @Test
    void aHelloSaysWhatTheLauncherLooksFor() {
        ByteBuffer hello = ByteBuffer.wrap(LaunchMessage.hello(1234, 6)).order(ByteOrder.nativeOrder());
        assertThat(hello.capacity()).isEqualTo(of("MESSAGE_HEAD")).isEqualTo(of("message.detail"));
        assertThat(hello.getInt(of("message.magic"))).isEqualTo(of("MESSAGE_MAGIC"));
        assertThat(hello.getShort(of("message.type"))).isEqualTo((short) of("MESSAGE_HELLO"));
        assertThat(hello.getInt(of("message.number"))).isEqualTo(of("CORRAL_PROTOCOL"));
        assertThat(hello.getInt(of("message.index"))).isEqualTo(1234);
        assertThat(hello.getInt(of("message.length"))).isEqualTo(6);
    }

    @Test
    void anExitRecordIsReadWhereTheCompilerPutsItsParts() {
        ByteBuffer record = ByteBuffer.allocate(of("exit_record")).order(ByteOrder.nativeOrder());
        record.putInt(of("exit_record.magic"), of("EXIT_MAGIC"));
        record.putInt(of("exit_record.status"), 137 << 8);
        record.putLong(of("exit_record.user"), 1_000_001);
        record.putLong(of("exit_record.system"), 2_000_002);
        record.putLong(of("exit_record.max_rss"), 3_003);
        record.putInt(of("exit_record.step"), of("RECORD_EXECUTED"));
        ProcessCalls.Waited waited = new ProcessCalls.Waited(137 << 8, 1_000_001, 2_000_002, 3_003);
        assertThat(read(record.array())).contains(waited);
        assertThat(ExitRecord.parse(record.array())).contains(new ExitRecord(waited, Optional.empty()));
        record.putInt(of("exit_record.step"), Step.EXECING.ordinal());
        record.putInt(of("exit_record.error"), Errno.EPIPE);
        assertThat(ExitRecord.parse(record.array()))
                .contains(new ExitRecord(waited, Optional.of(new ExitRecord.Unexecuted(Step.EXECING, Errno.EPIPE))));
        record.putInt(of("exit_record.step"), Step.values().length);
        assertThat(ExitRecord.parse(record.array()))
                .as("a step that nobody knows")
                .isEmpty();
        assertThat(read(new byte[of("exit_record")])).isEmpty();
        assertThat(read(new byte[] {1, 2, 3})).isEmpty();
        assertThat(read(new byte[0])).isEmpty();
    }

    private static Optional<ProcessCalls.Waited> read(byte[] bytes) {
        int[] pipe = LibC.pipe();
        try (Fd read = new Fd(pipe[0]);
                Fd write = new Fd(pipe[1])) {
            LibC.writeAll(write.number(), bytes);
            return ExitRecord.read(read);
        }
    }
}
