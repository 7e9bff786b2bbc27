package dev.corral.reconcile.node;

import dev.corral.Capabilities;
import dev.corral.CorralException;
import dev.corral.Feature;
import dev.corral.cgroups.Availability;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.DelegatedRoot;
import dev.corral.internal.linux.NativePart;
import dev.corral.namespaces.IdMap;
import dev.corral.network.UserModeProgram;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What of Corral works for this JVM on this machine, and why the rest does not: the text to send with a question or a bug report.
 * It names no host, no user and nothing of the environment. Everything is tried, by some thirty short launches, and nothing of
 * that stays. An immutable value.
 *
 * <p>From a shell: {@code java -cp ... dev.corral.reconcile.node.SelfCheck}, which exits with 0 if a child can be started at all.
 *
 * @param machine facts about kernel, JVM and privileges, in words
 * @param findings what was tried, in the order of the report
 */
public record SelfCheck(List<String> machine, List<Finding> findings) {
    private static final String CHILDREN = "Children";
    private static final String NETWORKS = "Programs for networks";
    private static final String GROUPS = "Control groups";
    private static final String IDS = "User ids";

    public SelfCheck {
        machine = List.copyOf(machine);
        findings = List.copyOf(findings);
    }

    /**
     * Something that was tried.
     *
     * @param topic what it belongs to
     * @param what it is, a few words
     * @param reason why it does not work and what to do about it; empty if it works
     */
    public record Finding(String topic, String what, Optional<String> reason) {
        /** Whether it works. */
        public boolean ok() {
            return reason.isEmpty();
        }

        private String line(Set<String> ways) {
            return (ok() ? "yes  " : "no   ")
                    + what
                    + reason.map(why -> ": " + once(why, ways)).orElse("");
        }

        /** What to do follows a semicolon; where it is the same for many it is read once. */
        private static String once(String why, Set<String> ways) {
            int semicolon = why.indexOf("; ");
            return semicolon < 0 || ways.add(why.substring(semicolon))
                    ? why
                    : why.substring(0, semicolon) + "; what to do stands above";
        }
    }

    /** Tries everything; takes a second or so, and never throws what a feature throws. */
    public static SelfCheck run() {
        List<Finding> findings = new ArrayList<>();
        Capabilities capabilities = Capabilities.probe();
        for (Feature feature : Feature.values()) {
            findings.add(new Finding(CHILDREN, feature.text(), capabilities.whyNot(feature)));
        }
        findings.addAll(attempt(IDS, "subordinate ids of this user", SelfCheck::subordinateIds));
        for (UserModeProgram program : UserModeProgram.values()) {
            findings.add(program(program));
        }
        findings.addAll(attempt(GROUPS, "control groups", SelfCheck::groups));
        return new SelfCheck(Machine.facts(), findings);
    }

    private static List<Finding> subordinateIds(String topic, String what) {
        Object unused = IdMap.subordinate();
        return List.of(new Finding(topic, what, Optional.empty()));
    }

    private static List<Finding> groups(String topic, String whole) {
        Cgroups host = Cgroups.detect();
        DelegatedRoot root = host.delegated();
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding(
                topic,
                host.mode() + " host, groups of one's own" + (root.ok() ? ": " + root.describe() : ""),
                root.ok() ? Optional.empty() : Optional.of(root.describe())));
        for (Availability answer : host.availability().values()) {
            findings.add(new Finding(
                    topic,
                    answer.controller().toString(),
                    answer.ok() ? Optional.empty() : Optional.of(answer.describe())));
        }
        return findings;
    }

    private static List<Finding> attempt(String topic, String what, BiFunction<String, String, List<Finding>> trial) {
        try {
            return trial.apply(topic, what);
        } catch (CorralException refused) {
            return List.of(new Finding(topic, what, Optional.of(String.valueOf(refused.getMessage()))));
        } catch (LinkageError unloadable) {
            return List.of(new Finding(topic, what, Optional.of(NativePart.why(unloadable))));
        }
    }

    private static Finding program(UserModeProgram program) {
        return new Finding(
                NETWORKS,
                program.executable(),
                program.installed().isPresent()
                        ? Optional.empty()
                        : Optional.of("not installed; one of these is needed for a user-mode network"));
    }

    /** Whether a child can be started at all. */
    public boolean usable() {
        return findings.stream()
                .filter(finding -> finding.what().equals(Feature.LAUNCH.text()))
                .allMatch(Finding::ok);
    }

    /** What does not work. */
    public List<Finding> missing() {
        return findings.stream().filter(finding -> !finding.ok()).toList();
    }

    /** The report: a heading for each topic, a line for each finding; what is to be done for several stands at the first. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("This machine\n");
        machine.forEach(fact -> text.append("     ").append(fact).append('\n'));
        Set<String> ways = new HashSet<>();
        String topic = "";
        for (Finding finding : findings) {
            if (!finding.topic().equals(topic)) {
                topic = finding.topic();
                text.append(topic).append('\n');
            }
            text.append(finding.line(ways)).append('\n');
        }
        return text.toString();
    }

    /**
     * Prints the report.
     *
     * @throws IllegalStateException if no child can be started, so that the JVM's exit code says so
     */
    @SuppressWarnings("SystemOut") // what it is for
    public static void main(String[] args) {
        SelfCheck check = run();
        System.out.print(check);
        if (!check.usable()) {
            throw new IllegalStateException("no child can be started here");
        }
    }
}
