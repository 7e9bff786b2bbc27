package dev.corral;

import dev.corral.internal.launch.Launcher;
import dev.corral.internal.launch.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What works for this JVM on this host, and why the rest does not. Found out by trying: each feature is set up once for a
 * process that fails only in its very last step, so the answer is that of a real launch. Immutable.
 *
 * <p>{@link #probe()} takes some twenty launches the first time and next to nothing afterwards, because the answers are kept
 * as long as the JVM lives, unless descriptors, processes, memory or time were short just then; it never throws, and an
 * interrupt neither ends it nor gets lost. Safe for any thread.
 */
public final class Capabilities {
    private final Map<Feature, Optional<String>> missing;
    private final boolean lasting;

    private Capabilities(Map<Feature, Optional<String>> missing, boolean lasting) {
        this.missing = Collections.unmodifiableMap(missing);
        this.lasting = lasting;
    }

    /** Tries what has not been tried yet by this JVM. */
    public static Capabilities probe() {
        return SharedLauncher.capabilities();
    }

    static Capabilities probe(Launcher launcher) {
        Map<Feature, Optional<String>> found = new EnumMap<>(Feature.class);
        boolean lasting = true;
        for (Feature feature : Feature.values()) {
            try {
                found.put(feature, attempt(feature, launcher, found));
            } catch (LaunchException passing) {
                found.put(feature, reason(passing));
                lasting = false;
            }
        }
        return new Capabilities(found, lasting);
    }

    /** Whether every answer is one about the host, and none about a moment in which something was short. */
    boolean lasting() {
        return lasting;
    }

    /** Where there is no launcher nothing works, and all for the same reason. */
    static Capabilities none(String reason) {
        Map<Feature, Optional<String>> found = new EnumMap<>(Feature.class);
        Arrays.stream(Feature.values()).forEach(feature -> found.put(feature, Optional.of(reason)));
        return new Capabilities(found, false);
    }

    private static Optional<String> attempt(Feature feature, Launcher launcher, Map<Feature, Optional<String>> known) {
        Optional<String> base = feature.base().flatMap(needed -> known.getOrDefault(needed, Optional.empty()));
        if (base.isPresent()) {
            return base;
        }
        return undisturbed(Trials.of(feature), launcher);
    }

    /** An interrupt is about what the thread is to do, and says nothing about the host: it is heard afterwards. */
    private static Optional<String> undisturbed(Command trial, Launcher launcher) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return attempt(trial, launcher);
                } catch (LaunchCancelled cancelled) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Why a command does not get as far as its program, which must be one that can't be executed; empty if it does.
     *
     * @throws LaunchException if that would not be the answer at another time
     */
    static Optional<String> attempt(Command command, Launcher launcher) {
        try (Child runs = Start.of(command, launcher)) {
            return Optional.of("a directory has been executed: " + runs);
        } catch (LaunchException refused) {
            if (refused.failure().map(LaunchException.Failure::step).equals(Optional.of(Step.EXEC.text()))) {
                return Optional.empty();
            }
            if (isPassing(refused)) {
                throw refused;
            }
            return reason(refused);
        } catch (CorralException refused) {
            return reason(refused);
        }
    }

    private static boolean isPassing(LaunchException refused) {
        return refused instanceof LaunchCancelled
                || refused instanceof StartTimeout
                || refused.failure()
                        .filter(failure -> Diagnosis.isShortage(failure.errno()))
                        .isPresent();
    }

    /** Without the command, which nobody has asked for. */
    private static Optional<String> reason(CorralException refused) {
        String message = String.valueOf(refused.getMessage());
        int colon = message.indexOf(": ");
        return Optional.of(colon < 0 ? message : message.substring(colon + 2));
    }

    /** Whether it works. */
    public boolean has(Feature feature) {
        return whyNot(feature).isEmpty();
    }

    /** The step that failed, the kernel's error code and what to do; empty for what works. */
    public Optional<String> whyNot(Feature feature) {
        return missing.getOrDefault(feature, Optional.of("not known"));
    }

    /** What does not work, in the order of {@link Feature}. */
    public List<Feature> missing() {
        List<Feature> all = new ArrayList<>();
        missing.forEach((feature, reason) -> reason.ifPresent(why -> all.add(feature)));
        return all;
    }

    /** A line for each feature. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        missing.forEach((feature, reason) -> text.append(reason.isEmpty() ? "yes  " : "no   ")
                .append(feature.text())
                .append(reason.map(why -> ": " + why).orElse(""))
                .append('\n'));
        return text.toString();
    }
}
