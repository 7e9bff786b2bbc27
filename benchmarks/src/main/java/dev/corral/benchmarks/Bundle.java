package dev.corral.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The same container as an OCI bundle, for crun and runc. Source: the OCI runtime specification, config.md.
 *
 * @param directory with config.json and an empty root file system
 */
record Bundle(Path directory) implements AutoCloseable {
    static Bundle of(FileTree tree, User user, String... program) throws IOException {
        Path directory = Files.createTempDirectory("corral-benchmarks");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path root = Files.createDirectory(directory.resolve("rootfs"));
        for (String name : List.of("usr", "etc", "tmp", "proc", "dev")) {
            Files.createDirectory(root.resolve(name));
        }
        for (FileTree.Link link : tree.links()) {
            Files.createSymbolicLink(root.resolve(Path.of("/").relativize(link.path())), Path.of(link.to()));
        }
        Files.writeString(directory.resolve("config.json"), configuration(tree, user, program));
        return new Bundle(directory);
    }

    private static String configuration(FileTree tree, User user, String... program) {
        List<String> mounts = new ArrayList<>();
        mounts.add(mount("/proc", "proc", "proc", "nosuid", "nodev", "noexec"));
        tree.binds().forEach(path -> mounts.add(mount(path.toString(), "bind", path.toString(), "rbind", "ro")));
        mounts.add(mount("/tmp", "tmpfs", "tmpfs", "nosuid", "nodev", "mode=1777"));
        mounts.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "noexec", "mode=755"));
        mounts.add(
                mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"));
        return String.format(
                Locale.ROOT,
                """
                {"ociVersion": "1.0.2", "root": {"path": "rootfs", "readonly": true}, "hostname": "bench",
                 "process": {"terminal": false, "user": {"uid": 0, "gid": 0}, "args": [%s], "cwd": "/",
                  "env": ["PATH=/usr/bin:/bin"], "noNewPrivileges": true,
                  "capabilities": {"bounding": [], "effective": [], "permitted": [], "inheritable": [], "ambient": []}},
                 "mounts": [%s],
                 "linux": {"namespaces": [%s],
                  "uidMappings": [{"containerID": 0, "hostID": %d, "size": %d}],
                  "gidMappings": [{"containerID": 0, "hostID": %d, "size": %d}],
                  "maskedPaths": [%s], "readonlyPaths": [%s]}}
                """,
                texts(Stream.of(program)),
                String.join(",\n  ", mounts),
                Stream.of("user", "mount", "pid", "network", "uts", "ipc", "cgroup")
                        .map(type -> "{\"type\": \"" + type + "\"}")
                        .collect(Collectors.joining(", ")),
                user.mappedUser(),
                user.mapped(),
                user.mappedGroup(),
                user.mapped(),
                texts(tree.masked().stream().map(Path::toString)),
                texts(tree.readOnly().stream().map(Path::toString)));
    }

    private static String mount(String target, String type, String source, String... options) {
        return String.format(
                Locale.ROOT,
                "{\"destination\": \"%s\", \"type\": \"%s\", \"source\": \"%s\", \"options\": [%s]}",
                target,
                type,
                source,
                texts(Stream.of(options)));
    }

    private static String texts(Stream<String> texts) {
        return texts.map(text -> '"' + text + '"').collect(Collectors.joining(", "));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
