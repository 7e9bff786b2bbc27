package dev.corral.internal.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.testing.CProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plan, messages and exit record lie in memory as the C compiler lays them out. */
class LayoutTest {
    private static final String[] HEADER = {
        "magic",
        "version",
        "size",
        "flags",
        "namespaces",
        "parent",
        "arguments",
        "argument_count",
        "variables",
        "variable_count",
        "programs",
        "program_count",
        "user_map",
        "group_map",
        "host_name",
        "directory"
    };
    private static final String[] MESSAGE = {"magic", "type", "stage", "number", "error", "index", "length", "detail"};
    private static final String[] EXIT = {"magic", "status", "user", "system", "max_rss"};
    private static final String[] CONSTANTS = {
        "PLAN_MAGIC",
        "PLAN_MOST",
        "PLAN_NONE",
        "PLAN_SETGROUPS_DENY",
        "PLAN_LOOPBACK",
        "PLAN_PROC",
        "PLAN_CGROUP2",
        "CORRAL_PROTOCOL",
        "MESSAGE_MAGIC",
        "MESSAGE_HELLO",
        "MESSAGE_PID",
        "MESSAGE_EXECING",
        "MESSAGE_ERROR",
        "MESSAGE_HEAD",
        "EXIT_MAGIC",
        "STAGE0",
        "STAGE_INIT",
        "STAGE_PAYLOAD",
        "CLONE_NEWUSER",
        "CLONE_NEWNS",
        "CLONE_NEWPID",
        "CLONE_NEWNET",
        "CLONE_NEWUTS",
        "CLONE_NEWIPC",
        "CLONE_NEWCGROUP"
    };
    /** Distinct values for everything there is. */
    private static final LaunchPlan PLAN = new LaunchPlan(
            List.of("name", "", "two words"),
            List.of("A=1", "B="),
            List.of("/first", "/second"),
            List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup"),
            Optional.of("0 1 2\n"),
            Optional.of("3 4 5\n"),
            true,
            true,
            true,
            Optional.of("hôte"),
            Optional.of("/directory"));

    private static Map<String, Long> c = Map.of();

    @BeforeAll
    static void ask(@TempDir Path directory) throws Exception {
        StringBuilder lines = new StringBuilder();
        print(lines, "plan_header", HEADER);
        print(lines, "message", MESSAGE);
        print(lines, "exit_record", EXIT);
        for (String name : CONSTANTS) {
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

        Optional<String> text(String name) {
            return field(name) == of("PLAN_NONE") ? Optional.empty() : Optional.of(textAt(field(name)));
        }

        List<String> table(String name, String count) {
            List<String> texts = new ArrayList<>();
            int at = field(name);
            assertThat(at % 8).isZero();
            for (int i = 0; i < field(count); i++, at += 8) {
                texts.add(textAt(bytes.getLong(at)));
            }
            assertThat(bytes.getLong(at)).as("slot behind the table").isZero();
            return texts;
        }

        private String textAt(long offset) {
            int end = (int) offset;
            while (bytes.get(end) != 0) {
                end++;
            }
            byte[] text = new byte[end - (int) offset];
            bytes.get((int) offset, text);
            return new String(text, UTF_8);
        }
    }

    private static Seen seen(LaunchPlan plan, long parent, boolean cgroup2) {
        return new Seen(ByteBuffer.wrap(plan.bytes(parent, cgroup2)).order(ByteOrder.nativeOrder()));
    }

    @Test
    void aPlanIsReadAsItWasWritten() {
        Seen seen = seen(PLAN, 4711, true);
        assertThat(seen.field("magic")).isEqualTo(of("PLAN_MAGIC"));
        assertThat(seen.field("version")).isEqualTo(of("CORRAL_PROTOCOL"));
        assertThat(seen.field("size")).isEqualTo(seen.bytes().capacity());
        assertThat(seen.field("parent")).isEqualTo(4711);
        assertThat(seen.table("arguments", "argument_count")).isEqualTo(PLAN.arguments());
        assertThat(seen.table("variables", "variable_count")).isEqualTo(PLAN.variables());
        assertThat(seen.table("programs", "program_count")).isEqualTo(PLAN.programs());
        assertThat(seen.text("user_map")).isEqualTo(PLAN.userMap());
        assertThat(seen.text("group_map")).isEqualTo(PLAN.groupMap());
        assertThat(seen.text("host_name")).isEqualTo(PLAN.hostname());
        assertThat(seen.text("directory")).isEqualTo(PLAN.directory());
        assertThat(seen.field("arguments")).isEqualTo(of("plan_header"));
    }

    @Test
    void flagsAndNamespacesHaveTheirBits() {
        Seen all = seen(PLAN, 1, true);
        assertThat(all.field("flags"))
                .isEqualTo(of("PLAN_SETGROUPS_DENY") | of("PLAN_LOOPBACK") | of("PLAN_PROC") | of("PLAN_CGROUP2"));
        assertThat(all.field("namespaces"))
                .isEqualTo(of("CLONE_NEWUSER")
                        | of("CLONE_NEWNS")
                        | of("CLONE_NEWPID")
                        | of("CLONE_NEWNET")
                        | of("CLONE_NEWUTS")
                        | of("CLONE_NEWIPC")
                        | of("CLONE_NEWCGROUP"));
        Map.of(
                        "user",
                        "NEWUSER",
                        "mnt",
                        "NEWNS",
                        "pid",
                        "NEWPID",
                        "net",
                        "NEWNET",
                        "uts",
                        "NEWUTS",
                        "ipc",
                        "NEWIPC",
                        "cgroup",
                        "NEWCGROUP")
                .forEach((kind, flag) -> assertThat(
                                seen(with(List.of(kind)), 1, false).field("namespaces"))
                        .isEqualTo(of("CLONE_" + flag)));
        Seen none = seen(with(List.of()), 1, false);
        assertThat(none.field("flags")).isZero();
        assertThat(none.field("namespaces")).isZero();
        assertThat(none.text("user_map")).isEmpty();
        assertThat(none.text("directory")).isEmpty();
    }

    private static LaunchPlan with(List<String> namespaces) {
        return new LaunchPlan(
                List.of("a"),
                List.of(),
                List.of("/a"),
                namespaces,
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                Optional.empty(),
                Optional.empty());
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
        assertThat(read(record.array())).contains(new LibC.Waited(137 << 8, 1_000_001, 2_000_002, 3_003));
        assertThat(read(new byte[of("exit_record")])).isEmpty();
        assertThat(read(new byte[] {1, 2, 3})).isEmpty();
        assertThat(read(new byte[0])).isEmpty();
    }

    private static Optional<LibC.Waited> read(byte[] bytes) {
        int[] pipe = LibC.pipe();
        try (Fd read = new Fd(pipe[0]);
                Fd write = new Fd(pipe[1])) {
            LibC.writeAll(write.number(), bytes);
            return ExitRecord.read(read);
        }
    }
}
