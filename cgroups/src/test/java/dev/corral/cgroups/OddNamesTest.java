package dev.corral.cgroups;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that somebody gave a name by which a JVM does not find them as a rule: they are killed and removed like others. */
@Tag("v2")
class OddNamesTest extends RealGroups {
    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void whateverTheNameAndTheLocaleAreAGroupIsFoundKilledAndRemoved(String locale) throws Exception {
        List<String> line = OtherJvm.line(OddNames.class, name);
        ProcessBuilder jvm = new ProcessBuilder(line).redirectErrorStream(true);
        jvm.environment().put("LC_ALL", locale);
        Process program = jvm.start();
        String said = new String(program.getInputStream().readAllBytes(), UTF_8);

        assertThat(program.waitFor()).as(said).isZero();
        assertThat(said).contains(OddNames.WELL);
    }
}
