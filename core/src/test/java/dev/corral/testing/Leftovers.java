package dev.corral.testing;

import static dev.corral.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Child;
import dev.corral.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The processes, descriptors and threads of this JVM at one moment, to be compared with a later one.
 *
 * @param children pids of direct children, zombies included
 * @param descriptors what each open descriptor leads to; jars and class files come and go with class loading
 * @param threads ids and names
 */
public record Leftovers(List<Long> children, Set<String> descriptors, Set<String> threads) {
    /** What stays for good is made before: the launcher's threads and memory, classes, the pipes of JUnit. */
    private static final int WARM_UP = 12;

    private static final Duration FOREIGN = Duration.ofSeconds(20);

    private static final AtomicBoolean WARM = new AtomicBoolean();

    /** The present state; the first time after a few launches. */
    public static Leftovers before() {
        for (int i = 0; i < WARM_UP && !WARM.get(); i++) {
            try (Child child = Command.of("true").with(Namespacing.anyOrNone()).start()) {
                child.onExit().join();
            }
        }
        WARM.set(true);
        return now();
    }

    public static Leftovers now() {
        return new Leftovers(Processes.children(), openDescriptors(), liveThreads());
    }

    /**
     * Fails if there is anything now that was not there before. Surefire runs a ps(1) of its own every now and then: what is
     * gone after a moment was not ours, because Corral gives back before it returns.
     */
    public void assertNothingIsLeft() {
        if (!now().isWithin(this)) {
            await().pollInSameThread().atMost(FOREIGN).untilAsserted(() -> {
                Leftovers now = now();
                assertThat(minus(now.children, children)).as("children").isEmpty();
                assertThat(minus(now.descriptors, descriptors))
                        .as("descriptors")
                        .isEmpty();
                assertThat(minus(now.threads, threads)).as("threads").isEmpty();
            });
        }
    }

    private boolean isWithin(Leftovers other) {
        return other.children.containsAll(children)
                && other.descriptors.containsAll(descriptors)
                && other.threads.containsAll(threads);
    }

    private static <T> List<T> minus(Iterable<T> now, Collection<T> before) {
        List<T> more = new ArrayList<>();
        now.forEach(one -> {
            if (!before.contains(one)) {
                more.add(one);
            }
        });
        return more;
    }

    /** A descriptor as number and target: the kernel gives pipes and sockets numbers of their own. */
    private static Set<String> openDescriptors() {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.map(link -> link.getFileName() + " " + target(link))
                    .filter(open -> !open.endsWith(" "))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Empty for what is closed by now, for the listing itself, and for what class loading opens. */
    private static String target(Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            boolean passing = target.endsWith(".jar") || target.endsWith(".class") || target.matches("/proc/[0-9]+/fd");
            return passing ? "" : target;
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    /** Without the JDK's reapers and Corral's own, which end when idle, the JDK's timer and pools, and the watcher that JUnit starts once. */
    private static Set<String> liveThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("process reaper"))
                .filter(thread -> !thread.getName().startsWith("corral-exit"))
                .filter(thread -> !thread.getName().startsWith("corral-output"))
                .filter(thread -> !thread.getName().startsWith("corral-talk"))
                .filter(thread -> !thread.getName().startsWith("CompletableFutureDelayScheduler"))
                .filter(thread -> !thread.getName().startsWith("ForkJoinPool"))
                .filter(thread -> !thread.getName().startsWith("VirtualThread-"))
                .filter(thread -> !thread.getName().startsWith("junit-jupiter-timeout-watcher"))
                .map(thread -> thread.getName() + " #" + System.identityHashCode(thread))
                .collect(Collectors.toSet());
    }
}
