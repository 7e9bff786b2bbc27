package dev.corral.examples.classic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
    @Test
    void theSleepingProcessIsAloneWithALoopbackDevice() throws InterruptedException {
        NetworkNamespace.Seen seen = NetworkNamespace.run();

        assertThat(seen.listed().processes()).isOne();
        assertThat(seen.listed().first().orElseThrow().command()).isEqualTo("sleep 60");
        assertThat(seen.inside()).containsExactly("lo");
        assertThat(seen.outside()).contains("lo");
    }
}
