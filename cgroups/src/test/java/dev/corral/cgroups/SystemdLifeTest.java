package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.cgroups.Units.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What systemd does to the groups of a program: while it runs, when it is stopped, and when it starts again. */
@Tag("systemd")
class SystemdLifeTest {
    private static final Path SERVICE = Units.FS.resolve("system.slice/life.service");
    private static final List<String> SUBGROUP = List.of("-p", "DelegateSubgroup=supervisor");

    @BeforeEach
    void needsSystemd() throws IOException {
        Units.required();
    }

    @AfterEach
    void stop() throws IOException {
        if (Units.PROGRAM.isPresent()) {
            Units.systemctl("kill", "-s", "KILL", "life.service");
            Units.systemctl("stop", "life.service");
            Units.systemctl("reset-failed", "life.service");
            Files.deleteIfExists(Path.of("/tmp/corral-life-said"));
            Units.awaitUntil(() -> !Files.exists(SERVICE));
        }
    }

    @Test
    void stoppingTheServiceEndsTheChildrenWithTheJvm() {
        Path said = Units.stay("life", List.of("-p", "Delegate=yes"), "supervise", "stay=job");
        ProcessHandle child = child(said);

        assertThat(Units.systemctl("stop", "life.service").code()).isZero();

        Units.awaitUntil(() -> !child.isAlive());
        Units.awaitUntil(() -> !Files.exists(SERVICE));
    }

    @Test
    void aKilledJvmLeavesNothingInItsService() {
        Path said = Units.stay("life", List.of("-p", "Delegate=yes"), "supervise", "stay=job");
        ProcessHandle child = child(said);

        Units.systemctl("kill", "--kill-who=main", "-s", "KILL", "life.service");

        Units.awaitUntil(() -> !child.isAlive());
        Units.awaitUntil(() -> !Files.exists(SERVICE));
    }

    @Test
    void systemdKeepsOutWhenItReadsItsUnitsAgain() throws Exception {
        Path said = Units.stay("life", List.of("-p", "Delegate=yes"), "supervise", "stay=job");
        Path payload = Path.of(Units.awaitAnswer(said, "payload"));
        Units.awaitAnswer(said, "group");
        List<String> before = state(payload);

        Units.systemctl("daemon-reload");
        Units.systemctl("set-property", "--runtime", "life.service", "CPUWeight=50", "MemoryMax=500M");
        Units.run(List.of("systemd-run", "--wait", "-p", "IOWeight=50", "-p", "AllowedCPUs=0", "true"));
        Units.systemctl("daemon-reexec");
        Units.systemctl("daemon-reload");

        assertThat(Files.readString(SERVICE.resolve("memory.max")).strip()).isEqualTo(Integer.toString(500 << 20));
        assertThat(state(payload)).isEqualTo(before).contains("memory.max " + (64 << 20), "pids.max 21");
        assertThat(Files.readString(SERVICE.resolve("supervisor/cgroup.procs"))).isNotBlank();
        assertThat(Files.readString(SERVICE.resolve("cgroup.procs"))).isBlank();
    }

    @Test
    void aSubgroupOfSystemdsIsTheSupervisors() {
        assumeTrue(Units.version() >= 254, "DelegateSubgroup= came with systemd 254");
        for (String user : List.of("root", "tester")) {
            List<String> options = new ArrayList<>(SUBGROUP);
            options.addAll(List.of("-p", "Delegate=yes", "-p", "User=" + user));

            Said said = Units.service(options, "look", "supervise", "limit", "exceed");

            assertThat(said.get("group")).matches("0::/system.slice/run-.*/supervisor");
            assertThat(said.get("delegated")).matches(".*\\.service], delegated by systemd");
            assertThat(said.get("start")).isEqualTo("-");
            assertThat(said.get("self")).isEqualTo(said.get("group"));
            assertThat(said.get("child")).matches("0::/system.slice/run-[^/]*\\.service/payload-job.*");
            assertThat(said.get("memory.max")).isEqualTo(Integer.toString(64 << 20));
            assertThat(said.get("exit")).contains("out of memory (limit 48 MiB)");
        }
    }

    /** A unit whose processes outlive it, as those of a JVM that was killed: here a program that nobody ended stands for them. */
    @Test
    void withASubgroupAServiceStartsAgainBesideWhatOutlivedIt() throws Exception {
        assumeTrue(Units.version() >= 254, "DelegateSubgroup= came with systemd 254");
        List<String> options = new ArrayList<>(SUBGROUP);
        options.addAll(List.of("-p", "Delegate=yes", "-p", "KillMode=process"));
        Path said = Units.stay("life", options, "stay=job");
        String first = Units.awaitAnswer(said, "payload");
        Units.awaitAnswer(said, "group");
        Path outlives = outlives();
        Files.delete(said);

        assertThat(Units.systemctl("restart", "life.service").code()).isZero();

        assertThat(Units.awaitAnswer(said, "payload")).isNotEqualTo(first).startsWith(SERVICE + "/payload-job");
        assertThat(Path.of(first)).as("removed by the sweep").doesNotExist();
        assertThat(Files.readString(outlives.resolve("cgroup.procs"))).isNotBlank();
        assertThat(Files.readString(outlives.resolve("pids.max")).strip()).isEqualTo("7");
    }

    @Test
    void withoutASubgroupItDoesNotStartBesideWhatOutlivedIt() throws Exception {
        Path said =
                Units.stay("life", List.of("-p", "Delegate=yes", "-p", "KillMode=process"), "supervise", "stay=job");
        Units.awaitAnswer(said, "group");
        outlives();

        Units.systemctl("restart", "life.service");

        Units.awaitUntil(() -> Units.systemctl("show", "life.service", "-p", "Result,ExecMainStatus")
                .output()
                .contains("ExecMainStatus=219"));
    }

    private static Path outlives() throws IOException {
        Path group = Files.createDirectory(SERVICE.resolve("payload-outlives"));
        Files.writeString(group.resolve("pids.max"), "7\n");
        Process process = new ProcessBuilder("sleep", "600").start();
        Files.writeString(group.resolve("cgroup.procs"), process.pid() + "\n");
        return group;
    }

    private static ProcessHandle child(Path said) {
        Units.awaitAnswer(said, "group");
        long pid = Long.parseLong(Units.awaitAnswer(said, "child"));
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static List<String> state(Path payload) throws IOException {
        List<String> state = new ArrayList<>();
        for (String file : List.of("memory.max", "pids.max", "cgroup.procs", "cgroup.controllers")) {
            state.add(file + " " + Files.readString(payload.resolve(file)).strip());
        }
        state.add(Files.readString(SERVICE.resolve("cgroup.subtree_control")).strip());
        return state;
    }
}
