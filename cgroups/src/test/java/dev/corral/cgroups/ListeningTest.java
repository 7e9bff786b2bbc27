package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The thread that hears of all events, and those who are told. */
@Tag("v2")
class ListeningTest extends RealEvents {
    @Test
    void allShareOneThreadWhichEndsWithTheLast() {
        awaitSilence();
        try (Cgroup group = host.create(name)) {
            Subscription first = group.on(heard);
            Subscription second = group.on(heard);
            assertThat(threads()).isEqualTo(1);
            first.close();
            assertThat(threads()).isEqualTo(1);
            second.close();
            second.close();
            awaitSilence();
            try (Subscription third = group.on(heard)) {
                assertThat(threads()).isEqualTo(1);
                assertThat(third.isActive()).isTrue();
            }
        }
    }

    @Test
    void aHandlerThatFailsOrClosesDisturbsNobody() throws Exception {
        try (Cgroup group = host.create(name)) {
            Subscription[] mine = new Subscription[1];
            mine[0] = group.on(new CgroupEvents() {
                @Override
                public void populated() {
                    throw new IllegalStateException("on purpose");
                }

                @Override
                public void empty() {
                    mine[0].close();
                }
            });
            try (Subscription other = group.on(heard);
                    Child child = Command.of("sleep", "600").with(group).start()) {
                heard.await("populated");
                child.destroyForcibly();
                heard.await("populated", "empty");
                await().atMost(Heard.PATIENCE).until(() -> !mine[0].isActive());
                assertThat(other.isActive()).isTrue();
            }
        }
    }

    @Test
    void anExecutorThatTakesNothingLosesEventsAndNothingElse() throws Exception {
        var executor = Executors.newSingleThreadExecutor();
        executor.shutdown();
        try (Cgroup group = host.create(name);
                Subscription deaf = group.on(heard, executor);
                Subscription other = group.on(heard)) {
            comeAndGo(group);
            assertThat(deaf.isActive()).isTrue();
            assertThat(other.isActive()).isTrue();
        }
    }

    @Test
    void whoListensIsToldThatNothingIsHeardAnyMore() throws Exception {
        // looked at every 100 ms
        assumeTrue(
                host.mode() != CgroupMode.UNIFIED && Files.exists(Path.of("/sys/fs/cgroup/pids")),
                "version 1 does not hold pids");
        AtomicBoolean starved = new AtomicBoolean();
        Host real = Host.real(Path.of("/proc"));
        Cgroups starving = Cgroups.detect(
                real.through(new Held(real.tree()) {
                    @Override
                    public Optional<String> value(Path directory, String file) {
                        if (starved.get() && file.equals("pids.events")) {
                            throw new OutOfMemoryError("a test");
                        }
                        return super.value(directory, file);
                    }
                }),
                Path.of("/sys"));
        try (Cgroup group = starving.create(name);
                Subscription listening = group.on(heard);
                Cgroup other = starving.create(name + "-other")) {
            starved.set(true);

            heard.await(1, ListeningFailed.class);
            assertThat(heard.all(ListeningFailed.class)).singleElement().satisfies(why -> {
                assertThat(why)
                        .hasMessageContaining("cannot listen to ")
                        .hasRootCauseInstanceOf(OutOfMemoryError.class);
            });
            assertThat(listening.isActive()).isFalse();

            // the thread that all share goes on
            starved.set(false);
            Heard others = new Heard();
            try (Subscription more = other.on(others)) {
                other.freeze(Heard.PATIENCE);
                others.await("frozen");
                other.thaw();
                assertThat(more.isActive()).isTrue();
            }
        }
    }

    /** Each step on the way takes a descriptor. */
    @Test
    void whoHasNoDescriptorLeftIsToldThatNobodyListens() throws Exception {
        List<String> line = new ArrayList<>(List.of("sh", "-c", "ulimit -n 300; exec \"$@\"", "sh"));
        line.addAll(OtherJvm.line(StarvedListener.class, name));
        Process starved = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = starved.inputReader().lines().toList();

        assertThat(starved.waitFor()).isZero();
        assertThat(said).hasSizeGreaterThan(2).endsWith("listens", "left 0");
        assertThat(said.subList(0, said.size() - 1))
                .allMatch(answer ->
                        answer.equals("listens") || (answer.startsWith("KernelRefused ") && answer.contains("EMFILE")));
        assertThat(said.get(0)).startsWith("KernelRefused cannot watch ");
    }
}
