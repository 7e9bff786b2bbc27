package dev.corral.namespaces;

import dev.corral.Child;
import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.FileRights;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.ProcIdMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Whose rights count inside a child. A JVM that is root would do as root of the host what the child's links and mounts make
 * of a path, and may make no files in file systems that belong to the child's user namespace: so it asks as root inside, on
 * a thread of its own, because rights over files are a thread's.
 */
final class InsideRights {
    private final OptionalInt user;
    private final OptionalInt group;

    private InsideRights(OptionalInt user, OptionalInt group) {
        this.user = user;
        this.group = group;
    }

    static InsideRights of(Child child) {
        if (LibC.effectiveUser() != 0) {
            return new InsideRights(OptionalInt.empty(), OptionalInt.empty());
        }
        Path process = Path.of("/proc/" + child.payloadPid());
        return new InsideRights(root(process.resolve("uid_map")), root(process.resolve("gid_map")));
    }

    /** What id 0 inside is outside; empty where it is the JVM's own. */
    private static OptionalInt root(Path map) {
        try {
            return root(Files.readString(map));
        } catch (IOException ended) {
            throw new CopyFailed("its program has ended", ended);
        }
    }

    static OptionalInt root(String map) {
        long outside = ProcIdMap.parse(map).outside(0).orElse(0);
        return outside == 0 ? OptionalInt.empty() : OptionalInt.of((int) outside);
    }

    private boolean isOthers() {
        return user.isPresent() || group.isPresent();
    }

    /** Runs all of a copy: here, or where rights may be changed. */
    <T> T call(Function<InsideRights, T> copy) {
        if (!isOthers()) {
            return copy.apply(this);
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        Directory.load();
                        FileRights.leaveGroups();
                        done.complete(copy.apply(this));
                    } catch (RuntimeException | Error failed) {
                        done.completeExceptionally(failed);
                    }
                },
                "corral-copy");
        thread.setDaemon(true);
        thread.start();
        try {
            return done.join();
        } catch (CompletionException failed) {
            // Not wrapped once more: these two are what callers translate, and no other is expected.
            if (failed.getCause() instanceof ErrnoException errno) {
                throw errno;
            }
            if (failed.getCause() instanceof CopyFailed copyFailed) {
                throw copyFailed;
            }
            throw failed;
        }
    }

    /** Does one thing as root inside. */
    <T> T as(Supplier<T> action) {
        if (!isOthers()) {
            return action.get();
        }
        FileRights.become(user.orElse(0), group.orElse(0));
        try {
            return action.get();
        } finally {
            FileRights.become(0, 0);
        }
    }
}
