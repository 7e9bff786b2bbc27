package dev.corral.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Launch.IdRange;
import dev.corral.internal.linux.ProcIdMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SkippedWhereRefused.class)
class MapHelperTest {
    private static final Duration MOMENT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Account ALICE = new Account(1000, 100, false, List.of("alice"));
    private static final IdMap WANTED = IdMap.of(
            List.of(new IdRange(0, 1000, 1), new IdRange(1, 200_000, 10)),
            List.of(new IdRange(0, 100, 1), new IdRange(1, 300_000, 10)));

    @TempDir
    private Path root;

    private MapHelper helper = MapHelper.ofThisHost(Account.own(Path.of("/etc")));

    @BeforeEach
    void aHostThatHasItAll() throws Exception {
        for (String name : List.of("newuidmap", "newgidmap")) {
            Files.setPosixFilePermissions(
                    Files.createFile(root.resolve(name)), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(root.resolve("status"), "Name:\tjava\nNoNewPrivs:\t0\n");
        Files.writeString(root.resolve("subuid"), "alice:200000:10\n");
        Files.writeString(root.resolve("subgid"), "1000:300000:10\n");
        helper = new MapHelper(root, root.resolve("status"), List.of(root.resolve("absent"), root), ALICE, MOMENT);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> helper.check(WANTED))
                .isInstanceOf(IdMapRefused.class)
                .hasMessageContaining(message);
    }

    @Test
    void itIsNeededForMoreThanOnesOwnIds() {
        assertThat(helper.isNeededFor(WANTED)).isTrue();
        List<IdRange> self = List.of(new IdRange(0, 1000, 1));
        List<IdRange> group = List.of(new IdRange(0, 100, 1));
        assertThat(helper.isNeededFor(IdMap.of(self, group))).isFalse();
        assertThat(helper.isNeededFor(IdMap.of(self, self))).isTrue();
        assertThat(helper.isNeededFor(IdMap.of(List.of(new IdRange(0, 1000, 2)), group)))
                .isTrue();
    }

    @Test
    void theCapabilityDecidesAndNotTheUser() {
        for (long uid : List.of(0L, 1000L)) {
            Account able = new Account(uid, uid, true, List.of());
            assertThat(new MapHelper(root, root, List.of(), able, MOMENT).isNeededFor(WANTED))
                    .isFalse();
            Account unable = new Account(uid, uid, false, List.of());
            assertThat(new MapHelper(root, root, List.of(), unable, MOMENT).isNeededFor(WANTED))
                    .isTrue();
        }
    }

    @Test
    void theCommandLinesNameThePidAndEachRange() {
        helper.check(WANTED);
        assertThat(helper.commandLines(WANTED, 4711))
                .containsExactly(
                        List.of(root.resolve("newuidmap").toString(), "4711", "0", "1000", "1", "1", "200000", "10"),
                        List.of(root.resolve("newgidmap").toString(), "4711", "0", "100", "1", "1", "300000", "10"));
    }

    /** As it may that asks a directory server, which does not answer: the launch would wait as long. */
    @Test
    void aProgramThatDoesNotEndIsNotWaitedFor() throws Exception {
        Files.writeString(root.resolve("newuidmap"), "#!/bin/sh\necho asking the server >&2\nexec sleep 1000\n");
        Duration moment = MOMENT;
        IdMapRefused refused = refusedWithin(moment);
        while (!String.valueOf(refused.getMessage()).contains("asking") && moment.compareTo(LONG) < 0) {
            moment = moment.multipliedBy(4); // a shell of a busy machine had not come that far
            refused = refusedWithin(moment);
        }
        assertThat(refused)
                .hasMessageMatching(
                        ".*/newuidmap 4711 0 1000 1 .*: killed by SIG.* out of time \\(limit .*\\): asking the server");
    }

    private IdMapRefused refusedWithin(Duration moment) {
        MapHelper patient =
                new MapHelper(root, root.resolve("status"), List.of(root.resolve("absent"), root), ALICE, moment);
        return catchThrowableOfType(IdMapRefused.class, () -> patient.map(WANTED, 4711));
    }

    @Test
    void aMissingProgramIsNamed() throws Exception {
        Files.delete(root.resolve("newgidmap"));
        assertRefused("there is no newgidmap in [" + root.resolve("absent"));
    }

    @Test
    void aJvmWithoutNewPrivilegesIsToldSo() throws Exception {
        Files.writeString(root.resolve("status"), "Name:\tjava\nNoNewPrivs:\t1\n");
        assertRefused("the JVM runs with no_new_privs");
    }

    @Test
    void aMissingLineIsNamed() throws Exception {
        Files.writeString(root.resolve("subgid"), "bob:300000:10\n");
        assertRefused(root.resolve("subgid") + " gives no ids to alice: let an administrator add the line alice:");
    }

    @Test
    void aRangeThatIsTooShortIsTold() throws Exception {
        Files.writeString(root.resolve("subuid"), "alice:200000:9\n");
        assertRefused(root.resolve("subuid") + " does not give 200000 to 200009 to alice, but ");
    }

    @Test
    void idsThatADirectoryServerGivesAreLeftToTheProgram() throws Exception {
        Files.delete(root.resolve("subuid"));
        Files.writeString(root.resolve("nsswitch.conf"), "passwd: files\nsubid: sss\n");
        helper.check(WANTED);
        Files.writeString(root.resolve("nsswitch.conf"), "subid:  files \n");
        assertRefused("subuid gives no ids to alice");
    }

    @Test
    void theProgramsMapWhatTheFilesGive() throws Exception {
        Privilege.assumeOrdinaryUser("root needs no such program");
        assumeThatCode(IdMap::subordinate)
                .as("needs a range in /etc/subuid and /etc/subgid")
                .doesNotThrowAnyException();
        IdMap map = IdMap.subordinate();
        MapHelper real = MapHelper.ofThisHost(Account.own(Path.of("/etc")));
        assumeThatCode(() -> real.check(map))
                .as("needs newuidmap and newgidmap")
                .doesNotThrowAnyException();
        try (Child unmapped = Command.of("cat")
                .with(launch -> launch.namespaces(List.of("user")))
                .start()) {
            real.map(map, unmapped.pid());
            String text = ProcFiles.text(Path.of("/proc/" + unmapped.pid() + "/uid_map"));
            assertThat(ranges(text)).isEqualTo(map.users());
            assertThat(ranges(ProcFiles.text(Path.of("/proc/" + unmapped.pid() + "/gid_map"))))
                    .isEqualTo(map.groups());
            assertThatThrownBy(() -> real.map(map, unmapped.pid()))
                    .isInstanceOf(IdMapRefused.class)
                    .hasMessageContaining("newuidmap");
        }
    }

    @Test
    void aProgramOfAnOrdinaryUserHasItsSubordinateIds() throws Exception {
        Privilege.assumeOrdinaryUser("root needs no such program");
        assumeThatCode(() -> MapHelper.ofThisHost(Account.own(Path.of("/etc"))).check(IdMap.subordinate()))
                .as("needs a range in /etc/subuid and /etc/subgid, newuidmap and newgidmap")
                .doesNotThrowAnyException();
        IdMap map = IdMap.subordinate();
        try (Child child = Command.of("cat").with(Isolation.full().idMap(map)).start()) {
            String text = ProcFiles.text(Path.of("/proc/" + child.payloadPid() + "/uid_map"));
            assertThat(ranges(text)).isEqualTo(map.users());
        }
    }

    private static List<IdRange> ranges(String text) {
        return ProcIdMap.parse(text).ranges().stream()
                .map(range -> new IdRange(range.inside(), range.outside(), range.count()))
                .toList();
    }
}
