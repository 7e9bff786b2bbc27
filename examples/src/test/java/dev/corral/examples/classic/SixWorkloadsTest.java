package dev.corral.examples.classic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SixWorkloadsTest {
    @Test
    void allSixAreAsDeclared() throws InterruptedException {
        String tables = SixWorkloads.run();

        assertThat(tables.lines())
                .anyMatch(line -> line.matches("web +2/2 .*"))
                .anyMatch(line -> line.matches("workers +2 +2 +2 .*"))
                .anyMatch(line -> line.matches("store +2/2 .*"))
                .anyMatch(line -> line.matches("agent +1 +1 +1 .*"))
                .anyMatch(line -> line.matches("sums +.*2/2 .*"))
                .anyMatch(line -> line.matches("nightly +0 3 \\* \\* \\* .*"));
    }
}
