package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AtShutdownTest {
    private static final long GRACE = Duration.ofSeconds(3).toNanos();

    private final List<String> told = new ArrayList<>();
    private final List<Long> asked = new ArrayList<>();
    private final List<Long> deadlines = new ArrayList<>();

    private AtShutdown.Ending ending(String name) {
        return new AtShutdown.Ending() {
            @Override
            public void ask() {
                asked.add(System.nanoTime());
                told.add("ask " + name);
            }

            @Override
            public void finish(long deadline) {
                deadlines.add(deadline);
                told.add("finish " + name);
            }
        };
    }

    /** However slow the machine is: what each of them may wait until is counted from before the first was asked. */
    @Test
    void allHaveTheSameThreeSecondsAndTheNewestComesFirst() {
        AtShutdown all = new AtShutdown();
        List<AtShutdown.Ending> open = List.of(ending("old"), ending("gone"), ending("new"));
        open.forEach(all::add);
        all.remove(open.get(1));
        long begin = System.nanoTime();
        try {
            all.end();
        } finally {
            open.forEach(all::remove); // this JVM's end is not theirs
        }
        assertThat(told).containsExactly("ask new", "ask old", "finish new", "finish old");
        assertThat(deadlines).hasSize(2);
        assertThat(deadlines.get(1)).isEqualTo(deadlines.get(0));
        assertThat(deadlines.get(0) - begin).as("no less").isGreaterThanOrEqualTo(GRACE);
        assertThat(deadlines.get(0) - asked.get(0)).as("no more").isLessThanOrEqualTo(GRACE);
    }
}
