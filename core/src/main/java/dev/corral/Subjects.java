package dev.corral;

import dev.corral.internal.launch.StepFailed;
import java.util.List;
import java.util.Locale;

/** What a failed step was about, found by the index that the launcher gives: whole, where a message would be cut. */
final class Subjects {
    private Subjects() {}

    static String mount(Launch launch, StepFailed failed) {
        List<RootPlan.Entry> entries = launch.root.entries();
        if (failed.index() >= entries.size()) {
            return failed.detail();
        }
        RootPlan.Entry entry = entries.get(failed.index());
        String target = entry.target().toString();
        String kind = entry.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String detail = failed.detail();
        return kind + " " + target + (detail.isEmpty() || target.startsWith(detail) ? "" : " (" + detail + ")");
    }

    static String rlimit(Launch launch, int index) {
        return launch.rlimits.entrySet().stream()
                .skip(index)
                .findFirst()
                .map(limit -> "RLIMIT_" + limit.getKey() + " " + limit.getValue())
                .orElse("");
    }

    /** Of several settings the one that was refused. */
    static String scheduling(Launch launch, StepFailed failed) {
        Scheduling how = launch.scheduling.orElseGet(Scheduling::inherited);
        return switch (failed.step()) {
            case OOM_SCORE -> "oom_score_adj " + how.oomScoreAdj().orElse(0);
            case AFFINITY -> "processors " + how.cpuSet();
            default ->
                switch (failed.index()) {
                    case 0 -> "nice " + how.nice().orElse(0);
                    case 1 -> how.policy().map(policy -> "policy " + policy).orElse("");
                    default ->
                        how.ioPriority()
                                .map(priority -> "I/O priority " + priority.kind() + " " + priority.level())
                                .orElse("");
                };
        };
    }

    static String descriptor(Launch launch, int index) {
        return launch.command().descriptors().keySet().stream()
                .skip(index)
                .findFirst()
                .map(number -> "descriptor " + number)
                .orElse("");
    }

    static String join(Launch launch, int index) {
        return launch.joins.all().stream()
                .skip(index)
                .findFirst()
                .map(join -> join.kinds() + " of " + join.of())
                .orElse("");
    }

    static String rule(Launch launch, int index) {
        return launch.landlock
                .map(Launch.Landlock::paths)
                .filter(paths -> index < paths.size())
                .map(paths -> paths.get(index).path().toString())
                .orElse("");
    }
}
