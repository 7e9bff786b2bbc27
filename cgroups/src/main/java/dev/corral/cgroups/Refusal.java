package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Turns the kernel's error codes about a group into sentences; what makes them useful is read when they are needed. */
record Refusal(GroupDirectory group) {
    /** Why a file of the group could not be read or written. */
    CgroupException refused(String operation, String file, String value, ErrnoException e) {
        Failure failure =
                Failure.of(operation, group.path().resolve(file)).value(value).errno(e);
        Optional<Failure> known = ofFile(operation, file, value, e.errno(), failure);
        if (known.isPresent()) {
            return new KernelRefused(known.get(), e);
        }
        return switch (e.errno()) {
            // to write it may also mean that the value names a device which isn't there
            case Errno.ENODEV ->
                operation.equals("write") && group.alive() ? new KernelRefused(failure, e) : gone(failure, e);
            case Errno.ENOENT ->
                group.alive()
                        ? new UnsupportedLimit(
                                failure.why(
                                        "the controller is not enabled in this group, or this kernel does not know the file"
                                                + FirstLinux.told(
                                                        group.hierarchy().unified(), file)),
                                e)
                        : gone(failure, e);
            case Errno.EACCES, Errno.EPERM, Errno.EROFS -> notDelegated(group.path(), failure, e);
            default -> new KernelRefused(failure, e);
        };
    }

    /** What only callers who name files themselves can meet: the controllers' own methods do not ask for it. */
    private Optional<Failure> ofFile(String operation, String file, String value, int errno, Failure failure) {
        boolean invalid = errno == Errno.EINVAL;
        boolean unsupported = errno == Errno.EOPNOTSUPP;
        if (!invalid && !unsupported) {
            return Optional.empty();
        }
        return switch (file) {
            case "cgroup.type" ->
                Optional.of(failure.why("its type is \"" + type() + "\" and can't become \"" + value + "\": "
                        + (invalid
                                ? "the only type that can be written is threaded, and from there no way leads back"
                                : "neither it nor the group above may have processes together with controllers that"
                                        + " are not for threads")));
            case "cgroup.kill" ->
                Optional.of(failure.why("its type is \"" + type() + "\": the kernel kills whole processes only")
                        .hint("kill the group above whose type is \"domain threaded\", or use Cgroup.kill()"));
            case "cgroup.procs" ->
                Optional.of(failure)
                        .filter(f -> unsupported)
                        .map(f -> operation.equals("read")
                                ? f.why("its type is \"" + type() + "\": the group above lists its processes")
                                        .hint("read cgroup.threads")
                                : f.why("its type is \"" + type() + "\"").hint("write to cgroup.threads"));
            default -> invalid && file.startsWith("memory.") ? Optional.of(spelling(value, failure)) : Optional.empty();
        };
    }

    private Failure spelling(String value, Failure failure) {
        boolean unified = group.hierarchy().unified();
        return value.equals(unified ? "-1" : "max")
                ? failure.why("that is how version " + (unified ? "1" : "2") + " spells no limit")
                        .hint("write " + (unified ? "max" : "-1"))
                : failure;
    }

    private String type() {
        return String.join(" ", group.words("cgroup.type"));
    }

    private NameTaken taken(Path directory, Failure failure, ErrnoException e) {
        boolean file = group.files().contains(String.valueOf(directory.getFileName()));
        return new NameTaken(
                file
                        ? failure.why("a file of the kernel has that name").hint("choose another one")
                        : failure.why("the name is taken"),
                e);
    }

    /** Why a group could not be made in this one. */
    CgroupException notMade(Path directory, ErrnoException e) {
        Failure failure = Failure.of("create", directory).errno(e);
        return switch (e.errno()) {
            case Errno.EEXIST -> taken(directory, failure, e);
            case Errno.EACCES, Errno.EPERM, Errno.EROFS -> notDelegated(group.path(), failure, e);
            case Errno.ENOENT, Errno.ENODEV -> new CgroupGone(failure.why("the group above it was removed"), e);
            case Errno.EAGAIN -> crowded(failure, e);
            case Errno.EINVAL -> new KernelRefused(failure.why("a name must not hold a newline"), e);
            case Errno.ENAMETOOLONG -> new KernelRefused(failure.why("the path is too long for the kernel"), e);
            case Errno.ENOSPC, Errno.ENOMEM -> new KernelRefused(failure.why(outOfIds()), e);
            default -> new KernelRefused(failure, e);
        };
    }

    /** Why the group, or one below it, could not be removed, when it isn't what is in it. */
    CgroupException notRemoved(Path directory, ErrnoException e) {
        Failure failure = Failure.of("remove", directory).errno(e);
        return switch (e.errno()) {
            case Errno.EACCES, Errno.EPERM, Errno.EROFS ->
                notDelegated(Optional.ofNullable(directory.getParent()).orElse(directory), failure, e);
            default -> new KernelRefused(failure, e);
        };
    }

    static CgroupGone gone(Failure failure, @Nullable Throwable cause) {
        return new CgroupGone(failure.why("the group was removed, or another has its name"), cause);
    }

    CgroupException notDelegated(Path directory, Failure failure, ErrnoException e) {
        Host host = group.host();
        if (group.gone()) {
            return gone(failure, e);
        }
        OptionalInt owner = host.tree().owner(directory);
        boolean readOnly = e.errno() == Errno.EROFS;
        String why = Delegation.why(directory, owner, host.user(), readOnly);
        return new NotDelegated(failure.why(why).hint(Delegation.ways(host.user(), owner, readOnly)), e);
    }

    /** Both limits are kept by any group above, however far. */
    private CgroupException crowded(Failure failure, ErrnoException e) {
        List<GroupDirectory> levels = group.upwards();
        for (int depth = 0; depth < levels.size(); depth++) {
            GroupDirectory level = levels.get(depth);
            Optional<Long> descendants = count(level, "cgroup.max.descendants");
            long there = level.keyed("cgroup.stat").get("nr_descendants").orElse(0L);
            if (descendants.isPresent() && there >= descendants.get()) {
                return new LimitReached(
                        failure.why(level.path() + " allows " + descendants.get() + " descendants and has " + there)
                                .hint("raise cgroup.max.descendants there, or remove groups"),
                        descendants.get(),
                        level.path(),
                        e);
            }
            Optional<Long> deepest = count(level, "cgroup.max.depth");
            if (deepest.isPresent() && depth + 1 > deepest.get()) {
                return new LimitReached(
                        failure.why(level.path() + " allows groups " + deepest.get() + " deep, and this one would be "
                                        + (depth + 1) + " deep")
                                .hint("raise cgroup.max.depth there"),
                        deepest.get(),
                        level.path(),
                        e);
            }
        }
        return new KernelRefused(
                failure.why("cgroup.max.depth or cgroup.max.descendants of a group above is reached"), e);
    }

    /** Empty for no limit, and for a root or an old kernel, which have no such file. */
    private static Optional<Long> count(GroupDirectory level, String file) {
        return level.text(file).flatMap(text -> KernelNumber.parse(text.strip()));
    }

    private String outOfIds() {
        String dying = group.keyed("cgroup.stat")
                .get("nr_dying_descendants")
                .map(count -> "; " + count + " groups below " + group.path() + " are dying")
                .orElse("");
        return "the kernel has no more group ids: 65535 memory groups at most are alive or dying" + dying;
    }
}
