package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeTest {
    private final Store store = Store.inMemory();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "healthz",
                "/a b",
                "/ HTTP/1.1\r\nHost: other\r\n\r\n",
                "/a\n",
                "/a\t",
                "/a\0",
                "/a\u007f",
                "/a\u0085",
                "/a\u00a0",
                "/a\u2028"
            })
    void aPathThatWouldNotStayOneWordOfTheRequestIsRefused(String path) {
        assertThatExceptionOfType(InvalidSpec.class)
                .isThrownBy(() -> store.apply(probed(path)))
                .withMessageContaining("spec.containers[0].readinessProbe.path: ")
                .withMessageContaining("it must begin with / and contain neither spaces nor control characters")
                .matches(refused -> refused.toString().chars().noneMatch(Character::isISOControl));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/healthz?full=yes&x=%20", "/größe"})
    void anyOtherPathIsTaken(String path) {
        assertThat(store.apply(probed(path)).ok()).isTrue();
    }

    @Test
    void aWorkingDirectoryThatNoProgramCouldHaveIsRefused() {
        Pod web = probed("/");
        PodSpec spec = web.spec().container(c -> c.workingDir("/a\0b"));
        assertThatExceptionOfType(InvalidSpec.class)
                .isThrownBy(() -> store.apply(new Pod("web", web.labels(), spec)))
                .withMessageContaining("spec.containers[0].workingDir: '/a\\0b': it must not contain a NUL");
    }

    private static Pod probed(String path) {
        return Pod.named("web").container(c -> c.command("serve").port("http").readiness(Probe.http("http", path)));
    }
}
