package dev.corral.reconcile.node;

import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Content;
import dev.corral.reconcile.workload.KeyToPath;
import dev.corral.reconcile.workload.PodContents;
import dev.corral.reconcile.workload.Volume;
import dev.corral.reconcile.workload.VolumeMount;
import dev.corral.reconcile.workload.VolumeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The volumes of one container, resolved and held open until it has started. */
final class Mounts implements AutoCloseable {
    private static final int USUAL_MODE = 0644;
    private static final int EVERYBODY = 0777;

    private final ContainerRuntime.Order order;
    private final Storage storage;
    private final List<Mounted> all = new ArrayList<>();
    private final List<Fd> held = new ArrayList<>();

    private Mounts(ContainerRuntime.Order order, Storage storage) {
        this.order = order;
        this.storage = storage;
    }

    /**
     * Looks them all up, and makes the directories that have to be there.
     *
     * @throws VolumeUnusable if one is not what it has to be
     */
    static Mounts of(ContainerRuntime.Order order, Storage storage) {
        Mounts mounts = new Mounts(order, storage);
        try {
            for (VolumeMount mount : order.container().volumeMounts()) {
                mounts.all.add(mounts.mounted(mount));
            }
            return mounts;
        } catch (RuntimeException | Error failed) {
            mounts.close();
            throw failed;
        }
    }

    List<Mounted> all() {
        return all;
    }

    private Mounted mounted(VolumeMount mount) {
        Volume volume = order.pod().volumes().stream()
                .filter(candidate -> candidate.name().equals(mount.name()))
                .findFirst()
                .orElseThrow(() -> new VolumeUnusable(mount.name(), "the pod has none of this name", null));
        VolumeSource source = volume.source();
        PodContents contents = order.contents();
        if (source instanceof VolumeSource.FromConfigMap from) {
            return files(mount, from.items(), contents.configMaps().get(from.name()), from.defaultMode());
        }
        if (source instanceof VolumeSource.FromSecret from) {
            return files(mount, from.items(), contents.secrets().get(from.secretName()), from.defaultMode());
        }
        if (source instanceof VolumeSource.EmptyDir empty) {
            Path directory = storage.emptyDir(order.identity(), volume.name(), empty);
            storage.require(volume.name(), directory);
            return bound(mount, directory, mount.readOnly());
        }
        if (source instanceof VolumeSource.FromClaim claim) {
            return bound(mount, storage.claim(claim.claimName()), mount.readOnly() || claim.readOnly());
        }
        VolumeSource.HostPath host = (VolumeSource.HostPath) source;
        HostPaths.require(volume.name(), FileNames.path(host.path()), host.type());
        return bound(mount, FileNames.path(host.path()), mount.readOnly());
    }

    private Mounted bound(VolumeMount mount, Path directory, boolean readOnly) {
        Path target = target(mount);
        return mount.subPath()
                .<Mounted>map(path -> new Mounted.Bound(within(mount, directory, path), target, readOnly))
                .orElseGet(() -> new Mounted.Bound(directory, target, readOnly));
    }

    /** As the container may change what is in the directory at any time, what was found is held and mounted by its descriptor. */
    private Path within(VolumeMount mount, Path directory, String path) {
        try (Directory root = Directory.open(directory)) {
            made(root, FileNames.path(path).normalize());
            Fd found = root.beneath(path, LibC.O_PATH);
            held.add(found);
            // Without privilege the launcher mounts by path, and makes sure itself that it is what was opened for it.
            return LibC.effectiveUser() == 0 ? self(found) : Files.readSymbolicLink(self(found));
        } catch (IOException unreadable) {
            throw new VolumeUnusable(mount.name(), "subPath " + path + " can't be found again", unreadable);
        } catch (ErrnoException refused) {
            throw new VolumeUnusable(
                    mount.name(),
                    "subPath " + path + " can't be mounted: " + refused.getMessage()
                            + "; links and other file systems on the way are refused",
                    refused);
        }
    }

    /** Makes the directories that are missing on the way, each by the descriptor of the one before. */
    private static void made(Directory root, Path path) {
        String sofar = ".";
        for (Path name : path) {
            boolean missing;
            try (Fd parent = root.beneath(sofar, LibC.O_PATH)) {
                Path here = self(parent).resolve(name);
                missing = !Files.exists(here, LinkOption.NOFOLLOW_LINKS);
                if (missing) {
                    LibC.mkdir(here, EVERYBODY);
                }
            }
            sofar = sofar + "/" + FileNames.text(name);
            if (missing) {
                try (Fd made = root.beneath(sofar, LibC.O_RDONLY)) {
                    Directory.chmod(made, EVERYBODY); // whatever the umask is
                }
            }
        }
    }

    private static Path self(Fd file) {
        return Path.of("/proc/self/fd", Integer.toString(file.number()));
    }

    private static Mounted files(
            VolumeMount mount, List<KeyToPath> items, @Nullable Map<String, Content> data, Optional<Integer> mode) {
        Map<Path, Mounted.File> files = new TreeMap<>();
        Map<String, Content> there = data == null ? Map.of() : data;
        if (items.isEmpty()) {
            there.forEach((key, content) ->
                    files.put(FileNames.path(key), new Mounted.File(content, mode.orElse(USUAL_MODE))));
        }
        for (KeyToPath item : items) {
            Content content = there.get(item.key());
            if (content != null) {
                files.put(
                        FileNames.path(item.path()).normalize(),
                        new Mounted.File(content, item.mode().or(() -> mode).orElse(USUAL_MODE)));
            }
        }
        Path target = target(mount);
        if (mount.subPath().isEmpty()) {
            return new Mounted.Files(target, files);
        }
        Path part = FileNames.path(mount.subPath().get()).normalize();
        Mounted.File single = files.get(part);
        if (single != null) {
            return new Mounted.Single(target, single);
        }
        Map<Path, Mounted.File> below = new TreeMap<>();
        files.forEach((path, file) -> {
            if (path.startsWith(part)) {
                below.put(part.relativize(path), file);
            }
        });
        if (below.isEmpty()) {
            throw new VolumeUnusable(mount.name(), "it has no " + part + ", only " + files.keySet(), null);
        }
        return new Mounted.Files(target, below);
    }

    private static Path target(VolumeMount mount) {
        return FileNames.path(mount.mountPath()).normalize();
    }

    @Override
    public void close() {
        held.forEach(Fd::close);
    }
}
