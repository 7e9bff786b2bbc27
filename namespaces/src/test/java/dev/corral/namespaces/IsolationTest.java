package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.PID;
import static dev.corral.namespaces.NamespaceType.TIME;
import static dev.corral.namespaces.NamespaceType.USER;
import static dev.corral.namespaces.NamespaceType.UTS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.Exit;
import dev.corral.ImpossibleLaunch;
import dev.corral.Launch.IdRange;
import dev.corral.NamespaceDenied;
import dev.corral.internal.linux.LibC;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(SkippedWhereRefused.class)
class IsolationTest {
    private static final Map<NamespaceType, Namespace> HOST =
            Namespaces.of(ProcessHandle.current().pid()).asMap();

    static String run(Confinement confinement, String script) throws Exception {
        try (Child child = Command.of("sh", "-c", script).with(confinement).start()) {
            child.getOutputStream().close();
            String output = new String(child.getInputStream().readAllBytes(), UTF_8);
            String errors = new String(child.getErrorStream().readAllBytes(), UTF_8);
            assertThat(errors).isEmpty();
            assertThat(child.await()).matches(Exit::ok);
            return output;
        }
    }

    private static Set<NamespaceType> changed(Child child) {
        Map<NamespaceType, Namespace> inside = Namespaces.of(child.payloadPid()).asMap();
        Set<NamespaceType> changed = EnumSet.noneOf(NamespaceType.class);
        HOST.forEach((type, namespace) -> {
            if (!namespace.equals(inside.get(type))) {
                changed.add(type);
            }
        });
        return changed;
    }

    @Test
    void fullGivesAllSevenAndNothingOfTheHost() throws Exception {
        try (Child child = Command.of("cat").with(Isolation.full()).start()) {
            assertThat(changed(child)).isEqualTo(EnumSet.complementOf(EnumSet.of(TIME)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachKindCanBeHadAlone(NamespaceType type) {
        boolean root = Privilege.admin();
        Isolation isolation = root || type == USER ? Namespaces.unshare(type) : Namespaces.unshare(type, USER);
        try (Child child = Command.of("cat").with(isolation).start()) {
            assertThat(changed(child)).isEqualTo(root ? EnumSet.of(type) : EnumSet.of(type, USER));
        }
    }

    @Test
    void everyCombinationCanBeHad() {
        NamespaceType[] all = NamespaceType.values();
        boolean root = Privilege.admin();
        for (int bits = 1; bits < 1 << all.length; bits++) {
            EnumSet<NamespaceType> types = EnumSet.noneOf(NamespaceType.class);
            for (int i = 0; i < all.length; i++) {
                if ((bits >> i & 1) == 1) {
                    types.add(all[i]);
                }
            }
            if (root || types.contains(USER)) { // an ordinary user has them with a user namespace, or is refused
                try (Child child = Command.of("cat").with(Isolation.of(types)).start()) {
                    assertThat(changed(child)).isEqualTo(types);
                }
            }
        }
    }

    @Test
    void aContainerThatEndedIsStartedAgainFromItsCommand() throws Exception {
        Command command = Command.of("sh", "-c", "readlink /proc/self/ns/pid; hostname")
                .with(Isolation.full().hostname("again"));
        Child first = command.start();
        String told = new String(first.getInputStream().readAllBytes(), UTF_8);
        first.close();
        try (Child second = first.command().start()) {
            assertThat(new String(second.getInputStream().readAllBytes(), UTF_8))
                    .matches("pid:\\[[0-9]+]\nagain\n")
                    .hasSameSizeAs(told);
            assertThat(second.await()).matches(Exit::ok);
        }
    }

    @Test
    void whatIsSharedStaysTheHosts() throws Exception {
        try (Child child =
                Command.of("cat").with(Isolation.full().without(NET, UTS)).start()) {
            assertThat(changed(child)).isEqualTo(EnumSet.complementOf(EnumSet.of(NET, UTS, TIME)));
        }
    }

    @Test
    void theProgramIsRootInsideAndHasANameAndAProcOfItsOwn() throws Exception {
        assertThat(run(Isolation.full().hostname("render"), "id -u; id -g; hostname; echo /proc/[0-9]*"))
                .isEqualTo("0\n0\nrender\n/proc/1 /proc/2\n"); // init and sh
    }

    @Test
    void theLoopbackDeviceIsTheOnlyOneAndUp() throws Exception {
        String devices = "sed 1,2d /proc/net/dev | cut -d: -f1 | tr -d ' '";
        String addresses = "grep -q 127.0.0.1 /proc/net/fib_trie && echo up || echo down";
        assertThat(run(Isolation.full(), devices)).isEqualTo("lo\n");
        assertThat(run(Isolation.full(), addresses)).isEqualTo("up\n");
        assertThat(run(Namespaces.unshare(NET, USER), addresses)).isEqualTo("down\n");
    }

    @Test
    void theHostNameOfTheHostIsLeftAlone() throws Exception {
        String before = run(launch -> {}, "hostname");
        run(Isolation.full().hostname("elsewhere"), "hostname");
        assertThat(run(launch -> {}, "hostname")).isEqualTo(before);
    }

    @Test
    void rootOfTheHostIsNeverRootInside() throws Exception {
        Privilege.assumeHostRoot("anybody else maps itself");
        assertThat(run(Isolation.full(), "cat /proc/self/uid_map").strip().split(" +"))
                .satisfies(fields -> assertThat(Long.parseLong(fields[1])).isPositive());
    }

    @Test
    void supplementaryGroupsOfARootJvmAreDropped() throws Exception {
        Privilege.assumeHostRoot("others may not call setgroups");
        assertThat(run(Isolation.full(), "grep Groups /proc/self/status").strip())
                .isEqualTo("Groups:");
    }

    @Test
    void anOrdinaryUserIsToldToAddAUserNamespace() {
        Privilege.assumeNoAdmin("root may do this");
        assertThatThrownBy(
                        () -> Command.of("true").with(Namespaces.unshare(NET)).start())
                .isInstanceOf(NamespaceDenied.class)
                .hasMessageContaining("clone: EPERM")
                .hasMessageContaining("add USER");
    }

    @Test
    void aHostNameWithoutANamespaceForItIsRefused() {
        assertThatThrownBy(() -> Command.of("true")
                        .with(Namespaces.unshare(PID, USER).hostname("a"))
                        .start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("a host name needs a new uts namespace");
    }

    @Test
    void hostNamesThatTheKernelWouldNotTakeAreRefused() {
        for (String name : List.of("", "a".repeat(65), "a\0b")) {
            assertThatThrownBy(() -> Isolation.full().hostname(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anIdMapNeedsAUserNamespaceAndTheIdTheProgramStartsAs() {
        Isolation shared = Isolation.full().without(USER).idMap(IdMap.range(0, 1000, 1));
        assertThatThrownBy(() -> Command.of("true").with(shared).start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("an id map needs a new user namespace");
        long uid = Privilege.hostRoot() ? 1000 : LibC.effectiveUser();
        long gid = Privilege.hostRoot() ? 1000 : LibC.effectiveGroup();
        Isolation rootless =
                Isolation.full().idMap(IdMap.of(List.of(new IdRange(1, uid, 1)), List.of(new IdRange(1, gid, 1))));
        assertThatThrownBy(() -> Command.of("true").with(rootless).start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("no id 0 inside");
    }

    @Test
    void eachLaunchGetsNamespacesOfItsOwn() throws Exception {
        Isolation shared = Isolation.full();
        try (Child first = Command.of("cat").with(shared).start();
                Child second = Command.of("cat").with(shared).start()) {
            Map<NamespaceType, Namespace> one =
                    Namespaces.of(first.payloadPid()).asMap();
            Map<NamespaceType, Namespace> two =
                    Namespaces.of(second.payloadPid()).asMap();
            Isolation.full().types().forEach(type -> assertThat(two.get(type)).isNotEqualTo(one.get(type)));
        }
    }

    @Test
    void whatIsMountedInsideStaysInside() throws Exception {
        String name = "inside-" + UUID.randomUUID(); // others mount on this machine, too
        run(Isolation.full(), "mount -t tmpfs " + name + " /mnt && touch /mnt/file && grep " + name + " /proc/mounts");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(name);
    }

    @Test
    void theProgramCanNotLookIntoItsInit() throws Exception {
        assertThat(run(Isolation.full(), "ls /proc/1/fd >/dev/null 2>&1 && echo open || echo closed"))
                .isEqualTo("closed\n");
    }

    @Test
    void isolationsThatAskForTheSameAreEqual() {
        assertThat(Isolation.full().hostname("a"))
                .isEqualTo(Isolation.full().hostname("a"))
                .hasSameHashCodeAs(Isolation.full().hostname("a"))
                .isNotEqualTo(Isolation.full());
    }

    @Test
    void clocksAreShiftedInATimeNamespace() throws Exception {
        Duration year = Duration.ofDays(365);
        Isolation isolation = Isolation.full().timeOffsets(year, Duration.ofSeconds(2, 5));
        assertThat(isolation.types()).containsExactly(NamespaceType.values());
        String offsets = run(isolation, "cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime");
        List<String> words = List.of(offsets.split("\\s+", -1));
        assertThat(words).startsWith("monotonic", "2", "5", "boottime", Long.toString(year.toSeconds()), "0");
        assertThat(Long.parseLong(words.get(6))).isGreaterThan(year.toSeconds());
        assertThat(isolation)
                .isNotEqualTo(Isolation.full())
                .isEqualTo(Isolation.full().timeOffsets(year, Duration.ofSeconds(2, 5)));
        assertThat(isolation.without(TIME)).isEqualTo(Isolation.full());
    }
}
