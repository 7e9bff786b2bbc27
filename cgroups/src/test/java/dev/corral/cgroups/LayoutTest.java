package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayoutTest {
    @Test
    void version1HierarchiesBesideCgroup2AreHybrid() {
        Layout layout = Fixture.layout("6.18-hybrid");

        assertThat(layout.mode()).isEqualTo(CgroupMode.HYBRID);
        assertThat(own(layout, "memory")).isEqualTo(Path.of("/sys/fs/cgroup/memory/jobs/d7054"));
        assertThat(own(layout, "cpu")).isEqualTo(Path.of("/sys/fs/cgroup/cpu"));
        assertThat(layout.v2().orElseThrow().own().directory()).contains(Path.of("/sys/fs/cgroup/unified"));
    }

    @Test
    void controllersOfOneHierarchyShareItInAnyOrder() {
        Layout layout = Fixture.layout("5.10-hybrid");

        assertThat(layout.mode()).isEqualTo(CgroupMode.HYBRID);
        assertThat(layout.v1("cpu")).isEqualTo(layout.v1("cpuacct"));
        assertThat(own(layout, "cpuacct")).isEqualTo(Path.of("/sys/fs/cgroup/cpu,cpuacct/user.slice"));
        assertThat(layout.v2().orElseThrow().own().directory())
                .contains(Path.of("/sys/fs/cgroup/unified/user.slice/user-1000.slice/session-3.scope"));
    }

    @Test
    void aPathMayHoldColons() {
        assertThat(own(Fixture.layout("5.10-hybrid"), "memory"))
                .isEqualTo(Path.of("/sys/fs/cgroup/memory/user.slice/user-1000.slice/jobs:a:b"));
    }

    @Test
    void version1AloneIsLegacy() {
        Layout layout = Fixture.layout("4.9-legacy");

        assertThat(layout.mode()).isEqualTo(CgroupMode.LEGACY);
        assertThat(own(layout, "cpu")).isEqualTo(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
        assertThat(layout.v1("pids")).isEmpty();
        assertThat(layout.v2()).isEmpty();
    }

    @Test
    void cgroup2InTheUsualPlaceIsUnified() {
        Layout layout = Fixture.layout("6.8-unified");

        assertThat(layout.mode()).isEqualTo(CgroupMode.UNIFIED);
        assertThat(layout.v2().orElseThrow().own().directory())
                .contains(Path.of("/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/"
                        + "app-terminal-7.scope"));
    }

    @Test
    void aLoneVersion1HierarchyDoesNotMakeAUnifiedHostHybrid() {
        String mountinfo = Fixture.text("6.8-unified", "mountinfo")
                + "99 34 0:60 / /run/net_cls rw,relatime shared:60 - cgroup net_cls rw,net_cls\n";

        Layout layout = Layout.parse(mountinfo, "1:net_cls:/\n0::/\n", path -> path);

        assertThat(layout.mode()).isEqualTo(CgroupMode.UNIFIED);
        assertThat(own(layout, "net_cls")).isEqualTo(Path.of("/run/net_cls"));
    }

    @Test
    void aContainersMountRootIsTakenOffThePath() {
        Layout layout = Fixture.layout("5.4-container-v1");

        assertThat(layout.mode()).isEqualTo(CgroupMode.LEGACY);
        assertThat(own(layout, "memory")).isEqualTo(Path.of("/sys/fs/cgroup/memory"));
        assertThat(layout.v1("memory").orElseThrow().readOnly()).isTrue();
        assertThat(layout.v2().orElseThrow().own()).isEqualTo(new Place.NotMounted());
    }

    @Test
    void aContainerWithANamespaceSitsInItsRoot() {
        Layout layout = Fixture.layout("6.1-container-v2");

        assertThat(layout.mode()).isEqualTo(CgroupMode.UNIFIED);
        assertThat(layout.v2().orElseThrow().own().directory()).contains(Path.of("/sys/fs/cgroup"));
        assertThat(layout.v2().orElseThrow().readOnly()).isTrue();
    }

    @Test
    void aGroupThatCannotBeSeenSaysWhy() {
        Layout layout = Fixture.layout("6.1-deleted");

        assertThat(layout.v1("memory").orElseThrow().own()).isEqualTo(new Place.Deleted("/jobs/4711"));
        assertThat(layout.v1("pids").orElseThrow().own())
                .isEqualTo(new Place.NotVisible("/elsewhere", Path.of("/sys/fs/cgroup/pids"), "/pods"));
        assertThat(layout.v2().orElseThrow().own()).isEqualTo(new Place.AboveNamespace("/../other"));
    }

    @Test
    void aLineThatTheKernelCutIsNotTrusted() {
        String membership = "0::/" + "a".repeat(4095) + "\n";

        Layout layout = Layout.parse(Fixture.text("6.8-unified", "mountinfo"), membership, path -> path);

        assertThat(layout.v2().orElseThrow().own()).isEqualTo(new Place.Unknown());
    }

    @Test
    void aHostWithoutControlGroupsHasNone() {
        assertThat(Layout.parse("", "", path -> path)).isEqualTo(new Layout(CgroupMode.NONE, List.of()));
        assertThat(Layout.parse("", "0::/\n", path -> path).mode()).isEqualTo(CgroupMode.NONE);
    }

    @Test
    void theLaterMountHidesTheEarlierOne() {
        String mountinfo = """
                30 1 0:26 /old /sys/fs/cgroup rw - cgroup2 cgroup2 rw
                31 30 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
                """;

        Layout layout = Layout.parse(mountinfo, "0::/a\n", path -> path);

        assertThat(layout.v2().orElseThrow().own().directory()).contains(Path.of("/sys/fs/cgroup/a"));
    }

    @Test
    void mountPointsMoveWithTheRootOfSys() {
        Layout layout =
                Layout.parse(Fixture.text("6.8-unified", "mountinfo"), "0::/a\n", path -> Path.of("/elsewhere" + path));

        assertThat(layout.v2().orElseThrow().own())
                .isEqualTo(
                        new Place.At(Path.of("/elsewhere/sys/fs/cgroup/a"), Path.of("/elsewhere/sys/fs/cgroup"), "/"));
    }

    @Test
    void octalEscapesAreUndone() {
        assertThat(MountInfo.parse(Fixture.text("6.8-unified", "mountinfo")))
                .extracting(MountInfo::point)
                .contains(Path.of("/mnt/two words\tand\\more"));
    }

    @Test
    void damagedTextNeverFails() {
        for (long seed = 0; seed < 500; seed++) {
            String mountinfo = damaged(Fixture.text("5.10-hybrid", "mountinfo"), seed);
            String membership = damaged(Fixture.text("5.10-hybrid", "cgroup"), seed);

            assertThat(Layout.parse(mountinfo, membership, path -> path).mode())
                    .as("seed %d", seed)
                    .isNotNull();
        }
    }

    private static String damaged(String text, long seed) {
        Random random = new Random(seed);
        StringBuilder damaged = new StringBuilder(text);
        for (int i = 0; i < 5; i++) {
            int at = random.nextInt(damaged.length() - 10);
            switch (random.nextInt(3)) {
                case 0 -> damaged.deleteCharAt(at);
                case 1 -> damaged.setCharAt(at, " :-,\n/x".charAt(random.nextInt(7)));
                default -> damaged.delete(at, at + random.nextInt(10));
            }
        }
        return damaged.toString();
    }

    private static Path own(Layout layout, String controller) {
        return layout.v1(controller).orElseThrow().own().directory().orElseThrow();
    }
}
