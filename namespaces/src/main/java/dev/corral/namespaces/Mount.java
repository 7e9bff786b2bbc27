package dev.corral.namespaces;

import dev.corral.ByteSize;
import dev.corral.MountFlag;
import dev.corral.RootPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One thing in a file tree: mounted, or made. Each says what it needs to know and adds itself to the plan. */
sealed interface Mount {
    /** Set-user-ID programs and device files of the host are of no use to a child, and a way out of it. */
    Set<MountFlag> HARMLESS = Set.of(MountFlag.NOSUID, MountFlag.NODEV);

    Set<MountFlag> READ_ONLY = Set.of(MountFlag.READ_ONLY, MountFlag.NOSUID, MountFlag.NODEV);

    int MOST_MODE = 07777;

    /** Where it is, as the child sees it. */
    Path target();

    void addTo(RootPlan plan);

    static Path checked(Path target) {
        if (!target.isAbsolute() || !target.equals(target.normalize())) {
            throw new IllegalArgumentException(
                    "path " + target + " inside: it has to be absolute and without \".\" and \"..\"");
        }
        return target;
    }

    static int checked(int mode) {
        if (mode < 0 || mode > MOST_MODE) {
            throw new IllegalArgumentException("mode " + mode + ": it lies between 0 and 07777");
        }
        return mode;
    }

    static List<Path> absolute(List<Path> paths) {
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("an overlay needs a lower directory");
        }
        return paths.stream().map(Path::toAbsolutePath).toList();
    }

    record Bind(Path source, Path target, Set<MountFlag> flags, boolean optional) implements Mount {
        public Bind {
            source = source.toAbsolutePath();
            checked(target);
            EnumSet<MountFlag> copy = EnumSet.noneOf(MountFlag.class);
            copy.addAll(flags);
            flags = Collections.unmodifiableSet(copy);
        }

        /** Not there for sure: what merely can't be seen is left to the launch, whose error says why. */
        boolean isLeftOut() {
            return optional && Files.notExists(source);
        }

        @Override
        public void addTo(RootPlan plan) {
            plan.bind(source, target, flags);
        }

        @Override
        public String toString() {
            return source + " on " + target + (flags.contains(MountFlag.READ_ONLY) ? " (read-only)" : "");
        }
    }

    record Tmpfs(Path target, Optional<ByteSize> size, int mode) implements Mount {
        public Tmpfs {
            checked(target);
            checked(mode);
        }

        @Override
        public void addTo(RootPlan plan) {
            plan.tmpfs(target, size, mode, HARMLESS);
        }

        @Override
        public String toString() {
            return "tmpfs" + size.map(bytes -> " of " + bytes).orElse("") + " on " + target;
        }
    }

    /** What the kernel fills. */
    record Kernel(Type type, Path target) implements Mount {
        enum Type {
            PROC,
            SYSFS,
            MQUEUE,
            CGROUP2,
            DEVPTS,
            DEV
        }

        public Kernel {
            checked(target);
        }

        @Override
        public void addTo(RootPlan plan) {
            switch (type) {
                case PROC -> plan.proc(target);
                case SYSFS -> plan.sysfs(target);
                case MQUEUE -> plan.mqueue(target);
                case CGROUP2 -> plan.cgroup2(target);
                case DEVPTS -> plan.devpts(target);
                case DEV -> plan.dev(target);
            }
        }

        @Override
        public String toString() {
            return type.name().toLowerCase(Locale.ROOT) + " on " + target;
        }
    }

    record Directory(Path target, int mode) implements Mount {
        public Directory {
            checked(target);
            checked(mode);
        }

        @Override
        public void addTo(RootPlan plan) {
            plan.makeDirectory(target, mode);
        }

        @Override
        public String toString() {
            return "directory " + target;
        }
    }

    record Symlink(Path target, String pointsTo) implements Mount {
        public Symlink {
            checked(target);
            if (pointsTo.isEmpty() || pointsTo.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("link " + target + ": it has to point to something without a NUL");
            }
        }

        @Override
        public void addTo(RootPlan plan) {
            plan.symlink(target, pointsTo);
        }

        @Override
        public String toString() {
            return target + " -> " + pointsTo;
        }
    }

    /** The content may be a secret: it shows in no text. */
    final class Content implements Mount {
        private final Path target;
        private final byte[] content;
        private final int mode;

        Content(Path target, byte[] content, int mode) {
            this.target = checked(target);
            this.content = content.clone();
            this.mode = checked(mode);
        }

        @Override
        public Path target() {
            return target;
        }

        @Override
        public void addTo(RootPlan plan) {
            plan.file(target, content, mode);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Content that
                    && target.equals(that.target)
                    && mode == that.mode
                    && Arrays.equals(content, that.content);
        }

        @Override
        public int hashCode() {
            return Objects.hash(target, mode, Arrays.hashCode(content));
        }

        @Override
        public String toString() {
            return "file " + target;
        }
    }

    /** Where changes go if they are to be kept. */
    record Upper(Path directory, Path work) {
        public Upper {
            directory = directory.toAbsolutePath();
            work = work.toAbsolutePath();
        }
    }

    record Overlay(Path target, List<Path> lower, Optional<Upper> upper) implements Mount {
        public Overlay {
            checked(target);
            lower = absolute(lower);
        }

        @Override
        public void addTo(RootPlan plan) {
            if (upper.isPresent()) {
                plan.overlay(target, lower, upper.map(Upper::directory), upper.map(Upper::work));
            } else {
                plan.temporaryOverlay(target, lower);
            }
        }

        @Override
        public String toString() {
            return "overlay of " + lower
                    + upper.map(to -> ", changes to " + to.directory()).orElse("") + " on " + target;
        }
    }

    record Mask(Path target) implements Mount {
        public Mask {
            checked(target);
        }

        @Override
        public void addTo(RootPlan plan) {
            plan.mask(target);
        }

        @Override
        public String toString() {
            return target + " masked";
        }
    }

    record ReadOnly(Path target) implements Mount {
        public ReadOnly {
            checked(target);
        }

        @Override
        public void addTo(RootPlan plan) {
            plan.readOnly(target);
        }

        @Override
        public String toString() {
            return target + " read-only";
        }
    }
}
