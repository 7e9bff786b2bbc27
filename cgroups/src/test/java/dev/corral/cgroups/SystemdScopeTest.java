package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.cgroups.Units.Said;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scopes that a program asks systemd for, by either of its programs. {@link ScopeTest} has the same with stand-ins. */
@Tag("systemd")
class SystemdScopeTest {
    @BeforeEach
    void needsSystemd() throws IOException {
        Units.required();
    }

    @Test
    void theBusMovesARootProgramIntoItsScope() {
        Said said = Units.service(List.of(), "obtain=builds", "limit", "exceed");

        assertThat(said.get("scope")).isEqualTo("/sys/fs/cgroup/system.slice/builds.scope");
        assertThat(said.get("inside")).isEqualTo("true");
        assertLimited(said, "/system.slice/builds.scope");
        assertThat(said.get("self")).isEqualTo("0::/system.slice/builds.scope/supervisor");
        assertThat(Units.FS.resolve("system.slice/builds.scope")).doesNotExist();
    }

    @Test
    void withoutTheBusAHelperHoldsTheScopeOfARootProgram() {
        Said said = Units.service(List.of(), "helper=held", "limit", "exceed");

        assertThat(said.get("inside")).isEqualTo("false");
        assertThat(said.get("self")).startsWith("0::/system.slice/run-");
        assertLimited(said, "/system.slice/held.scope");
        Units.awaitUntil(() -> !java.nio.file.Files.exists(Units.FS.resolve("system.slice/held.scope")));
    }

    @Test
    void aNameThatIsTakenIsRefusedByBothOfThem() {
        Said said = Units.service(List.of(), "obtain=taken", "obtain=taken");

        assertThat(said.get("scope"))
                .startsWith("cannot obtain taken.scope: busctl exited 1")
                .contains("Unit taken.scope was already loaded", "; systemd-run exited 1 ", "to get a delegation");
    }

    @Test
    void theUsersBusMovesAServiceOfTheUsers() {
        Units.userManager();

        Said said = Units.service(Units.AS_TESTER, List.of("--user"), "obtain=mine", "controllers", "limit", "exceed");

        assertThat(said.get("inside")).isEqualTo("true");
        assertLimited(said, "/user.slice/user-1000.slice/user@1000.service/app.slice/mine.scope");
        assertThat(said.answers())
                .containsEntry("controller memory", "Available")
                .containsEntry("controller pids", "Available")
                .containsEntry("controller cpu", "Available")
                .containsEntry("controller io", "NotHandedDown")
                .containsEntry("controller cpuset", "NotHandedDown");
    }

    @Test
    void theUsersBusMovesAProgramFromTheSessionToo() {
        Units.userManager();

        Said said = session("obtain=from-session", "limit");

        assertThat(said.get("inside")).isEqualTo("true");
        assertReadBack(said, "/user.slice/user-1000.slice/user@1000.service/app.slice/from-session.scope");
    }

    @Test
    void aHelperHoldsTheScopeOfAServiceOfTheUsers() {
        Units.userManager();

        Said said = Units.service(Units.AS_TESTER, List.of("--user"), "helper=held-for-user", "limit", "exceed");

        assertThat(said.get("inside")).isEqualTo("false");
        assertLimited(said, "/user.slice/user-1000.slice/user@1000.service/app.slice/held-for-user.scope");
    }

    /** The nearest group above both is that of all of the user's sessions, which is root's. */
    @Test
    void fromTheSessionNothingIsBornInAScopeThatAHelperHolds() {
        Units.userManager();

        Said said = session("helper=out-of-reach", "start");

        assertThat(said.get("inside")).isEqualTo("false");
        assertThat(said.get("start"))
                .startsWith("NotDelegated ")
                .contains("a child is born in one only with the right to write", "cgroup.procs, owned by root");
    }

    /** Where logins lie: beside the user's manager and not below it. */
    private static Said session(String... steps) {
        List<String> line =
                new ArrayList<>(List.of("systemd-run", "--quiet", "--scope", "--collect", "--slice=user-1000.slice"));
        line.addAll(Units.AS_TESTER);
        line.addAll(Units.program(steps));
        return Units.run(line);
    }

    private static void assertLimited(Said said, String scope) {
        assertReadBack(said, scope);
        assertThat(said.get("exit")).startsWith("killed by SIGKILL").contains("out of memory (limit 48 MiB)");
    }

    private static void assertReadBack(Said said, String scope) {
        assertThat(said.get("scope")).isEqualTo("/sys/fs/cgroup" + scope);
        assertThat(said.get("child")).startsWith("0::" + scope + "/payload-job");
        assertThat(said.get("memory.max")).isEqualTo(Integer.toString(64 << 20));
        assertThat(said.get("pids.max")).isEqualTo("21");
        assertThat(said.get("cpu.max")).isEqualTo("50000 100000");
        assertThat(said.code()).as(said.output()).isZero();
    }
}
