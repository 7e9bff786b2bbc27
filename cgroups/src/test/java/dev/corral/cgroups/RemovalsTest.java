package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corral.internal.linux.Poller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who looks after a directory that was removed. */
class RemovalsTest {
    @TempDir
    Path directory;

    @Test
    void oneWhoFailsDoesNotKeepTheOthersFromLooking() throws Exception {
        List<String> looked = new CopyOnWriteArrayList<>();
        Path one = Files.createDirectory(directory.resolve("one"));
        Path other = Files.createDirectory(directory.resolve("other"));
        try (Poller poller = new Poller("corral-test-removals");
                Removals removals = new Removals(poller)) {
            Runnable failing = () -> {
                looked.add("one");
                throw new IllegalStateException("on purpose");
            };
            try (Removals.Watched first = removals.watch(one, failing);
                    Removals.Watched second = removals.watch(other, () -> looked.add("other"))) {
                assertThat(List.of(first, second)).doesNotHaveDuplicates();
                Files.delete(one);
                await().atMost(Heard.PATIENCE)
                        .untilAsserted(() -> assertThat(looked).contains("one"));
                Files.delete(other);
                await().atMost(Heard.PATIENCE)
                        .untilAsserted(() -> assertThat(looked).contains("other"));
            }
        }
    }
}
