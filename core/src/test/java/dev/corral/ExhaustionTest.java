package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.Poller;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A JVM that has no descriptors left. */
class ExhaustionTest {
    @Test
    void aStartWithoutDescriptorsFailsByNameAndLeavesNothing() throws Exception {
        List<String> java = ForkedJvm.commandLine(Poor.class);
        String limited = "ulimit -n 100; exec \"$0\" \"$@\"";
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", limited);
        builder.command().addAll(java);
        assertThat(ForkedJvm.run(builder).ok().output())
                .isEqualTo("failed and recovered\nmany times beside somebody greedy\n");
    }

    /** Starts with ever more descriptors free, from none to enough: each place where they run out comes by. */
    static final class Poor {
        private static final int ENOUGH = 40;
        private static final int KINDS = 4;
        /** BPF_RET | BPF_K with SECCOMP_RET_ALLOW: a filter that could notify, and never does. */
        private static final byte[] ALLOW_ALL = {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f};

        private static final int ROUNDS = 160;

        private Poor() {}

        public static void main(String[] arguments) throws Exception {
            loadEverything();
            theLauncherItselfCanNotBeMade();
            // What there is to choose from stands in files, so it is looked up now.
            Command confined = Command.of("true").with(Namespacing.anyOrNone());
            Leftovers before = Leftovers.before();
            boolean failed = false;
            boolean recovered = false;
            for (int kind = 0; kind < KINDS; kind++) {
                for (int free = 0; free < ENOUGH; free++) {
                    Deque<FileInputStream> taken = takeAll();
                    giveBack(taken, free);
                    boolean started = start(kind, confined);
                    giveBack(taken, taken.size());
                    before.assertNothingIsLeft();
                    failed = failed || !started;
                    recovered = started;
                }
            }
            System.out.println((failed ? "failed" : "") + (recovered ? " and recovered" : ""));
            aTerminalWithoutASecondCopyLeavesNoFirst(before);
            aPollerCanBeClosed(before);
            System.out.println(failsBesideSomebodyGreedy(before, confined) + " times beside somebody greedy");
        }

        /** The first start of all makes the launcher; it is made by a later one then. */
        private static void theLauncherItselfCanNotBeMade() throws IOException {
            Deque<FileInputStream> taken = takeAll();
            giveBack(taken, 1);
            assertThatThrownBy(() -> Command.of("true").start())
                    .isInstanceOf(LauncherUnavailable.class)
                    .hasMessageContaining("EMFILE: the JVM has as many descriptors open as its limit allows");
            giveBack(taken, taken.size());
        }

        private static void aTerminalWithoutASecondCopyLeavesNoFirst(Leftovers before) throws IOException {
            Deque<FileInputStream> taken = takeAll();
            giveBack(taken, 2);
            try (Fd master = new Fd(LibC.open(Path.of("/dev/null"), LibC.O_RDWR));
                    Poller poller = new Poller("corral-none")) {
                assertThatThrownBy(() -> StdioPipes.terminal(master, poller)).hasMessageContaining("EMFILE");
            }
            giveBack(taken, taken.size());
            before.assertNothingIsLeft();
        }

        private static void aPollerCanBeClosed(Leftovers before) throws IOException {
            try (Fd never = new Fd(PollCalls.eventfd())) {
                Poller poller = new Poller("corral-none");
                Poller.Watch watch = poller.watch(never.number());
                watch.once(PollCalls.POLLIN, () -> {});
                Deque<FileInputStream> taken = takeAll();
                watch.close();
                poller.close();
                giveBack(taken, taken.size());
            }
            before.assertNothingIsLeft();
        }

        /** Whatever a launch closes on its way somebody else takes at once: then even the answer's pidfd has no place. */
        private static String failsBesideSomebodyGreedy(Leftovers before, Command confined) throws Exception {
            int failed = 0;
            for (int round = 0; round < ROUNDS; round++) {
                Deque<FileInputStream> taken = takeAll();
                giveBack(taken, round % 16);
                AtomicBoolean done = new AtomicBoolean();
                Thread greedy = new Thread(() -> {
                    while (!done.get()) {
                        taken.addAll(takeAll());
                    }
                });
                greedy.setDaemon(true);
                greedy.start();
                failed += start(round / 16 % KINDS, confined) ? 0 : 1;
                done.set(true);
                greedy.join();
                giveBack(taken, taken.size());
                before.assertNothingIsLeft();
            }
            return failed > ROUNDS / 2 ? "many" : "only " + failed;
        }

        /** Also those in which the launcher has a descriptor for the JVM: a terminal, a listener. */
        private static boolean start(int kind, Command confined) throws InterruptedException {
            Command command = switch (kind) {
                case 0 -> confined;
                case 1 -> Command.of("true");
                case 2 -> Command.of("true").terminal(new Terminal.Size(80, 24));
                default -> Command.of("true").with(launch -> launch.seccomp(ALLOW_ALL, listener -> new Fd(listener)));
            };
            try (Child child = command.start()) {
                child.await();
                return true;
            } catch (SetUpFailed refused) {
                assertThat(refused)
                        .hasMessageContaining("EMFILE: the JVM has as many descriptors open as its limit allows");
                assertThat(refused.failure().orElseThrow().errnoName()).isEqualTo("EMFILE");
                return false;
            }
        }

        private static void giveBack(Deque<FileInputStream> taken, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                taken.pop().close();
            }
        }

        private static Deque<FileInputStream> takeAll() {
            Deque<FileInputStream> taken = new ArrayDeque<>();
            while (true) {
                try {
                    taken.push(new FileInputStream("/dev/null"));
                } catch (IOException noMore) {
                    return taken;
                }
            }
        }

        /** A class that is loaded for the first time takes a descriptor of its own. */
        private static void loadEverything() throws IOException {
            Path root = Path.of(Child.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .getPath());
            try (Stream<Path> classes = Files.walk(root.resolve("dev"))) {
                classes.map(file -> root.relativize(file).toString())
                        .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                        .map(name -> name.substring(0, name.length() - ".class".length())
                                .replace('/', '.'))
                        .forEach(Poor::load);
            } catch (UncheckedIOException failed) {
                throw failed.getCause();
            }
        }

        private static void load(String name) {
            try {
                Class.forName(name);
            } catch (ClassNotFoundException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
