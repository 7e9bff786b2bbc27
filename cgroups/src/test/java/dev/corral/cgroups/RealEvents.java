package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import org.junit.jupiter.api.BeforeEach;

/** Tests of what is told of groups of the real kernel. */
abstract class RealEvents {
    final Cgroups host = Cgroups.detect();
    final String name = "corral-events-" + Long.toHexString(System.nanoTime());
    final Heard heard = new Heard();

    @BeforeEach
    void needsGroups() {
        host.availability().values().forEach(answer -> assumeTrue(answer.ok(), answer::describe));
    }

    /** A group in another one that is limited by that alone. */
    final Cgroup inside(Cgroup pod) {
        return pod.host()
                .make(Limits.none().memory(mebibytes(400)).under(pod))
                .group()
                .orElseThrow();
    }

    /** Has a program in a group be killed for want of memory. */
    static void hog(Cgroup group) throws InterruptedException {
        try (Child child = Command.of("tail", "/dev/zero").with(group).start()) {
            assertThat(child.await()).isInstanceOf(Exit.Signalled.class);
        }
    }

    /** Has a program come into a group and end, until both were told. */
    final void comeAndGo(Cgroup group) throws InterruptedException {
        try (Child child = Command.of("sleep", "600").with(group).start()) {
            heard.await("populated");
            child.destroyForcibly();
            assertThat(child.await()).isInstanceOf(Exit.Signalled.class);
        }
        heard.await("populated", "empty");
    }

    /** Waits until nobody listens any more: the thread of the test before holds two descriptors until it has ended. */
    static void awaitSilence() {
        await().atMost(Heard.PATIENCE).until(() -> threads() == 0);
    }

    /** How many threads listen in this JVM. */
    static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("corral-cgroup-events"))
                .count();
    }
}
