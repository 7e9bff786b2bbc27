package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.Launch.IdRange;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Combinations that no kernel has to be asked about, and values that are wrong by themselves. */
class ImpossibleLaunchTest {
    private static ImpossibleLaunch refused(Confinement... confinements) {
        Leftovers before = Leftovers.before();
        Command command = Command.of("true");
        for (Confinement confinement : confinements) {
            command = command.with(confinement);
        }
        ImpossibleLaunch refused = catchThrowableOfType(ImpossibleLaunch.class, command::start);
        assertThat(refused).isNotNull();
        before.assertNothingIsLeft();
        return refused;
    }

    @Test
    void everyProblemIsToldAtOnce() {
        List<IdRange> map = List.of(new IdRange(0, 1000, 1));
        ImpossibleLaunch refused =
                refused(launch -> launch.newProc().hostname("a").loopback().idMaps(map, map));
        assertThat(refused.problems())
                .containsExactly(
                        "a new /proc needs a new mnt namespace",
                        "a new /proc needs a new pid namespace",
                        "a host name needs a new uts namespace",
                        "a loopback device of its own needs a new net namespace",
                        "an id map needs a new user namespace");
        assertThat(refused).hasMessage("can't launch true: " + String.join("; ", refused.problems()));
        assertThat(refused.failure()).isEmpty();
    }

    @Test
    void moreDescriptorsThanTheLauncherTakesAreRefused() {
        ImpossibleLaunch refused = refused(Namespacing.all(), launch -> {
            for (int i = 0; i < 1100; i++) {
                launch.root().bind(Path.of("/usr"), Path.of("/usr"), Set.of());
            }
        });
        assertThat(refused.problems())
                .containsExactly(
                        "binds, files, joins, groups and passed descriptors together are 1101; the launcher takes"
                                + " 1018");
    }

    @Test
    void twoConfinementsMayNotGiveIdMaps() {
        assertThat(refused(Namespacing.user(), Namespacing.user()).problems())
                .containsExactly("two confinements give id maps");
    }

    @Test
    void twoConfinementsMayNotChooseTheGroup() {
        assertThat(refused(launch -> launch.cgroupV2(Path.of("/a")), launch -> launch.cgroupV2(Path.of("/b")))
                        .problems())
                .containsExactly("two confinements choose its group: /a and /b");
    }

    @Test
    void anIdMapNeedsTheIdThatTheProgramStartsAs() {
        List<IdRange> map = List.of(new IdRange(1, 1000, 1));
        assertThat(refused(launch -> launch.namespaces(List.of("user")).idMaps(map, map))
                        .problems())
                .containsExactly(
                        "the user id map has no id 0 inside, as which the program starts",
                        "the group id map has no id 0 inside, as which the program starts");
    }

    @Test
    void anIdMapFitsIntoOneWrite() {
        List<IdRange> many = new ArrayList<>();
        for (int i = 0; i < 341; i++) {
            many.add(new IdRange(i, i, 1));
        }
        List<IdRange> one = List.of(new IdRange(0, 0, 1));
        assertThat(refused(launch -> launch.namespaces(List.of("user")).idMaps(many, one))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("the user id map has 341 ranges in ")
                .endsWith(" bytes; the kernel takes at most 340 in less than 4096");
        List<IdRange> wordy = new ArrayList<>(one);
        for (int i = 0; i < 180; i++) {
            wordy.add(new IdRange(4_000_000_000L + i, 4_000_000_000L + i, 1));
        }
        assertThat(refused(launch -> launch.namespaces(List.of("user")).idMaps(one, wordy))
                        .problems())
                .hasSize(1);
    }

    @Test
    void anUnknownNamespaceIsRefusedWhereItIsGiven() {
        assertThatThrownBy(() -> Command.of("true")
                        .with(launch -> launch.namespaces(List.of("mount")))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "namespace \"mount\": it must be one of [user, mnt, pid, net, uts, ipc, cgroup, time]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "1234567890123456789012345678901234567890123456789012345678901234x"})
    void aHostNameTheKernelWouldNotTakeIsRefusedWhereItIsGiven(String name) {
        assertThatThrownBy(() ->
                        Command.of("true").with(launch -> launch.hostname(name)).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host name");
    }

    @Test
    void idsLieBetween0And4294967294() {
        assertThat(new IdRange(0, 4_294_967_294L, 1).outside()).isEqualTo(4_294_967_294L);
        assertThat(new IdRange(0, 0, 4_294_967_295L).count()).isEqualTo(4_294_967_295L);
        for (long[] wrong : new long[][] {
            {-1, 0, 1},
            {0, -1, 1},
            {0, 0, 0},
            {0, 4_294_967_295L, 1},
            {1, 0, 4_294_967_295L},
            {Long.MAX_VALUE, 0, 1},
            {0, 0, Long.MAX_VALUE},
            {0, Long.MAX_VALUE, Long.MAX_VALUE}
        }) {
            assertThatThrownBy(() -> new IdRange(wrong[0], wrong[1], wrong[2]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ids lie between 0 and 4294967294");
        }
    }

    @Test
    void whatWasToldSurvivesSerialization() throws Exception {
        ImpossibleLaunch impossible = copy(refused(Launch::loopback));
        assertThat(impossible.problems()).hasSize(1);
        ExecFailed failed = catchThrowableOfType(
                ExecFailed.class, () -> Command.of("/no/such/program").start());
        assertThat(copy(failed).failure()).isEqualTo(failed.failure()).isPresent();
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T exception) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(exception);
        return (T) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    }
}
