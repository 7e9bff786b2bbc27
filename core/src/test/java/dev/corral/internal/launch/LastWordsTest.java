package dev.corral.internal.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.SocketCalls;
import org.junit.jupiter.api.Test;

class LastWordsTest {
    /** The reset once counted as the end, and the reason for it was thrown away. */
    @Test
    void anErrorSaidByAPeerThatDiedBeforeItListenedIsHeard() {
        int[] ends = SocketCalls.socketPair();
        try (Fd ours = new Fd(ends[0])) {
            try (Fd theirs = new Fd(ends[1])) {
                SocketCalls.send(ours.number(), "hello".getBytes(UTF_8), new int[0]);
                SocketCalls.send(theirs.number(), "no such call".getBytes(UTF_8), new int[0]);
            }

            assertThat(SocketCalls.receive(ours.number()).orElseThrow().bytes())
                    .asString(UTF_8)
                    .isEqualTo("no such call");
            assertThat(SocketCalls.receive(ours.number()).orElseThrow().end()).isTrue();
        }
    }
}
