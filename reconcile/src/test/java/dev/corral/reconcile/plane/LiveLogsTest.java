package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.ByteSize;
import dev.corral.reconcile.node.LogPolicy;
import dev.corral.reconcile.workload.ContainerLog;
import dev.corral.reconcile.workload.LogLine;
import dev.corral.reconcile.workload.LogQuery;
import dev.corral.reconcile.workload.Pod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Logs of real processes, and commands beside them. */
class LiveLogsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    @Timeout(180)
    void aLogIsFollowedAcrossLinesAndTheRunBeforeIsKept(@TempDir Path directory) throws Exception {
        LogPolicy files = LogPolicy.files(directory, ByteSize.mebibytes(1), 2);
        try (ControlPlane plane = ControlPlane.local().logs(files).start()) {
            plane.apply(Pod.named("talker")
                    .container(c -> c.command("/bin/sh", "-c", "echo mine is $$0; read line < /tmp/$HOSTNAME", "x")));
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> !plane.logs("talker", "main", LogQuery.all().ofPrevious())
                            .isEmpty());
            assertThat(plane.logs("talker", "main", LogQuery.all().ofPrevious().tail(2))
                            .get(0)
                            .text())
                    .startsWith("mine is");
            assertThat(directory).isNotEmptyDirectory();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    @Timeout(180)
    void aCommandRunsInTheContainerWithStreamsOfItsOwn() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(Pod.named("web")
                    .container(c -> c.command("/bin/sh", "-c", "echo up; exec sleep 600")
                            .env("GREETING", "hello")));
            assertThat(plane.await(Pod.KIND, "web", Pod::ready, LIMIT)).isPresent();
            try (ContainerLog.Follower log = plane.follow("web", "main")) {
                assertThat(log.next(LIMIT)).map(LogLine::text).contains("up");
                Process command =
                        plane.exec("web", "main", "/bin/sh", "-c", "read name; echo $GREETING $name; hostname");
                command.getOutputStream().write("world\n".getBytes(StandardCharsets.UTF_8));
                command.getOutputStream().close();
                assertThat(new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("hello world\nweb\n");
                assertThat(command.waitFor()).isZero();
                plane.delete(Pod.KIND, "web");
                while (!log.ended()) {
                    log.next(LIMIT);
                }
            }
            assertThatThrownBy(() -> plane.follow("gone", "main"))
                    .isInstanceOf(NotRunning.class)
                    .hasMessage("there is no pod gone");
        }
    }

    @Test
    void whatIsAskedOfAContainerThatDoesNotRunIsToldWhy() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(Pod.named("web").container(c -> c.command("/nowhere/to/be/found")));
            assertThatThrownBy(() -> plane.exec("web", "mian", "true"))
                    .isInstanceOf(NotRunning.class)
                    .hasMessage("pod web has no container mian, only [main]");
            assertThatThrownBy(() -> plane.exec("web", "main", "true"))
                    .isInstanceOf(NotRunning.class)
                    .hasMessageStartingWith("container main of pod web does not run now; the pod is 0/1 ");
        }
    }
}
