package dev.corral.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StepsTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();
    private final Steps steps = new Steps(new PrintStream(printed, true, UTF_8), clock::get);

    @Test
    void aStepTellsItsTimeAndWhatWasSeen() {
        steps.step("it works", () -> {
            clock.addAndGet(1_234_000_000);
            return "first\nsecond";
        });

        assertThat(printed.toString(UTF_8)).isEqualTo("""
                        ok        1.23 s it works
                                         first
                                         second
                        """);
        assertThat(steps.failed()).isFalse();
    }

    @Test
    void aBrokenClaimFailsTheWhole() {
        assertThatThrownBy(() -> steps.step("it works", () -> {
                    Claim.check(false, "it does not");
                    return "";
                }))
                .isInstanceOf(Steps.Failed.class);

        assertThat(printed.toString(UTF_8)).isEqualTo("""
                        FAILED    0.00 s it works
                                         it does not
                        """);
        assertThat(steps.failed()).isTrue();
    }

    @Test
    void whatIsSkippedSaysWhyAndFailsNothing() {
        steps.skip("it is limited", "no limits here");

        assertThat(printed.toString(UTF_8)).isEqualTo("""
                        skipped          it is limited
                                         no limits here
                        """);
        assertThat(steps.failed()).isFalse();
    }
}
