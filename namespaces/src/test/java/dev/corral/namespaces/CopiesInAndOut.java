package dev.corral.namespaces;

import dev.corral.Child;
import dev.corral.Command;
import java.nio.file.Path;

/** Copies a tree into a child and out again, and fails once, in a JVM of its own. */
final class CopiesInAndOut {
    private CopiesInAndOut() {}

    public static void main(String[] paths) {
        try (Child child = Command.of("cat").with(Isolation.sandbox()).start()) {
            ContainerFiles files = ContainerFiles.of(child);
            System.out.println(files.copyIn(Path.of(paths[0]), Path.of("/tmp/inside")));
            System.out.println(files.copyOut(Path.of("/tmp/inside"), Path.of(paths[1])));
            try {
                files.copyOut(Path.of("/tmp/nothing"), Path.of(paths[1]));
            } catch (CopyFailed refused) {
                System.out.println(refused.getMessage());
            }
        }
    }
}
