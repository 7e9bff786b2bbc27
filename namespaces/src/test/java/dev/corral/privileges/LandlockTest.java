package dev.corral.privileges;

import static dev.corral.privileges.LandlockRight.ABSTRACT_UNIX_SOCKET;
import static dev.corral.privileges.LandlockRight.BIND_TCP;
import static dev.corral.privileges.LandlockRight.CONNECT_TCP;
import static dev.corral.privileges.LandlockRight.EXECUTE;
import static dev.corral.privileges.LandlockRight.IOCTL_DEV;
import static dev.corral.privileges.LandlockRight.READ_DIR;
import static dev.corral.privileges.LandlockRight.READ_FILE;
import static dev.corral.privileges.LandlockRight.REFER;
import static dev.corral.privileges.LandlockRight.SIGNAL;
import static dev.corral.privileges.LandlockRight.TRUNCATE;
import static dev.corral.privileges.LandlockRight.WRITE_FILE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.Applied;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LandlockTest {
    private static final Path USR = Path.of("/usr");
    private static final Path TMP = Path.of("/tmp");

    /** What is left of everything on a kernel of each version. */
    @ParameterizedTest(name = "ABI {0}")
    @CsvSource({
        "0, 0x0, 0x0, 0x0, 20",
        "1, 0x1fff, 0x0, 0x0, 6",
        "2, 0x3fff, 0x0, 0x0, 6",
        "3, 0x7fff, 0x0, 0x0, 5",
        "4, 0x7fff, 0x3, 0x0, 3",
        "5, 0xffff, 0x3, 0x0, 2",
        "6, 0xffff, 0x3, 0x3, 0",
        "7, 0xffff, 0x3, 0x3, 0",
        "8, 0xffff, 0x3, 0x3, 0"
    })
    void bestEffortKeepsWhatTheKernelKnows(int abi, String files, String ports, String scopes, int missing) {
        LandlockRuleset ruleset = Landlock.all().bestEffort().against(abi);
        assertThat(ruleset.files()).isEqualTo(Long.decode(files));
        assertThat(ruleset.ports()).isEqualTo(Long.decode(ports));
        assertThat(ruleset.scopes()).isEqualTo(Long.decode(scopes));
        assertThat(ruleset.missing()).hasSize(missing);
        assertThat(ruleset.applied().dropped()).hasSize(missing);
        assertThat(ruleset.isEmpty()).isEqualTo(abi == 0);
    }

    @Test
    void rulesKeepOnlyRightsThatAreTaken() {
        Landlock wanted = Landlock.all()
                .execute(USR)
                .readWrite(TMP)
                .allow(TMP, IOCTL_DEV)
                .bindTcp(80, 443)
                .connectTcp(443)
                .bestEffort();
        LandlockRuleset whole = wanted.against(6);
        assertThat(whole.paths()).isEqualTo(Map.of(USR, 0b1101L, TMP, 0xffffL & ~(1 | 1 << 6 | 1 << 11)));
        assertThat(whole.portRules()).isEqualTo(Map.of(80, 1L, 443, 3L));
        LandlockRuleset old = wanted.against(1);
        assertThat(old.paths()).isEqualTo(Map.of(USR, 0b1101L, TMP, 0x1fffL & ~(1 | 1 << 6 | 1 << 11)));
        assertThat(old.portRules()).isEmpty();
        assertThat(Landlock.of(IOCTL_DEV)
                        .allow(TMP, IOCTL_DEV)
                        .bestEffort()
                        .against(4)
                        .paths())
                .isEmpty();
    }

    @Test
    void whatIsMissingIsAnErrorUnlessPutUpWith() {
        assertThatExceptionOfType(LandlockUnsupported.class)
                .isThrownBy(() -> Landlock.all().against(4))
                .withMessage(
                        "can't restrict [IOCTL_DEV, ABSTRACT_UNIX_SOCKET, SIGNAL]: that needs Landlock ABI 6, and this"
                                + " kernel has ABI 4; ask for less by knownTo(4), or for what there is by bestEffort()")
                .satisfies(missing -> {
                    assertThat(missing.abi()).isEqualTo(4);
                    assertThat(missing.missing()).containsExactlyInAnyOrder(IOCTL_DEV, ABSTRACT_UNIX_SOCKET, SIGNAL);
                });
        assertThatExceptionOfType(LandlockUnsupported.class)
                .isThrownBy(() -> Landlock.of(READ_FILE).against(0))
                .withMessageContaining("has no Landlock, or it is switched off");
        assertThat(Landlock.all().knownTo(4).against(4).missing()).isEmpty();
        assertThat(Landlock.all().against(6).missing()).isEmpty();
    }

    @Test
    void theReportTellsWhatIsEnforcedAndWhatIsNot() {
        Applied report = Landlock.of(READ_FILE, TRUNCATE, BIND_TCP)
                .bestEffort()
                .against(2)
                .applied();
        assertThat(report.entries())
                .extracting(Applied.Entry::feature, entry -> entry.readBack().orElse("-"), Applied.Entry::note)
                .containsExactly(
                        Tuple.tuple("landlock file", "read_file", "Landlock ABI 2"),
                        Tuple.tuple("landlock truncate", "-", "needs Landlock ABI 3, this kernel has ABI 2"),
                        Tuple.tuple("landlock bind_tcp", "-", "needs Landlock ABI 4, this kernel has ABI 2"));
    }

    @Test
    void theFirstVersionDeniesReferringAnyway() {
        Landlock denied = Landlock.of(READ_FILE, REFER).readOnly(USR);
        assertThat(denied.against(1).missing()).isEmpty();
        assertThat(denied.against(1).files()).isEqualTo(1 << 2);
        Landlock given = denied.allow(TMP, REFER);
        assertThatExceptionOfType(LandlockUnsupported.class).isThrownBy(() -> given.against(1));
        Applied.Entry entry = given.bestEffort().against(1).applied().entries().get(1);
        assertThat(entry.feature()).isEqualTo("landlock refer");
        assertThat(entry.readBack()).contains("denied everywhere");
        assertThat(given.against(2).paths()).containsEntry(TMP, 1L << 13);
    }

    @Test
    void rulesForOnePathAddUp() {
        Landlock one = Landlock.files().readOnly(USR).allow(USR, EXECUTE);
        assertThat(one)
                .isEqualTo(Landlock.files().execute(USR))
                .hasSameHashCodeAs(Landlock.files().execute(USR));
        assertThat(one).isNotEqualTo(Landlock.files().readOnly(USR)).isNotEqualTo(one.bestEffort());
        assertThat(Landlock.of(READ_FILE).readOnly(USR))
                .hasToString("Landlock[READ_FILE] {/usr=[READ_FILE, READ_DIR]}");
    }

    @Test
    void allIsWhatThereIs() {
        assertThat(Landlock.all().restricted()).isEqualTo(new TreeSet<>(Arrays.asList(LandlockRight.values())));
        assertThat(Landlock.files().restrict(SIGNAL).restricted())
                .contains(SIGNAL, WRITE_FILE)
                .hasSize(17);
        assertThat(Landlock.files().knownTo(1).restricted()).hasSize(13).doesNotContain(REFER);
    }

    @Test
    void rulesThatMeanNothingAreRefused() {
        refused(() -> Landlock.files().readOnly(Path.of("usr")), "is not absolute");
        refused(() -> Landlock.files().bindTcp(80), "none of that is taken");
        refused(() -> Landlock.of(BIND_TCP).readOnly(USR), "none of that is taken");
        refused(() -> Landlock.all().allow(USR, CONNECT_TCP), "is no right to files");
        refused(() -> Landlock.all().allow(USR, READ_DIR, SIGNAL), "is no right to files");
        refused(() -> Landlock.all().bindTcp(65_536), "between 0 and 65535");
        refused(() -> Landlock.all().connectTcp(-1), "between 0 and 65535");
    }

    private static void refused(Runnable attempt, String why) {
        assertThatIllegalArgumentException().isThrownBy(attempt::run).withMessageContaining(why);
    }

    @Test
    void missingRightsAreAClosedSet() {
        LandlockUnsupported missing = new LandlockUnsupported(3, Set.of(BIND_TCP));
        assertThat(missing.missing()).isUnmodifiable();
    }
}
