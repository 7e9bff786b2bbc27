package dev.corral;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.ProcessCalls;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.OneCallFilter;
import dev.corral.testing.Privilege;
import dev.corral.testing.Processes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose memory the payload's last steps, up to exec, are in: looked at while a filter keeps it at its execve. */
class SharedMemoryTest {
    private static final byte[] MARK = "whoever reads this shares it".getBytes(US_ASCII);
    private static final int EXECVE = System.getProperty("os.arch", "").equals("aarch64") ? 221 : 59;
    private static final int SIGKILL = 9;

    @BeforeEach
    void needsToSeeMemoryThatIsNotDumpable() {
        Privilege.SYS_PTRACE.assumeForTheHost();
    }

    @Test
    void initAndPayloadShareOne() throws Exception {
        assertThat(isShared(Namespacing.all())).isTrue();
    }

    /** Nobody else is in there who could be that user. */
    @Test
    void soDoesAnotherUserOfANamespaceOfItsOwn() throws Exception {
        Namespacing.assumeManyIds();
        assertThat(isShared(Namespacing.all(), Identity.of(5, 6))).isTrue();
    }

    /** Others of that user are on the host: where fs.suid_dumpable is 1 they could write what init, who is root, does next. */
    @Test
    void anotherUserOfTheHostHasACopy() throws Exception {
        Namespacing.assumeMayBecome(4711, 4712);
        Confinement init = launch -> launch.namespaces(List.of("pid"));
        assertThat(isShared(init)).isTrue();
        assertThat(isShared(init, Identity.of(4711, 4712))).isFalse();
    }

    @Test
    void whoeverFiltersEarlyHasACopy() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        assertThat(isShared(Command.of("true").with(Namespacing.all()).allowNewPrivileges()))
                .isFalse();
    }

    private static boolean isShared(Confinement... confinements) throws Exception {
        Command command = Command.of("true");
        for (Confinement confinement : confinements) {
            command = command.with(confinement);
        }
        return isShared(command);
    }

    private static boolean isShared(Command command) throws Exception {
        Leftovers before = Leftovers.before();
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Command asking =
                command.with(launch -> launch.seccomp(OneCallFilter.of(EXECVE, OneCallFilter.ASK), descriptor -> {
                    Fd listener = new Fd(descriptor);
                    try {
                        answer.complete(isSharedByTheOneInitOfThisJvm());
                    } catch (Exception failed) {
                        answer.completeExceptionally(failed);
                    } finally {
                        listener.close();
                    }
                    return () -> {};
                }));
        try (Child child = asking.start()) {
            assertThat(child.await().terminatedBy()).contains(Signal.KILL);
        }
        before.assertNothingIsLeft();
        return answer.get(0, TimeUnit.SECONDS);
    }

    private static boolean isSharedByTheOneInitOfThisJvm() throws IOException {
        for (long init : Processes.children()) {
            for (long payload : Processes.childrenOf(init)) {
                // Stage0's stack, which has grown further than anybody needs it now.
                long place = bottomOfTheStack(payload);
                try (RandomAccessFile there = memory(payload, "rw");
                        RandomAccessFile here = memory(init, "r")) {
                    there.seek(place);
                    there.write(MARK);
                    byte[] seen = new byte[MARK.length];
                    here.seek(place);
                    here.readFully(seen);
                    return Arrays.equals(seen, MARK);
                } finally {
                    ProcessCalls.kill((int) init, SIGKILL); // nobody is going to answer the payload
                }
            }
        }
        throw new IllegalStateException("no child of this JVM has a child");
    }

    private static RandomAccessFile memory(long pid, String mode) throws IOException {
        return new RandomAccessFile("/proc/" + pid + "/mem", mode);
    }

    private static long bottomOfTheStack(long pid) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/" + pid + "/maps")).stream()
                .filter(one -> one.endsWith("[stack]"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.substring(0, line.indexOf('-')), 16);
    }
}
