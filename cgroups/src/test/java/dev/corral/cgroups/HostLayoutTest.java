package dev.corral.cgroups;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.internal.linux.FileNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of the texts of different hosts and containers. */
class HostLayoutTest {
    private static final Path FS = Path.of("/sys/fs/cgroup");
    private static final String CGROUP2_MAGIC = "63677270";

    /** Fixture, mode, this process's group in the memory hierarchy, in the cpu hierarchy, in the version 2 tree. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "6.1-debian12, UNIFIED, -, -, system.slice/builds.service",
        "5.4-ubuntu2004, HYBRID, memory/user.slice/user-1000.slice/user@1000.service, cpu+cpuacct/user.slice,"
                + " unified/user.slice/user-1000.slice/user@1000.service/gnome-terminal-server.service",
        "3.10-rhel7, LEGACY, memory, cpu+cpuacct, -",
        "4.18-rhel8, LEGACY, memory/system.slice/builds.service, cpu+cpuacct/system.slice, -",
        "6.1-docker-hostns, UNIFIED, -, -, system.slice/docker-4f0c3d1be5a9.scope",
        "6.1-container-v2, UNIFIED, -, -, .",
        "5.4-container-v1, LEGACY, memory, cpu+cpuacct, -",
        "5.15-docker-v1-privatens, LEGACY, memory, cpu+cpuacct, -",
        "6.5-podman-rootless, UNIFIED, -, -, .",
        "6.5-podman-hostns, UNIFIED, -, -, user.slice/user-1000.slice/user@1000.service/user.slice/"
                + "libpod-9d2c1ab7.scope/container",
        "5.10-kubernetes-v1, LEGACY, memory, cpu+cpuacct, -",
        "6.8-kubernetes-v2, UNIFIED, -, -, system.slice/kubepods-burstable-pod7d1f0c2e.slice:cri-containerd:2f6b9a",
        "5.15-wsl2, HYBRID, memory, cpu, unified",
        "6.6-wsl2-systemd, UNIFIED, -, -, init.scope",
    })
    void aHostIsUnderstood(String fixture, CgroupMode mode, String memory, String cpu, String unified) {
        Layout layout = Fixture.layout(fixture);

        assertThat(layout.mode()).isEqualTo(mode);
        assertThat(layout.v1("memory").flatMap(HostLayoutTest::own)).isEqualTo(path(memory));
        assertThat(layout.v1("cpu").flatMap(HostLayoutTest::own)).isEqualTo(path(cpu));
        assertThat(layout.v2().flatMap(HostLayoutTest::own)).isEqualTo(path(unified));
    }

    @ParameterizedTest
    @CsvSource({"3.10-rhel7", "5.4-ubuntu2004", "5.10-hybrid", "4.9-legacy", "5.10-duplicates"})
    void mountedTogetherIsOneHierarchyWhateverTheOrder(String fixture) {
        Layout layout = Fixture.layout(fixture);

        assertThat(layout.v1("cpu")).isPresent().isEqualTo(layout.v1("cpuacct"));
        assertThat(layout.hierarchies())
                .filteredOn(hierarchy -> hierarchy.controllers().contains("cpu"))
                .singleElement()
                .extracting(Hierarchy::controllers)
                .isEqualTo(Set.of("cpu", "cpuacct"));
    }

    @Test
    void anOldKernelHasNoVersion2() {
        assertThat(Fixture.layout("3.10-rhel7").v2()).isEmpty();
        assertThat(Fixture.layout("4.18-rhel8").v2()).isEmpty();
    }

    @Test
    void aPathOfTheHostsIsOfNoUseWhereTheTreeIsNotMounted() {
        assertThat(Fixture.layout("5.10-kubernetes-v1").v2().orElseThrow().own())
                .isEqualTo(new Place.NotMounted());
    }

    @Test
    void theCopyInTheUsualPlaceIsPreferredToBindMounts() {
        Layout layout = Fixture.layout("5.10-duplicates");

        assertThat(layout.v1("memory").flatMap(HostLayoutTest::own)).contains(FS.resolve("memory/docker/a1"));
        assertThat(layout.v1("cpu").flatMap(HostLayoutTest::own)).contains(FS.resolve("cpuacct,cpu/docker/a1"));
        assertThat(layout.v1("memory").orElseThrow().readOnly()).isFalse();
    }

    @Test
    void aPartOfATreeThatDoesNotHoldTheGroupIsPassedOver() {
        Layout layout = Layout.parse(
                Fixture.text("5.10-duplicates", "mountinfo")
                        .replace("/ /sys/fs/cgroup/memory rw", "/other /sys/fs/cgroup/memory rw"),
                Fixture.text("5.10-duplicates", "cgroup"),
                path -> path);

        assertThat(layout.v1("memory").flatMap(HostLayoutTest::own)).contains(FS.resolve("memory-again/docker/a1"));
    }

    @Test
    void aTreeInsideANestedContainerDoesNotMakeTheHostHybrid() {
        Layout layout = Fixture.layout("5.10-duplicates");

        assertThat(layout.mode()).isEqualTo(CgroupMode.LEGACY);
        assertThat(layout.v2().orElseThrow().own())
                .isEqualTo(new Place.NotVisible(
                        "/docker/a1", Path.of("/var/lib/two/rootfs/sys/fs/cgroup/unified"), "/docker/b2"));
    }

    @Test
    void aTreeMountedFromAnotherNamespaceSaysSo() {
        Layout layout = Fixture.layout("6.18-namespace-without-mount");

        assertThat(layout.v1("memory").orElseThrow().own())
                .isEqualTo(new Place.NotVisible("/", FS.resolve("memory"), "/../.."))
                .extracting(place -> ((Place.Hidden) place).why())
                .asString()
                .contains("mounted from another cgroup namespace", "mount the file system again");
        assertThat(layout.v1("pids").flatMap(HostLayoutTest::own)).contains(FS.resolve("pids"));
    }

    @Test
    void whatIsMountedOverIsNotThere() {
        String mountinfo = """
                20 1 8:1 / / rw - ext4 /dev/sda1 rw
                29 20 0:25 / /sys/fs/cgroup rw - tmpfs tmpfs rw
                36 29 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
                50 29 0:40 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
                60 20 0:32 / /mnt/a/memory rw - cgroup cgroup rw,memory
                61 20 8:2 / /mnt/a rw - ext4 /dev/sda2 rw
                """;

        Layout layout = Layout.parse(mountinfo, "5:memory:/\n0::/a\n", path -> path);

        assertThat(layout.mode()).isEqualTo(CgroupMode.UNIFIED);
        assertThat(layout.v1("memory").orElseThrow().own()).isEqualTo(new Place.NotMounted());
    }

    @Test
    void aMountThatIsItsOwnParentEndsTheWay() {
        assertThat(MountInfo.reachable(MountInfo.parse("""
                                1 1 0:1 / / rw - rootfs rootfs rw
                                2 3 0:2 / /a rw - tmpfs tmpfs rw
                                3 2 0:3 / /b rw - tmpfs tmpfs rw
                                """)))
                .extracting(MountInfo::id)
                .contains(1);
    }

    @Test
    void theTypeDecidesAndNotTheNameOfTheSource() {
        Layout layout = Layout.parse("30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n", "0::/\n", path -> path);

        assertThat(layout.mode()).isEqualTo(CgroupMode.UNIFIED);
    }

    @Test
    void aHierarchyWithoutAControllerLimitsNothing() {
        Layout layout = Layout.parse(
                "30 1 0:26 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n",
                "1:name=systemd:/\n",
                path -> path);

        assertThat(layout.mode()).isEqualTo(CgroupMode.NONE);
    }

    @Test
    void longNamesAreStillWhole() {
        String path = "/" + "a".repeat(4000);

        assertThat(Membership.parse("0::" + path + "\n"))
                .extracting(Membership::path, Membership::cut)
                .containsExactly(org.assertj.core.api.Assertions.tuple(path, false));
        assertThat(Membership.parse("0::/" + "a".repeat(4092) + "\n"))
                .extracting(Membership::cut)
                .containsExactly(true);
    }

    /** The parser's answer for this host, against the kernel's own. */
    @Test
    void theMagicNumberOfTheUsualPlaceAgrees() throws Exception {
        assumeTrue(Files.isDirectory(FS), "no /sys/fs/cgroup here");
        CgroupMode mode = Cgroups.detect().mode();
        assumeTrue(mode != CgroupMode.NONE, "no control groups here");

        Process stat = new ProcessBuilder("stat", "--file-system", "--format=%t", FS.toString()).start();
        String magic = new String(stat.getInputStream().readAllBytes(), US_ASCII).strip();
        assertThat(stat.waitFor()).isZero();
        assertThat(magic.equals(CGROUP2_MAGIC)).isEqualTo(mode == CgroupMode.UNIFIED);
    }

    @Test
    void thisProcessIsListedWhereItsGroupWasFound() throws Exception {
        Layout layout = Layout.parse(
                Files.readString(Path.of("/proc/self/mountinfo")),
                Files.readString(Path.of("/proc/self/cgroup")),
                path -> path);
        List<Path> own = layout.hierarchies().stream()
                .flatMap(hierarchy -> own(hierarchy).stream())
                .toList();
        assumeTrue(!own.isEmpty(), "no group of this process is visible here");

        for (Path group : own) {
            assertThat(Files.readAllLines(group.resolve("cgroup.procs")))
                    .as("%s", group)
                    .contains(Long.toString(ProcessHandle.current().pid()));
        }
    }

    private static Optional<Path> own(Hierarchy hierarchy) {
        return hierarchy.own().directory();
    }

    private static Optional<Path> path(String name) {
        return Optional.of(name)
                .filter(text -> !text.equals("-"))
                .map(text -> FS.resolve(text.replace('+', ',')).normalize());
    }

    @Test
    void namesOfMountsAndGroupsAreTakenAsTheyAre() {
        assertThat(MountInfo.parse(
                        "36 35 98:0 /gr\u00fc\u00dfe /mnt/gr\u00fc\u00dfe\r\\040x rw,noatime - ext3 /dev/root rw\n"))
                .singleElement()
                .satisfies(mount -> {
                    assertThat(FileNames.text(mount.point())).isEqualTo("/mnt/gr\u00fc\u00dfe\r x");
                    assertThat(mount.root()).isEqualTo("/gr\u00fc\u00dfe");
                });
        assertThat(Membership.parse("0::/a\r5:memory:/b\n"))
                .containsExactly(new Membership(Set.of(), "/a\r5:memory:/b", false));
    }
}
