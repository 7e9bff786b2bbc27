package dev.corral.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The one reader of /proc/PID/stat. */
class ProcStatTest {
    /** Of Linux 6.18, with another name. */
    private static final String LINE = "12 (a) (b) c) S 7 12 12 0 -1 4194560 151 0 0 0 3 4 50 60 20 0 1 0 98765 6094848"
            + " 512 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    @Test
    void theFieldsAreFoundWhateverTheNameIs() {
        assertThat(ProcStat.parse(LINE)).contains(new ProcStat('S', 7, 4_194_560, 53, 64, 98_765, 0));
        assertThat(ProcStat.parse(LINE.replace("(a) (b) c)", "(\n )"))).isEqualTo(ProcStat.parse(LINE));
    }

    @Test
    void whatItIsFollowsFromThem() {
        ProcStat stat = ProcStat.parse(LINE).orElseThrow();
        assertThat(stat.isDead()).isFalse();
        assertThat(stat.isKernelThread()).isFalse();
        assertThat(stat.isRealTime()).isFalse();
        assertThat(ProcStat.parse(LINE.replace(" S ", " Z ")).orElseThrow().isDead())
                .isTrue();
        assertThat(ProcStat.parse(LINE.replace(" 4194560 ", " 2129984 "))
                        .orElseThrow()
                        .isKernelThread())
                .isTrue();
        assertThat(ProcStat.parse(LINE.replace(" 17 1 0 0 ", " 17 1 50 2 "))
                        .orElseThrow()
                        .policy())
                .isEqualTo(2);
    }

    @Test
    void damagedTextIsNone() {
        assertThat(ProcStat.parse("")).isEmpty();
        assertThat(ProcStat.parse("12 (a) S 7")).isEmpty();
        assertThat(ProcStat.parse(LINE.replace("98765", "soon"))).isEmpty();
        assertThat(ProcStat.parse(LINE.replace(" S ", "  "))).isEmpty();
    }

    @Test
    void theKernelsOwnLineIsRead() throws Exception {
        ProcessHandle self = ProcessHandle.current();
        ProcStat stat = ProcStat.of(self.pid()).orElseThrow();
        assertThat(stat.parent())
                .isEqualTo(self.parent().map(ProcessHandle::pid).orElse(0L));
        assertThat(stat.isDead()).isFalse();
        assertThat(ProcStat.parse(Files.readString(Path.of("/proc/self/stat"))).map(ProcStat::start))
                .contains(stat.start());
        assertThat(ProcStat.of(Integer.MAX_VALUE)).isEmpty();
    }
}
