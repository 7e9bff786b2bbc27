package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.cgroups.Units.Said;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is delegated in a unit of systemd's and what isn't, and the three ways to get it, on a machine that systemd runs. */
@Tag("systemd")
class SystemdServiceTest {
    private static final String[] WAYS_OF_ROOT = {
        "as a systemd service with Delegate=yes", "(systemd-run --scope -p Delegate=yes)", "name it with within(..)"
    };
    private static final String[] WAYS_OF_A_USER = {
        "as a systemd service with Delegate=yes",
        "(systemd-run --user --scope -p Delegate=yes)",
        "let root make a group, chown it to uid 1000 and start the program in it"
    };

    @BeforeEach
    void needsSystemd() throws IOException {
        Units.required();
    }

    @Test
    void aPlainServiceOfRootsIsOpenToItAndTheThreeWaysAreTold() {
        Said said = Units.service(List.of(), "look", "supervise");

        assertThat(said.get("group")).startsWith("0::/system.slice/run-");
        assertThat(said.get("delegated")).endsWith(", open to root");
        assertThat(said.get("memory"))
                .startsWith("memory cannot be limited: this process sits in /sys/fs/cgroup/system.slice/run-")
                .contains(WAYS_OF_ROOT);
        assertThat(said.get("start")).startsWith("InternalProcesses ").contains(WAYS_OF_ROOT);
        assertThat(said.get("supervised")).startsWith("NotDelegated ").contains("it is open to root, and nobody said");
    }

    @Test
    void aPlainServiceOfAUsersIsNotDelegatedAndTheThreeWaysAreTold() {
        Said said = Units.service(List.of("-p", "User=tester"), "look", "supervise");

        assertThat(said.get("delegated"))
                .startsWith("uid 1000 may not make groups in /sys/fs/cgroup/system.slice/run-")
                .contains(", owned by root; ")
                .contains(WAYS_OF_A_USER);
        assertThat(said.get("start")).startsWith("NotDelegated ").contains(WAYS_OF_A_USER);
        assertThat(said.get("supervised")).startsWith("NotDelegated ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "tester"})
    void aServiceWithDelegateIsTheFirstWay(String user) {
        Said said = Units.service(
                List.of("-p", "Delegate=yes", "-p", "User=" + user), "look", "supervise", "limit", "exceed");

        assertThat(said.get("delegated")).endsWith(", delegated by systemd");
        assertThat(said.get("start"))
                .startsWith("InternalProcesses ")
                .contains("Cgroups.detect().supervised()")
                .doesNotContain("Delegate=yes");
        assertLimited(said);
    }

    @Test
    void aScopeByHandIsTheSecondWay() {
        Said root = Units.scope(List.of(), List.of("-p", "Delegate=yes"), "look", "supervise", "limit");

        assertThat(root.get("delegated")).endsWith(".scope], delegated by systemd");
        assertReadBack(root);
    }

    @Test
    void aScopeByHandIsTheSecondWayForAUserToo() {
        Units.userManager();

        Said user = Units.scope(
                Units.AS_TESTER, List.of("--user", "-p", "Delegate=yes"), "look", "supervise", "limit", "exceed");

        assertThat(user.get("group")).startsWith("0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-");
        assertThat(user.get("delegated")).endsWith(".scope], owned by this user");
        assertLimited(user);
    }

    @Test
    void aGroupThatRootGivesIsTheThirdWay() {
        Said said = handmade(
                "given",
                "chown 1000 . cgroup.procs cgroup.threads cgroup.subtree_control",
                Units.AS_TESTER,
                "look",
                "supervise",
                "limit",
                "exceed");

        assertThat(said.get("delegated")).isEqualTo("groups can be made in [/sys/fs/cgroup/given], owned by this user");
        assertThat(said.get("start")).contains("Cgroups.detect().supervised()");
        assertLimited(said);
    }

    @Test
    void aGroupThatIsNamedIsTheThirdWayOfRoot() {
        Said said = handmade("named", "true", List.of(), "within=/sys/fs/cgroup/named", "look", "supervise", "limit");

        assertThat(said.get("delegated")).endsWith(", named by the caller");
        assertThat(said.get("start")).contains("Cgroups.detect().supervised()");
        assertReadBack(said);
    }

    /** As a shell of root's makes it, and after systemd has gone over its own groups. */
    private static Said handmade(String name, String give, List<String> as, String... steps) {
        String make = "set -e; cd /sys/fs/cgroup; echo +memory +pids +cpu >cgroup.subtree_control; mkdir " + name
                + "; cd " + name + "; " + give
                + "; systemctl daemon-reload; echo $$ >cgroup.procs; cd /machine; exec \"$@\"";
        List<String> line = new java.util.ArrayList<>(List.of("sh", "-c", make, "sh"));
        line.addAll(as);
        line.addAll(Units.program(steps));
        return Units.run(line);
    }

    private static void assertLimited(Said said) {
        assertReadBack(said);
        assertThat(said.get("exit")).startsWith("killed by SIGKILL").contains("out of memory (limit 48 MiB)");
        assertThat(said.get("limit")).isEqualTo("48 MiB");
    }

    private static void assertReadBack(Said said) {
        assertThat(said.get("supervised")).isEqualTo("-");
        assertThat(said.get("memory.max")).isEqualTo(Integer.toString(64 << 20));
        assertThat(said.get("pids.max")).isEqualTo("21");
        assertThat(said.get("cpu.max")).isEqualTo("50000 100000");
        assertThat(said.get("self")).isEqualTo(said.get("group") + "/supervisor");
        assertThat(said.get("child")).startsWith(said.get("group") + "/payload-job");
        assertThat(said.code()).as(said.output()).isZero();
    }
}
