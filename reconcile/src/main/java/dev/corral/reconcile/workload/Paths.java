package dev.corral.reconcile.workload;

import java.util.Arrays;
import java.util.List;

/** Rules for paths in specs. */
final class Paths {
    private Paths() {}

    /** A path from the root, without NUL and "..". */
    static void absolute(String path, Problems here) {
        here.text(path);
        here.require(path.startsWith("/"), path, "it must be an absolute path");
        here.require(!components(path).contains(".."), path, "it must not contain '..'");
    }

    /** A path within a volume. */
    static void within(String path, Problems here) {
        here.text(path);
        here.require(!path.isEmpty() && !path.startsWith("/"), path, "it must be a relative path");
        here.require(!components(path).contains(".."), path, "it must not contain '..'");
    }

    private static List<String> components(String path) {
        return Arrays.asList(path.split("/", -1));
    }
}
