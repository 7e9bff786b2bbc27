package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Resource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a failed pod means for its Job: the first rule that matches says. Without a match it counts as a failure. Source:
 * Kubernetes API, {@code PodFailurePolicy}.
 *
 * @param rules up to 20
 */
public record PodFailurePolicy(List<Rule> rules) {
    static final int MOST_RULES = 20;
    static final int MOST_CODES = 255;
    static final int MOST_PATTERNS = 20;

    public PodFailurePolicy {
        rules = List.copyOf(rules);
    }

    /** What follows from a failed pod. */
    public enum Action {
        /** The whole Job has failed. */
        FAIL_JOB,
        /** Its index has failed; needs a {@code backoffLimitPerIndex}. */
        FAIL_INDEX,
        /** It doesn't count, and is replaced. */
        IGNORE,
        /** It counts as a failure. */
        COUNT
    }

    /** How exit codes are compared. */
    public enum Operator {
        IN,
        NOT_IN
    }

    /** What is said of pods that match. */
    public record Rule(Action action, Optional<OnExitCodes> onExitCodes, List<OnPodCondition> onPodConditions) {
        public Rule {
            onPodConditions = List.copyOf(onPodConditions);
        }
    }

    /**
     * Matches if a container has ended with one of these codes, or with none of them. Code 0 never matches.
     *
     * @param container the one that is meant; any of them if empty
     * @param values 1 to 255 of them
     */
    public record OnExitCodes(Optional<String> container, Operator operator, SortedSet<Integer> values) {
        public OnExitCodes {
            values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
        }
    }

    /** Matches if the pod has a condition in a status. */
    public record OnPodCondition(String type, Condition.Status status) {}

    public static PodFailurePolicy none() {
        return new PodFailurePolicy(List.of());
    }

    /** With a rule for pods of which a container has ended with one of these codes. */
    public PodFailurePolicy onExitCodes(Action action, Integer... codes) {
        return onExitCodes(action, Operator.IN, codes);
    }

    /** With a rule for pods of which a container has ended with one of these codes, or, not being 0, with another. */
    public PodFailurePolicy onExitCodes(Action action, Operator operator, Integer... codes) {
        OnExitCodes matcher = new OnExitCodes(Optional.empty(), operator, new TreeSet<>(Arrays.asList(codes)));
        return rule(new Rule(action, Optional.of(matcher), List.of()));
    }

    /** With a rule for pods that have a condition, which holds. */
    public PodFailurePolicy onPodCondition(Action action, String type) {
        return rule(new Rule(action, Optional.empty(), List.of(new OnPodCondition(type, Condition.Status.TRUE))));
    }

    public PodFailurePolicy rule(Rule rule) {
        return new PodFailurePolicy(Copies.with(rules, rule));
    }

    /** The number of the first rule that matches a failed pod; empty if none does. */
    Optional<Integer> match(Resource<PodSpec, PodStatus> pod) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.onExitCodes().filter(codes -> matches(codes, pod)).isPresent()
                    || rule.onPodConditions().stream().anyMatch(wanted -> matches(wanted, pod))) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /** What a failed pod means. */
    Action action(Resource<PodSpec, PodStatus> pod) {
        return match(pod).map(rule -> rules.get(rule).action()).orElse(Action.COUNT);
    }

    private static boolean matches(OnExitCodes codes, Resource<PodSpec, PodStatus> pod) {
        return pod.status()
                .all()
                .filter(status ->
                        codes.container().isEmpty() || codes.container().get().equals(status.name()))
                .flatMap(status ->
                        status.state() instanceof ContainerState.Terminated end ? Stream.of(end) : Stream.empty())
                .anyMatch(end -> !end.succeeded()
                        && codes.values().contains(end.exitCode()) == (codes.operator() == Operator.IN));
    }

    private static boolean matches(OnPodCondition wanted, Resource<PodSpec, PodStatus> pod) {
        return pod.status()
                .conditions()
                .get(wanted.type())
                .filter(condition -> condition.status() == wanted.status())
                .isPresent();
    }

    void validate(Problems problems, JobSpec job) {
        problems.at("rules").require(rules.size() <= MOST_RULES, rules.size(), "there may be " + MOST_RULES + " rules");
        problems.each("rules", rules, (rule, here) -> {
            here.require(
                    rule.onExitCodes().isPresent() != !rule.onPodConditions().isEmpty(),
                    "{}",
                    "it needs either onExitCodes or onPodConditions");
            here.at("action")
                    .require(
                            rule.action() != Action.FAIL_INDEX
                                    || job.backoffLimitPerIndex().isPresent(),
                            rule.action(),
                            "it needs a backoffLimitPerIndex");
            rule.onExitCodes().ifPresent(codes -> validate(codes, here.at("onExitCodes"), job));
            here.at("onPodConditions")
                    .require(
                            rule.onPodConditions().size() <= MOST_PATTERNS,
                            rule.onPodConditions().size(),
                            "there may be " + MOST_PATTERNS);
            here.each(
                    "onPodConditions",
                    rule.onPodConditions(),
                    (wanted, at) -> at.at("type")
                            .require(Names.isLabelKey(wanted.type()), wanted.type(), Names.LABEL_KEY_HINT));
        });
    }

    private static void validate(OnExitCodes codes, Problems problems, JobSpec job) {
        PodSpec pod = job.template().spec();
        List<String> containers = Stream.concat(pod.initContainers().stream(), pod.containers().stream())
                .map(Container::name)
                .toList();
        codes.container()
                .ifPresent(name -> problems.at("containerName")
                        .require(containers.contains(name), name, "the template has the containers " + containers));
        Problems values = problems.at("values");
        values.require(
                !codes.values().isEmpty() && codes.values().size() <= MOST_CODES,
                codes.values().size(),
                "it needs 1 to " + MOST_CODES + " values");
        values.require(
                codes.operator() == Operator.NOT_IN || !codes.values().contains(0),
                codes.values(),
                "a pod that ended with 0 has not failed");
    }
}
