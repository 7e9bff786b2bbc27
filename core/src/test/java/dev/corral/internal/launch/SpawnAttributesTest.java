package dev.corral.internal.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Feature;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.testing.Namespacing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpawnAttributesTest {
    /** In the JVM's process group it got the terminal's ^C, and handed it on to a payload that has no terminal. */
    @Test
    void initIsInNoSessionOfTheJvms() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Launcher launcher = Launcher.load();
        Launched launched =
                Launches.start(launcher, Launches.plan(List.of("user", "pid"), "/bin/cat"), Launches.PATIENCE);
        try {
            assertThat(session(Path.of("/proc/" + launched.pid()))).isNotEqualTo(session(Path.of("/proc/self")));
        } finally {
            Launches.end(launcher, launched);
        }
    }

    /** glibc spawns with signals 32 and 33 ignored unless asked by number, and exec keeps what is ignored. */
    @Test
    void aPayloadIgnoresAndBlocksNoSignal() throws Exception {
        Launcher launcher = Launcher.load();
        int[] pipe = LibC.pipe();
        try (Fd read = new Fd(pipe[0]);
                Fd write = new Fd(pipe[1])) {
            LaunchPlan plan = Launches.plan(List.of(), "/bin/grep", "-E", "Sig(Blk|Ign)", "/proc/self/status");
            int out = write.number();
            LaunchRequest request = new LaunchRequest(plan, List.of(out, out, out));
            Launched launched = launcher.launch(launcher.begin(), request, Launches.PATIENCE);
            assertThat(Launches.end(launcher, launched)).isZero();
            byte[] text = new byte[256];
            int n = LibC.read(read.number(), text, text.length);
            assertThat(new String(text, 0, n, UTF_8))
                    .isEqualTo("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
        }
    }

    private static String session(Path process) throws Exception {
        String stat = Files.readString(process.resolve("stat"));
        return stat.substring(stat.lastIndexOf(')')).split(" ", -1)[4];
    }
}
