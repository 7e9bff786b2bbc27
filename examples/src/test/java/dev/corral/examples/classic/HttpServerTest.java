package dev.corral.examples.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.corral.network.UserModeUnavailable;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    @Test
    void aClientGetsWhatTheServersEnvironmentSays() throws IOException, InterruptedException {
        assertThat(answer()).isEqualTo("hello from pid 2");
    }

    private static String answer() throws IOException, InterruptedException {
        try {
            return HttpServer.run();
        } catch (UserModeUnavailable without) {
            return abort("an ordinary user: " + without.getMessage());
        }
    }
}
