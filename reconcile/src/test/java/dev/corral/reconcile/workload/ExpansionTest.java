package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "$(PORT), 8080",
        "http://$(HOST):$(PORT)/, http://localhost:8080/",
        "$(OTHER), $(OTHER)",
        "$$(PORT), $(PORT)",
        "$$$(PORT), $8080",
        "$PORT, $PORT",
        "$(PORT, $(PORT",
        "a$, a$",
        "$$, $",
        "$(), $()"
    })
    void replacesWhatItKnows(String text, String expanded) {
        assertThat(Expansion.expand(text, Map.of("PORT", "8080", "HOST", "localhost")))
                .isEqualTo(expanded);
    }
}
