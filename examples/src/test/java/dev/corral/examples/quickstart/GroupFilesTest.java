package dev.corral.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupFilesTest {
    @TempDir
    private Path root = Path.of("set by JUnit");

    @Test
    void aVersionOneGroupIsFoundBelowTheMountOfItsController() throws IOException {
        Files.createDirectories(root.resolve("memory/web"));
        Files.createDirectories(root.resolve("cpu/web"));
        Files.writeString(root.resolve("memory/web/memory.limit_in_bytes"), "268435456\n");
        Files.writeString(root.resolve("cpu/web/cpu.cfs_quota_us"), "50000\n");
        Files.writeString(root.resolve("cpu/web/cpu.cfs_period_us"), "100000\n");

        GroupFiles files = GroupFiles.of(
                List.of("5:memory:/jail/web", "3:cpu,cpuacct:/web", "0::/elsewhere"),
                List.of(
                        "24 32 0:9 / " + root + "/tmp rw - tmpfs tmpfs rw",
                        "25 32 0:22 /jail " + root + "/memory rw,relatime shared:3 - cgroup cgroup rw,memory",
                        "26 32 0:23 / " + root + "/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct"));

        assertThat(files.memory()).contains("268435456");
        assertThat(files.cpu()).contains("50000 100000");
    }

    @Test
    void aVersionTwoGroupIsFoundInTheOneTree() throws IOException {
        Files.createDirectories(root.resolve("user.slice/web"));
        Files.writeString(root.resolve("user.slice/web/memory.max"), "268435456\n");
        Files.writeString(root.resolve("user.slice/web/cpu.max"), "50000 100000\n");

        GroupFiles files = GroupFiles.of(
                List.of("0::/user.slice/web"), List.of("30 25 0:26 / " + root + " rw - cgroup2 cgroup2 rw,nsdelegate"));

        assertThat(files.memory()).contains("268435456");
        assertThat(files.cpu()).contains("50000 100000");
    }

    @Test
    void aHostWithoutGroupsHasNoFiles() throws IOException {
        GroupFiles files = GroupFiles.of(List.of(), List.of("24 32 0:9 / /tmp rw - tmpfs tmpfs rw"));

        assertThat(files.memory()).isEmpty();
        assertThat(files.cpu()).isEmpty();
    }
}
