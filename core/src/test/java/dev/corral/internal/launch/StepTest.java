package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.CProgram;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StepTest {
    private static final Pattern ENTRY = Pattern.compile("^\\s*STEP\\((\\w+), \"([a-z.]+)\"\\)", Pattern.MULTILINE);

    @Test
    void theListIsThatOfTheLauncher() throws Exception {
        Matcher entries = ENTRY.matcher(Files.readString(CProgram.SOURCES.resolve("steps.h")));
        List<String> launcher = new ArrayList<>();
        while (entries.find()) {
            launcher.add(entries.group(1) + " " + entries.group(2));
        }
        List<String> here = new ArrayList<>();
        for (Step step : Step.values()) {
            here.add(step.name() + " " + step.text());
        }
        assertThat(here).isEqualTo(launcher).hasSizeGreaterThan(20);
    }

    @Test
    void anUnknownNumberIsNoStep() {
        assertThat(Step.at(-1)).isEmpty();
        assertThat(Step.at(Step.values().length)).isEmpty();
        assertThat(Step.at(0)).contains(Step.FDS_SWEEP);
    }
}
