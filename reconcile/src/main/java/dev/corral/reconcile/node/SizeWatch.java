package dev.corral.reconcile.node;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.VolumeSource;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at the volumes of one pod every ten seconds, and tells when one holds more than it may. */
final class SizeWatch implements AutoCloseable {
    static final Duration PERIOD = Duration.ofSeconds(10);

    private final Map<Path, Long> limits;
    private final Clock clock;
    private final Executor executor;
    private final Consumer<String> tooMuch;
    private Clock.@Nullable Timer next;
    private boolean closed;

    /**
     * Looks for the first time after a period, and until it is closed.
     *
     * @param limits the most bytes of each directory
     * @param tooMuch told what holds too much, each time it is seen
     */
    SizeWatch(Map<Path, Long> limits, Clock clock, Executor executor, Consumer<String> tooMuch) {
        this.limits = Map.copyOf(limits);
        this.clock = clock;
        this.executor = executor;
        this.tooMuch = tooMuch;
        again();
    }

    /** The limits of a pod's empty directories, but for those that the kernel sees to. */
    static Map<Path, Long> limits(PodSpec pod, ContainerRuntime.Identity run, Storage storage) {
        Map<Path, Long> limits = new LinkedHashMap<>();
        pod.volumes().forEach(volume -> {
            if (volume.source() instanceof VolumeSource.EmptyDir empty
                    && empty.sizeLimit().isPresent()) {
                long most = empty.sizeLimit().get().bytes().bytes();
                Path directory = storage.emptyDir(run, volume.name(), empty);
                if (!storage.isBounded(directory)) {
                    limits.put(directory, most);
                }
            }
        });
        return limits;
    }

    private synchronized void again() {
        if (!closed) {
            next = clock.at(clock.now().plus(PERIOD), () -> executor.execute(this::look));
        }
    }

    private void look() {
        for (Map.Entry<Path, Long> limit : limits.entrySet()) {
            long size = size(limit.getKey());
            if (size > limit.getValue()) {
                tooMuch.accept("volume " + limit.getKey().getFileName() + " holds " + size + " bytes, its limit is "
                        + limit.getValue());
            }
        }
        again();
    }

    /** What files take in a directory, without following links; what can't be read does not count. */
    static long size(Path directory) {
        AtomicLong sum = new AtomicLong();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum.addAndGet(attributes.isRegularFile() ? attributes.size() : 0);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failed) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException impossible) {
            throw new IllegalStateException("a visitor that puts up with everything failed", impossible);
        }
        return sum.get();
    }

    @Override
    public synchronized void close() {
        closed = true;
        Optional.ofNullable(next).ifPresent(Clock.Timer::cancel);
    }
}
