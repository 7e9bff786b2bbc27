package dev.corral.cgroups;

import java.io.Serial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A group was not frozen in time, because a process in it hangs in the kernel; it runs again. */
public final class FreezeTimeout extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    private FreezeTimeout(Failure failure) {
        super(failure, null);
    }

    /** With what can be told of the reason: after the thaw only those still sleep in the kernel that were in the way. */
    static FreezeTimeout of(Path path, List<GroupDirectory> directories, Duration limit) {
        Failure failure = Failure.of("freeze", path);
        String why = "a process in it did not stop within " + Times.text(limit);
        List<Long> asleep = directories.get(0).members().stream()
                .filter(pid -> directories
                        .get(0)
                        .host()
                        .processes()
                        .stat(pid)
                        .filter(stat -> stat.state() == 'D')
                        .isPresent())
                .toList();
        if (!asleep.isEmpty()) {
            why += ": " + asleep + " sleep in the kernel";
        }
        Optional<Path> full = directories.stream()
                .filter(group -> group.hierarchy().controllers().contains("memory"))
                .flatMap(group -> group.tree().stream())
                .filter(group -> group.ifThere(there -> Optional.of(new MemoryCounters(there).isStuck()))
                        .orElse(false))
                .map(GroupDirectory::path)
                .findFirst();
        return new FreezeTimeout(
                full.isEmpty()
                        ? failure.why(why)
                        : failure.why(why + ", for " + full.get()
                                        + " has no memory left and nobody is to be killed for it"
                                        + " (oom_kill_disable)")
                                .hint("raise its memory limit, or end a process in it"));
    }
}
