package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.CGROUP;
import static dev.corral.namespaces.NamespaceType.IPC;
import static dev.corral.namespaces.NamespaceType.MNT;
import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.PID;
import static dev.corral.namespaces.NamespaceType.TIME;
import static dev.corral.namespaces.NamespaceType.USER;
import static dev.corral.namespaces.NamespaceType.UTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corral.Child;
import dev.corral.Command;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(SkippedWhereRefused.class)
class CallTest {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final String WHY = "a lambda in a namespace takes CAP_SYS_ADMIN";

    private static Namespace own(NamespaceType type) throws IOException {
        Path link = Path.of("/proc/thread-self/ns", type.kernelName());
        return Namespace.parse(Files.readSymbolicLink(link).toString()).orElseThrow();
    }

    /** What each thread of this JVM is in, by its number. */
    private static Map<String, Collection<Namespace>> threads() throws IOException {
        Map<String, Collection<Namespace>> all = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                all.put(task.getFileName().toString(), namespaces(task));
            }
        }
        return all;
    }

    /** None of a thread that has ended. */
    private static Collection<Namespace> namespaces(Path task) {
        Path directory = Path.of("/proc/self/task");
        try {
            return ProcessNamespaces.read(
                            directory, Long.parseLong(task.getFileName().toString()))
                    .asMap()
                    .values();
        } catch (NamespacesUnreadable gone) {
            return List.of();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MNT", "NET", "UTS", "IPC", "CGROUP"})
    void workRunsInANamespaceOfItsOwn(NamespaceType type) throws Exception {
        Privilege.assumeAdmin(WHY);
        Namespace before = own(type);
        Namespace inside = Namespaces.unshare(type).call(() -> own(type));
        assertThat(inside).isNotEqualTo(before);
        assertThat(own(type)).isEqualTo(before);
    }

    @Test
    void noOtherThreadOfTheJvmIsTouchedAndItsOwnIsGoneAfterwards() throws Exception {
        Privilege.assumeAdmin(WHY);
        Isolation isolation = Namespaces.unshare(MNT, NET, UTS, IPC, CGROUP);
        Map<NamespaceType, Namespace> own =
                Namespaces.of(ProcessHandle.current().pid()).asMap();
        // Another test's thread may be on its way out of elsewhere.
        Map<String, Collection<Namespace>> before = threads();
        AtomicReference<String> worker = new AtomicReference<>();
        Map<String, Collection<Namespace>> during = isolation.call(() -> {
            Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            worker.set(self.getFileName().toString());
            return threads();
        });
        assertThat(during.remove(worker.get()))
                .hasSameSizeAs(own.values())
                .doesNotContainAnyElementsOf(
                        isolation.types().stream().map(own::get).toList());
        assertThat(during).hasSizeGreaterThan(1);
        assertWhereTheyWere(during, before, own.values());
        await().pollInSameThread().untilAsserted(() -> assertThat(threads()).doesNotContainKey(worker.get()));
        assertWhereTheyWere(threads(), before, own.values());
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("corral-namespaces"));
    }

    /** Those that have begun since, where the test's is. */
    private static void assertWhereTheyWere(
            Map<String, Collection<Namespace>> threads,
            Map<String, Collection<Namespace>> before,
            Collection<Namespace> home) {
        threads.forEach((thread, theirs) ->
                assertThat(before.getOrDefault(thread, home)).as(thread).containsAll(theirs));
    }

    @Test
    void whatIsolationSetsUpIsSetUpHereToo() throws Exception {
        Privilege.assumeAdmin(WHY);
        String host = Files.readString(HOST_NAME);
        Isolation isolation = Isolation.full().without(USER, PID).hostname("elsewhere");
        isolation.call(() -> {
            assertThat(Files.readString(HOST_NAME)).isEqualTo("elsewhere\n");
            assertThat(Files.readAllLines(Path.of("/proc/thread-self/net/dev"))).hasSize(3); // two of them headings
            assertThat(NetworkInterface.getByName("lo").isUp()).isTrue();
            return isolation;
        });
        assertThat(Files.readString(HOST_NAME)).isEqualTo(host);
        assertThat(Namespaces.unshare(NET)
                        .call(() -> NetworkInterface.getByName("lo").isUp()))
                .isFalse();
    }

    @Test
    void aMountMadeInsideShowsNowhereElse(@TempDir Path directory) throws Exception {
        Privilege.assumeAdmin(WHY);
        Path file = Files.createFile(directory.resolve("file"));
        try (NamespaceHandle uts = Namespaces.create(UTS)) {
            Namespaces.unshare(MNT).call(() -> {
                uts.keepAt(file);
                assertThat(Files.readString(Path.of("/proc/thread-self/mountinfo")))
                        .contains(file + " ");
                assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(file.toString());
                return uts;
            });
        }
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(file.toString());
    }

    @ParameterizedTest
    @EnumSource(names = {"MNT", "NET", "UTS", "IPC", "CGROUP"})
    void workRunsInTheNamespaceOfAChild(NamespaceType type) throws Exception {
        Privilege.assumeAdmin(WHY);
        // Not a pid namespace: the JVM's threads are not in the /proc of a child that has one.
        Isolation isolation = Isolation.full().without(PID);
        try (Child child = Command.of("cat").with(isolation).start();
                NamespaceHandle handle = Namespaces.open(child.payloadPid(), type)) {
            assertThat(handle.type()).isEqualTo(type);
            Namespace inside = handle.call(() -> own(handle.type()));
            assertThat(inside).isEqualTo(handle.namespace());
            assertThat(Namespaces.of(child.payloadPid()).get(type).<Namespace, IOException>call(() -> own(type)))
                    .isEqualTo(inside);
        }
    }

    @Test
    void whatWorkThrowsComesOutAsItIs() {
        Privilege.assumeAdmin(WHY);
        IOException checked = new FileNotFoundException("checked");
        assertThatThrownBy(() -> Namespaces.unshare(UTS).call(() -> {
                    throw checked;
                }))
                .isSameAs(checked);
        Error error = new StackOverflowError("error");
        assertThatThrownBy(() -> Namespaces.unshare(UTS).call(() -> {
                    throw error;
                }))
                .isSameAs(error);
        assertThat(Namespaces.unshare(UTS).call(() -> 1 + 1)).isEqualTo(2); // nothing checked to be caught
    }

    @Test
    void anInterruptGoesToTheWorkWhichIsWaitedFor() throws Exception {
        Privilege.assumeAdmin(WHY);
        CountDownLatch never = new CountDownLatch(1);
        List<String> steps = new ArrayList<>();
        Thread caller = new Thread(() -> {
            try {
                Namespaces.unshare(UTS).call(() -> {
                    try {
                        never.await();
                        return 0;
                    } finally {
                        steps.add("worker ended");
                    }
                });
            } catch (InterruptedException passedOn) {
                steps.add("interrupted, flag " + Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        caller.interrupt();
        caller.join();
        assertThat(steps).containsExactly("worker ended", "interrupted, flag false");
    }

    @Test
    void aCallerWhoseWorkDidNotMindStaysInterrupted() throws Exception {
        Privilege.assumeAdmin(WHY);
        Thread.currentThread().interrupt();
        int result = Namespaces.unshare(UTS).call(() -> 7);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(result).isEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(names = {"USER", "PID", "TIME"})
    void kindsThatAThreadCanNotHaveAreRefusedWithWhatToDoInstead(NamespaceType type) throws Exception {
        assertThatThrownBy(() -> Namespaces.unshare(type, UTS).call(() -> 0))
                .isInstanceOf(ImpossibleCall.class)
                .hasMessageContaining("a lambda can't run in a " + type.kernelName() + " namespace: ")
                .hasMessageContaining("Command.with(...)");
        try (NamespaceHandle own = Namespaces.open(ProcessHandle.current().pid(), type)) {
            assertThatThrownBy(() -> own.call(() -> 0)).isInstanceOf(ImpossibleCall.class);
        }
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertThatThrownBy(() -> Namespaces.unshare(NET).hostname("a").call(() -> 0))
                .isInstanceOf(ImpossibleCall.class)
                .hasMessage("a host name needs a new uts namespace");
        assertThatThrownBy(() ->
                        Namespaces.unshare(NET).idMap(IdMap.range(0, 1000, 1)).call(() -> 0))
                .isInstanceOf(ImpossibleCall.class);
    }

    @Test
    void anOrdinaryUserIsToldWhatItTakes() throws Exception {
        Privilege.assumeNoAdmin("root may do this");
        assertThatThrownBy(() -> Namespaces.unshare(UTS).call(() -> 0))
                .isInstanceOf(NamespaceRefused.class)
                .hasMessageContaining("can't run a lambda in new namespaces [UTS]: unshare: EPERM")
                .hasMessageContaining("CAP_SYS_ADMIN");
        try (NamespaceHandle own = Namespaces.open(ProcessHandle.current().pid(), UTS)) {
            assertThatThrownBy(() -> own.call(() -> 0))
                    .isInstanceOf(NamespaceRefused.class)
                    .hasMessageContaining("setns: EPERM");
        }
    }

    @Test
    void theKindsOfferedAreThoseTheKernelGivesToThreads() {
        assertThat(Set.of(NamespaceType.values()).stream().filter(type -> !ThreadNamespaces.possible(type)))
                .containsExactlyInAnyOrder(USER, PID, TIME);
    }
}
