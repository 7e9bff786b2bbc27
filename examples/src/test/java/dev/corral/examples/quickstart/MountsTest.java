package dev.corral.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MountsTest {
    private static final Pattern MARK = Pattern.compile("-4711-[0-9a-z]+-[0-9a-z]+");
    private static final String ROOT = "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw";
    private static final String PROC = "24 22 0:22 / /proc rw,nosuid - proc proc rw";
    private static final Mounts BEFORE = new Mounts(List.of(ROOT, PROC, "30 22 0:30 / /mnt rw - tmpfs tmpfs rw"));

    @Test
    void nothingHasChanged() throws Exception {
        assertThat(Mounts.now().changedSince(Mounts.now(), MARK)).isEmpty();
    }

    @Test
    void whatOthersMountAndUnmountIsNotOurs() {
        Mounts now = new Mounts(List.of(
                ROOT,
                PROC,
                "90 22 0:60 / /media/stick rw - vfat /dev/sdb1 rw",
                "91 22 0:4 net:[4026532300] /run/netns/blue rw - nsfs nsfs rw"));
        assertThat(now.changedSince(BEFORE, MARK)).isEmpty();
    }

    @Test
    void aPrivateProcThatGotOutIsFound() {
        String escaped = "92 24 0:61 / /proc rw,nosuid,nodev,noexec - proc proc rw";
        assertThat(with(escaped).changedSince(BEFORE, MARK)).containsExactly("+" + escaped);
    }

    @Test
    void aMountWithOurMarkIsFound() {
        String marked = "93 22 0:27 /corral-4711-abc-def /mnt/group rw - cgroup2 cgroup2 rw";
        assertThat(with(marked).changedSince(BEFORE, MARK)).containsExactly("+" + marked);
        assertThat(with(marked.replace("4711", "815")).changedSince(BEFORE, MARK))
                .isEmpty();
    }

    @Test
    void aRootThatNoLongerSpreadsItsMountsIsFound() {
        String alone = ROOT.replace("shared:1", "master:1");
        assertThat(new Mounts(List.of(alone, PROC)).changedSince(BEFORE, MARK))
                .containsExactly("-" + ROOT, "+" + alone);
    }

    private static Mounts with(String... more) {
        List<String> all = new ArrayList<>(BEFORE.lines());
        all.addAll(Arrays.asList(more));
        return new Mounts(all);
    }
}
