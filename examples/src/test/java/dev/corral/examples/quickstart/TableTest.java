package dev.corral.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table pods = Table.of("NAME", "READY", "STATUS")
                .row("web-1", "1/1", "Running")
                .row("a", "0/1", "");

        assertThat(pods).hasToString("""
                        NAME    READY   STATUS
                        web-1   1/1     Running
                        a       0/1
                        """);
    }
}
