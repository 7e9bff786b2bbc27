package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Launch.IdRange;
import dev.corral.internal.linux.LibC;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a JVM that runs confined itself finds out about the place is what its launches come to there. */
class NestedProbeTest {
    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    private static final int CLONE = ARM ? 220 : 56;
    private static final int CLONE3 = 435;
    private static final int UNSHARE = ARM ? 97 : 272;
    private static final int SETNS = ARM ? 268 : 308;
    private static final int MOUNT = ARM ? 40 : 165;
    /** CLONE_NEW… but time, which clone has no bit for. */
    private static final int NEW_NAMESPACES = 0x7e02_0000;

    private static final int EPERM = 0x0005_0001;
    private static final int ENOSYS = 0x0005_0026;
    private static final int ALLOW = 0x7fff_0000;

    private static List<String> answers(Confinement place) throws Exception {
        List<String> line = ForkedJvm.commandLine(Verdicts.class);
        return Outputs.of(Command.of(line).with(place)).lines().toList();
    }

    @Test
    void inAContainerWithAMaskedProc() throws Exception {
        Namespacing.assumeHas(Feature.PROC);
        List<String> answers = answers(launch -> {
            List<IdRange> users = List.of(new IdRange(0, LibC.effectiveUser(), 1));
            List<IdRange> groups = List.of(new IdRange(0, LibC.effectiveGroup(), 1));
            launch.namespaces(List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup"))
                    .idMaps(users, groups)
                    .newProc()
                    .root()
                    .mask(Path.of("/proc/uptime"))
                    .readOnly(Path.of("/proc/sys"));
        });
        assertThat(answers).contains("alike").noneMatch(line -> line.startsWith("differs"));
        assertThat(answers)
                .anyMatch(line -> line.startsWith("missing PROC: proc: EPERM")
                        && line.contains("an outer container hides parts of its /proc"))
                .anyMatch(line -> line.startsWith("missing OTHER_USERS"))
                .noneMatch(line -> line.startsWith("missing USER_NAMESPACE"))
                .noneMatch(line -> line.startsWith("missing ROOT:"))
                .noneMatch(line -> line.startsWith("missing NET_NAMESPACE"));
    }

    @Test
    void underAProfileThatForbidsNamespaces() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        List<String> answers = answers(launch -> launch.seccomp(noNamespaces()));
        assertThat(answers).contains("alike").noneMatch(line -> line.startsWith("differs"));
        assertThat(answers)
                .anyMatch(line -> line.startsWith("missing USER_NAMESPACE: clone: EPERM")
                        && line.contains("a seccomp profile around this JVM forbids namespaces"))
                .anyMatch(line -> line.startsWith("missing ROOT:"))
                .noneMatch(line -> line.startsWith("missing LAUNCH"))
                .noneMatch(line -> line.startsWith("missing SECCOMP"))
                .noneMatch(line -> line.startsWith("missing LANDLOCK:"));
    }

    /** Like the profile of a container engine: clone3 is not there, because its flags can't be looked at. */
    private static byte[] noNamespaces() {
        ByteBuffer program = ByteBuffer.allocate(11 * 8).order(ByteOrder.nativeOrder());
        instruction(program, 0x20, 0, 0, 0); // A = number
        instruction(program, 0x15, 8, 0, CLONE3); // to ENOSYS
        instruction(program, 0x15, 6, 0, UNSHARE); // to EPERM
        instruction(program, 0x15, 5, 0, SETNS);
        instruction(program, 0x15, 4, 0, MOUNT);
        instruction(program, 0x15, 0, 2, CLONE); // or to ALLOW
        instruction(program, 0x20, 0, 0, 16); // A = low half of the first argument
        instruction(program, 0x45, 1, 0, NEW_NAMESPACES); // any of these bits: to EPERM
        instruction(program, 0x06, 0, 0, ALLOW);
        instruction(program, 0x06, 0, 0, EPERM);
        instruction(program, 0x06, 0, 0, ENOSYS);
        return program.array();
    }

    private static void instruction(ByteBuffer program, int code, int yes, int no, int value) {
        program.putShort((short) code).put((byte) yes).put((byte) no).putInt(value);
    }

    /** Compares each verdict with a launch, and tells the reasons of what is missing. */
    static final class Verdicts {
        private Verdicts() {}

        public static void main(String[] arguments) {
            Capabilities here = Capabilities.probe();
            boolean alike = Arrays.stream(Feature.values())
                            .filter(feature -> differs(here, feature))
                            .count()
                    == 0;
            here.missing()
                    .forEach(feature -> System.out.println("missing " + feature.name() + ": "
                            + here.whyNot(feature).orElse("")));
            System.out.println(alike ? "alike" : "not alike");
        }

        private static boolean differs(Capabilities here, Feature feature) {
            boolean ran;
            String how = "it ran";
            try (Child child = Trials.of(feature).start()) {
                throw new IllegalStateException("a directory has been executed: " + child);
            } catch (ExecFailed failed) {
                ran = failed.failure().orElseThrow().step().equals("exec");
            } catch (CorralException refused) {
                ran = false;
                how = String.valueOf(refused.getMessage());
            }
            if (ran != here.has(feature)) {
                System.out.println("differs " + feature.name() + ": " + how);
            }
            return ran != here.has(feature);
        }
    }
}
