package dev.corral.reconcile.workload;

import dev.corral.reconcile.Problem;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What {@link ConfigMap} and {@link Secret} have in common. */
final class ConfigData {
    /** As much as Kubernetes takes. */
    private static final long MOST = 1024 * 1024;

    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
    private static final String KEY_HINT =
            "a key has 1 to 253 of A-Z, a-z, 0-9, '-', '_' and '.', and is neither '.' nor begins with '..'";

    private ConfigData() {}

    static boolean isKey(String key) {
        return KEY.matcher(key).matches() && !key.equals(".") && !key.startsWith("..");
    }

    static void key(String key, Problems here) {
        here.require(isKey(key), key, KEY_HINT);
    }

    /** What is wrong with the content of a spec. */
    static List<Problem> problems(Map<String, Content> data) {
        Problems problems = Problems.in("spec");
        data.keySet().forEach(key -> key(key, problems.at("data")));
        long size = data.values().stream().mapToLong(Content::length).sum();
        problems.at("data").require(size <= MOST, size + " bytes", "it must be at most " + MOST + " bytes in all");
        return problems.list();
    }

    /** What is wrong with a change of an immutable spec. */
    static List<Problem> changes(boolean sameData, boolean immutable) {
        Problems problems = Problems.in("spec");
        problems.at("data").require(sameData, "", "it is immutable");
        problems.at("immutable").require(immutable, false, "it stays immutable");
        return problems.list();
    }
}
