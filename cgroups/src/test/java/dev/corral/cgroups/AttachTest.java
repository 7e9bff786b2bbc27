package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.internal.linux.LibC;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes that exist already are moved into groups of the real kernel. */
@Tag("v2")
class AttachTest extends RealGroups {
    @Test
    void aProcessIsMovedInEveryHierarchy() {
        try (Cgroup group = host.create(name)) {
            Process sleeper = shell("exec sleep 600");

            group.attach(sleeper);

            assertThat(group.members().pids()).containsExactly(sleeper.pid());
            assertThat(memberships(sleeper.toHandle()).stream().filter(line -> line.endsWith(name)))
                    .hasSameSizeAs(group.paths());
        }
    }

    @Test
    void severalAreMovedInARow() {
        try (Cgroup group = host.create(name)) {
            List<Process> sleepers =
                    Stream.generate(() -> shell("exec sleep 600")).limit(5).toList();

            group.attach(sleepers.stream().map(Process::toHandle).toList());

            assertThat(group.members().pids())
                    .containsExactlyElementsOf(
                            sleepers.stream().map(Process::pid).sorted().toList());
        }
    }

    @Test
    void childrenOfItStayAndLaterOnesAreBornInside() throws Exception {
        try (Cgroup group = host.create(name)) {
            Process shell = shell("sleep 61 & read -r line; sleep 62");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> shell.toHandle().children().count() == 1);

            group.attach(shell);
            shell.getOutputStream().write('\n');
            shell.getOutputStream().flush();

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> group.members().pids().size() == 2);
            shell.descendants()
                    .filter(child -> !group.members().pids().contains(child.pid()))
                    .forEach(ProcessHandle::destroy);
        }
    }

    @Test
    void oneThatHasEndedIsGone() throws Exception {
        try (Cgroup group = host.create(name)) {
            Process brief = shell("exit 0");
            brief.waitFor();

            assertThatThrownBy(() -> group.attach(brief))
                    .hasMessageEndingWith("it has ended")
                    .asInstanceOf(type(ProcessGone.class))
                    .satisfies(e -> assertThat(e.pid()).isEqualTo(brief.pid()));
        }
    }

    /** For a zombie the kernel says that it was moved, and moves nothing. */
    @Test
    void aZombieIsGone() throws Exception {
        try (Cgroup group = host.create(name)) {
            ProcessHandle zombie = childThatNobodyReaps();
            zombie.destroyForcibly();
            await().atMost(LIMIT).until(() -> isZombie(zombie.pid()));

            assertThatThrownBy(() -> group.attach(zombie)).isInstanceOf(ProcessGone.class);
            assertThat(group.members().pids()).isEmpty();
        }
    }

    /** It dies between the look and the write, which the kernel answers with success. */
    @Test
    void aProcessThatDiesWhileItIsMovedIsGone() throws Exception {
        try (Cgroup group = host.create(name)) {
            ProcessHandle dying = childThatNobodyReaps();
            Held killing = new Held(group.host().host().tree()) {
                @Override
                public void write(Path directory, long inode, String file, String text) {
                    dying.destroyForcibly();
                    await().atMost(LIMIT).until(() -> isZombie(dying.pid()));
                    super.write(directory, inode, file, text);
                }
            };
            Attachment attachment = new Attachment(
                    group.host().host(),
                    group.directories().stream()
                            .map(directory -> directory.through(killing))
                            .toList());

            assertThatThrownBy(() -> attachment.process(dying))
                    .hasMessageEndingWith("it has ended")
                    .asInstanceOf(type(ProcessGone.class))
                    .satisfies(e -> assertThat(e.pid()).isEqualTo(dying.pid()));
            assertThat(group.members().pids()).isEmpty();
        }
    }

    /** Of a shell that becomes a program which reaps nobody. */
    private ProcessHandle childThatNobodyReaps() throws IOException {
        Process parent = shell("sleep 600 & echo $!; exec sleep 600");
        BufferedReader said = parent.inputReader();
        said.readLine();
        long child = Long.parseLong(said.readLine());
        // until then it is a shell, which does reap
        await().atMost(LIMIT)
                .until(() -> text(Path.of("/proc/" + parent.pid() + "/comm")).equals("sleep"));
        return ProcessHandle.of(child).orElseThrow();
    }

    private static boolean isZombie(long pid) {
        return text(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    }

    @Test
    void aKernelThreadIsLeftWhereItIs() {
        ProcessHandle kthreadd = ProcessHandle.of(2).orElse(ProcessHandle.current());
        assumeTrue(
                kthreadd.pid() == 2
                        && LibC.effectiveUser() == 0
                        && text(Path.of("/proc/2/comm")).equals("kthreadd"),
                "needs root of the machine's pid namespace");
        try (Cgroup group = host.create(name)) {
            assertThatThrownBy(() -> group.attach(kthreadd))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining("EINVAL, pid 2 is a kernel thread");
        }
    }

    /** The race of the kernel's "not yet": a process that forks all the time is moved again and again. */
    @Test
    void processesBeingBornAreMovedInTheEnd() throws Exception {
        try (Cgroup group = host.create(name);
                Cgroup other = host.create(name + "-b")) {
            Process storm = shell("while :; do (exit 0); done");
            for (int i = 0; i < 50; i++) {
                (i % 2 == 0 ? group : other).attach(storm);
            }
            assertThat(other.members().pids()).contains(storm.pid());
            assertThat(other.kill(Duration.ofSeconds(60)).ok()).isTrue();
        }
    }

    @Test
    void aProcessThatEndsMeanwhileIsGoneAndNothingElse() throws Exception {
        try (Cgroup group = host.create(name)) {
            for (int i = 0; i < 40; i++) {
                Process brief = shell("exit 0");
                try {
                    group.attach(brief);
                } catch (ProcessGone e) {
                    assertThat(e.pid()).isEqualTo(brief.pid());
                }
                brief.waitFor();
            }
            group.delete(DeletePolicy.EMPTY_ONLY);
        }
    }

    @Test
    void aThreadIsMovedAlone() throws Exception {
        try (Cgroup group = host.create(name)) {
            assumeTrue(!(group instanceof CgroupV2), "version 2 moves threads within a threaded domain only");
            List<Long> threads = new ArrayList<>();
            Thread thread = new Thread(() -> {
                threads.add(thread());
                synchronized (threads) {
                    threads.notifyAll();
                }
                java.util.concurrent.locks.LockSupport.park();
            });
            thread.setDaemon(true);
            synchronized (threads) {
                thread.start();
                while (threads.isEmpty()) {
                    threads.wait();
                }
            }

            group.attachThread(threads.get(0));

            assertThat(group.members().threads()).containsExactly(threads.get(0));
            assertThat(group.kill(Duration.ZERO).survivors())
                    .as("a JVM that moved one of its threads does not kill itself")
                    .extracting(Survivor::pid)
                    .containsExactly(ProcessHandle.current().pid());
            java.util.concurrent.locks.LockSupport.unpark(thread);
            // for the kernel a thread ends a little later than for Java
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> group.members().threads().isEmpty());
        }
    }

    private static long thread() {
        try {
            return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/thread-self"))
                    .getFileName()
                    .toString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void noThreadHasANumberBelowOne() {
        try (Cgroup group = host.create(name)) {
            assertThatIllegalArgumentException().isThrownBy(() -> group.attachThread(0));
        }
    }

    @Test
    void aGroupThatIsGoneTakesNobody() {
        Cgroup group = host.create(name);
        group.delete();

        assertThatThrownBy(() -> group.attach(ProcessHandle.current())).isInstanceOf(CgroupGone.class);
        assertThat(memberships(ProcessHandle.current())).noneMatch(line -> line.contains(name));
    }

    @Test
    void aLaterGroupOfTheSameNameTakesNobodyForTheEarlier() {
        Cgroup group = host.create(name);
        group.delete();
        try (Cgroup later = host.create(name)) {
            Process sleeper = shell("exec sleep 600");

            assertThatThrownBy(() -> group.attach(sleeper)).isInstanceOf(CgroupGone.class);
            assertThatThrownBy(() -> group.apply(Limits.none().pids(1))).isInstanceOf(CgroupGone.class);
            group.kill();
            group.close();

            assertThat(later.members().pids()).isEmpty();
            assertThat(later.paths()).allMatch(Files::exists);
            assertThat(sleeper.isAlive()).isTrue();
            assertThat(later.id()).isNotEqualTo(group.id());
        }
    }
}
