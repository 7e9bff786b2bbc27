package dev.corral.examples.classic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DailyCommandsTest {
    @Test
    void eachCommandDoesWhatItSays() throws Exception {
        List<String> lines = new ArrayList<>();

        DailyCommands.run(lines::add);

        assertThat(lines)
                .map(line -> line.substring(0, line.indexOf(' ')))
                .containsExactly("run", "list", "inspect", "attach", "exec", "copy", "enter", "stop", "again");
        assertThat(lines)
                .contains(
                        "attach   are you there?",
                        "exec     box",
                        "copy     A LETTER",
                        "enter    box",
                        "again    and now?")
                .anyMatch(line -> line.matches("list     pid:\\[\\d+] [12] process(es)?, pid \\d+ .*"))
                .anyMatch(line -> line.startsWith("inspect  [") && line.contains("net:["))
                .anyMatch(line -> line.startsWith("stop     killed by SIGTERM in "));
    }
}
