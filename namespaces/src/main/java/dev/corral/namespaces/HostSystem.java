package dev.corral.namespaces;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The recipe for a tree with the programs and settings of a host, and nothing else of it. */
final class HostSystem {
    /** Links to /usr where the two are merged, directories where not, and not all of them everywhere. */
    private static final List<String> BESIDE_USR = List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");
    /** Files of /etc that some hosts keep elsewhere, with a link. */
    private static final List<String> KEPT_ELSEWHERE = List.of("resolv.conf", "hosts", "localtime");

    private HostSystem() {}

    /** The tree for the host whose root is at this path. */
    static RootFilesystem read(Path host) {
        RootFilesystem tree = RootFilesystem.empty().dev().tmpfs(Path.of("/tmp"));
        tree = shown(tree, host, "usr");
        for (String name : BESIDE_USR) {
            Path path = host.resolve(name);
            if (Files.isSymbolicLink(path) && real(path).startsWith(real(host.resolve("usr")))) {
                tree = tree.symlink(Path.of("/" + name), link(path));
            } else {
                tree = shown(tree, host, name);
            }
        }
        tree = shown(tree, host, "etc");
        for (String name : KEPT_ELSEWHERE) {
            tree = keptElsewhere(tree, host, host.resolve("etc").resolve(name));
        }
        return tree.directory(Path.of("/var/tmp"), 01777)
                .directory(Path.of("/run"), 0755)
                .directory(Path.of("/home"), 0755)
                .directory(Path.of("/root"), 0700);
    }

    private static RootFilesystem shown(RootFilesystem tree, Path host, String name) {
        Path source = host.resolve(name);
        return Files.isDirectory(source) ? tree.bindReadOnly(source, Path.of("/" + name)) : tree;
    }

    /** The link itself comes along with /etc; what it leads to has to be where it leads. */
    private static RootFilesystem keptElsewhere(RootFilesystem tree, Path host, Path file) {
        if (!Files.isSymbolicLink(file) || Files.notExists(file)) {
            return tree;
        }
        Path real = real(file);
        Path inside = Path.of("/").resolve(real(host).relativize(real)).normalize();
        boolean seen = inside.startsWith("/usr") || inside.startsWith("/etc") || inside.startsWith("/proc");
        return seen ? tree : tree.bindReadOnlyIfPresent(real, inside);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException dangling) {
            return path.toAbsolutePath();
        }
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException failed) {
            throw new UncheckedIOException("the host's " + path + " can't be read", failed);
        }
    }
}
