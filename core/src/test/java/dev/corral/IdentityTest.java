package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.linux.LibC;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Privilege;
import dev.corral.testing.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who a program runs as, in a user namespace and without one, and whether it may become somebody else. */
class IdentityTest {
    private static final Identity SOMEBODY = Identity.of(4711, 4712).groups(4713, 4714);

    @TempDir
    Path directory;

    private static void assumeSomebody() {
        Namespacing.assumeMayBecome(4711, 4712, 4713, 4714);
    }

    private static PrivilegeFailed refused(Confinement... confinements) {
        return catchThrowableOfType(PrivilegeFailed.class, () -> Status.inside(confinements));
    }

    @Test
    void withoutOneTheProgramIsWhoeverTheJvmIs() throws Exception {
        Status status = Status.inside();
        Status own = Status.of(ProcessHandle.current().pid());
        for (String field : List.of("Uid", "Gid", "Groups")) {
            assertThat(status.get(field)).as(field).isEqualTo(own.get(field));
        }
    }

    @Test
    void rootGivesAllIdsAway() throws Exception {
        assumeSomebody();
        Status status = Status.inside(SOMEBODY);
        assertThat(status.get("Uid")).isEqualTo("4711 4711 4711 4711");
        assertThat(status.get("Gid")).isEqualTo("4712 4712 4712 4712");
        assertThat(status.get("Groups")).isEqualTo("4713 4714");
        assertThat(status.mask("CapPrm")).as("privileges go with root").isZero();
        assertThat(Status.inside(Identity.of(4711, 4712)).get("Groups")).isEmpty();
    }

    @Test
    void rootGivesAllIdsAwayInANamespaceToo() throws Exception {
        Namespacing.assumeManyIds();
        Status status = Status.inside(Namespacing.all(), Identity.of(5, 6).groups(7, 8));
        assertThat(status.get("Uid")).isEqualTo("5 5 5 5");
        assertThat(status.get("Gid")).isEqualTo("6 6 6 6");
        assertThat(status.get("Groups")).isEqualTo("7 8");
    }

    @Test
    void inAUserNamespaceTheProgramIsRootUnlessTold() throws Exception {
        Status status = Status.inside(Namespacing.all());
        assertThat(status.get("Uid")).isEqualTo("0 0 0 0");
        assertThat(Status.inside(Namespacing.all(), Identity.of(0, 0)).get("Uid"))
                .isEqualTo("0 0 0 0");
    }

    @Test
    void anIdThatIsNotMappedIsRefused() {
        PrivilegeFailed user = refused(Namespacing.all(), Identity.of(100_000, 0));
        assertThat(user.failure().orElseThrow().step()).isEqualTo("ids.uid");
        assertThat(user).hasMessageContaining("EINVAL on Identity[user=100000, group=0");
        PrivilegeFailed group = refused(Namespacing.all(), Identity.of(0, 100_000));
        assertThat(group.failure().orElseThrow().step()).isEqualTo("ids.gid");
    }

    @Test
    void anOrdinaryUserCanNotBecomeSomebodyElse() {
        boolean there = Namespacing.exists(4711);
        if (there) {
            Privilege.SETUID.assumeNotHere();
        }
        PrivilegeFailed failed = refused(Identity.of(4711, 4712));
        assertThat(failed.failure().orElseThrow().errnoName())
                .isEqualTo(Privilege.SETUID.isHere() ? "EINVAL" : "EPERM");
        assertThat(failed).hasMessageContaining("4711");
    }

    @Test
    void anOrdinaryUserHasNoSupplementaryGroupsToGive() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Privilege.SETGID.assumeNotHere();
        assertThatThrownBy(
                        () -> Status.inside(Namespacing.all(), Identity.of(0, 0).groups(0)))
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("supplementary groups");
    }

    @Test
    void twoConfinementsCanNotBothSayWho() {
        assertThatThrownBy(() -> Status.inside(Identity.of(0, 0), SOMEBODY))
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("two confinements choose its ids");
    }

    @Test
    void idsOutOfRangeAreRefusedWhereTheyAreGiven() {
        assertThatThrownBy(() -> Identity.of(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Identity.of(0, 0xffff_ffffL))
                .hasMessage("group id 4294967295: ids lie between 0 and 4294967294");
        assertThatThrownBy(() -> Identity.of(0, 0).groups(1, -7)).hasMessageContaining("supplementary group id -7");
        assertThat(Identity.of(0, 0xffff_fffeL).group()).isEqualTo(4294967294L);
    }

    @Test
    void somebodyElseMayOpenItsStreamsByTheirNames() throws Exception {
        Namespacing.assumeManyIds();
        Namespacing.assumeMayBecome(500, 501);
        for (Confinement confinement : Namespacing.noneAndAll().toList()) {
            Command command = Command.of("sh", "-c", "echo out > /dev/stdout; echo err > /dev/stderr")
                    .with(confinement)
                    .with(Identity.of(500, 501));
            try (Child child = command.start()) {
                assertThat(Outputs.of(child)).isEqualTo("out\n");
                assertThat(child.getErrorStream().readAllBytes()).isEqualTo("err\n".getBytes(UTF_8));
            }
        }
    }

    /** As a service has it whose manager gives it capabilities, and not user 0. */
    @Test
    void anOrdinaryUserWithTheCapabilitiesGivesThemToo() throws Exception {
        Namespacing.assumeMayBecome(500, 501);
        assumeThat(LibC.effectiveUser()).as("needs root by name").isZero();
        Privilege.DAC_READ_SEARCH.assumeForTheHost(); // for the classes, wherever they lie
        Privilege.CHOWN.assumeForTheHost();
        String kept = "+chown,+setuid,+setgid,+dac_read_search";
        List<String> line = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=4711",
                "--regid=4712",
                "--clear-groups",
                "--inh-caps=" + kept,
                "--ambient-caps=" + kept));
        line.addAll(ForkedJvm.commandLine(Lends.class));
        assertThat(ForkedJvm.run(new ProcessBuilder(line)).ok().output()).isEqualTo("out\n");
    }

    /** Prints what somebody else writes to its output by its name. */
    static final class Lends {
        private Lends() {}

        public static void main(String[] arguments) throws Exception {
            Command command = Command.of("sh", "-c", "echo out > /dev/stdout").with(Identity.of(500, 501));
            try (Child child = command.errorIntoOutput().start()) {
                System.out.print(new String(child.getInputStream().readAllBytes(), UTF_8));
            }
        }
    }

    @Test
    void noNewPrivilegesIsOnUnlessTheyAreAllowed() throws Exception {
        for (Confinement confinement : Namespacing.noneAndAll().toList()) {
            assertThat(Status.inside(confinement).get("NoNewPrivs")).isEqualTo("1");
        }
        Privilege.assumeNewOnesAreAllowed();
        Command allowed = Command.of("cat", "/proc/self/status").allowNewPrivileges();
        assertThat(Status.inside(allowed).get("NoNewPrivs")).isEqualTo("0");
        assertThat(Status.inside(allowed.with(Namespacing.all())).get("NoNewPrivs"))
                .isEqualTo("0");
    }

    @Test
    void aSetuidProgramGivesNothingUnlessNewPrivilegesAreAllowed() throws Exception {
        assumeSomebody();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path id = Files.copy(Path.of("/usr/bin/id"), directory.resolve("id"));
        assertThat(new ProcessBuilder("chmod", "4755", id.toString()).start().waitFor())
                .isZero();
        Command command = Command.of(id.toString(), "-u").with(SOMEBODY);
        String gained = Outputs.of(command.allowNewPrivileges());
        assumeThat(gained).as("needs a temporary directory without nosuid").isEqualTo("0\n");
        assertThat(Outputs.of(command)).isEqualTo("4711\n");
    }

    @Test
    void theOwnerOfWhatItWritesIsWhoItIs() throws Exception {
        assumeSomebody();
        Path file = directory.resolve("file");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Outputs.of(Command.of("touch", file.toString()).with(SOMEBODY));
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(4711);
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(4712);
        assertThat(LibC.effectiveUser()).as("nothing of it touches the JVM").isZero();
    }
}
