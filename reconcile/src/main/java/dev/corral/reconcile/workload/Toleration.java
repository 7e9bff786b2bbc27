package dev.corral.reconcile.workload;

import java.time.Duration;
import java.util.Optional;

/**
 * Lets a pod come to nodes with some taints. Source: Kubernetes API, {@code Toleration}.
 *
 * @param key of the taints; empty for every key, with {@code EXISTS} only
 * @param operator whether the taint's value matters
 * @param value of the taints; empty with {@code EXISTS}
 * @param effect of the taints; empty for every effect
 * @param tolerationTime how long a pod stays that runs on a node when it gets a {@code NO_EXECUTE} taint, 0 or more; for ever if
 *     empty. Kubernetes: {@code tolerationSeconds}
 */
public record Toleration(
        Optional<String> key,
        Operator operator,
        String value,
        Optional<Taint.Effect> effect,
        Optional<Duration> tolerationTime) {
    /** Whether the value of a taint matters. */
    public enum Operator {
        EQUAL,
        EXISTS
    }

    /** Tolerates the taints of a key with a value, whatever their effect. */
    public static Toleration equal(String key, String value) {
        return new Toleration(Optional.of(key), Operator.EQUAL, value, Optional.empty(), Optional.empty());
    }

    /** Tolerates the taints of a key with any value, whatever their effect. */
    public static Toleration exists(String key) {
        return new Toleration(Optional.of(key), Operator.EXISTS, "", Optional.empty(), Optional.empty());
    }

    /** Tolerates every taint. */
    public static Toleration everything() {
        return new Toleration(Optional.empty(), Operator.EXISTS, "", Optional.empty(), Optional.empty());
    }

    /** The same for one effect only. */
    public Toleration effect(Taint.Effect only) {
        return new Toleration(key, operator, value, Optional.of(only), tolerationTime);
    }

    /** The same, but a pod that runs on a node when it gets a {@code NO_EXECUTE} taint stays only so long. */
    public Toleration during(Duration time) {
        return new Toleration(key, operator, value, Optional.of(Taint.Effect.NO_EXECUTE), Optional.of(time));
    }

    boolean tolerates(Taint taint) {
        return effect.map(taint.effect()::equals).orElse(true)
                && key.map(taint.key()::equals).orElse(operator == Operator.EXISTS)
                && (operator == Operator.EXISTS || value.equals(taint.value()));
    }

    void validate(Problems problems) {
        key.ifPresent(name -> problems.at("key").require(Names.isLabelKey(name), name, Names.LABEL_KEY_HINT));
        problems.at("operator")
                .require(key.isPresent() || operator == Operator.EXISTS, operator, "without a key it must be EXISTS");
        tolerationTime.ifPresent(time -> {
            problems.at("tolerationTime").require(!time.isNegative(), time, "it must be 0 or more");
            problems.at("effect")
                    .require(
                            effect.filter(Taint.Effect.NO_EXECUTE::equals).isPresent(),
                            effect.map(Enum::name).orElse("every"),
                            "with a tolerationTime it must be NO_EXECUTE");
        });
        problems.at("value").require(Names.isLabelValue(value), value, Names.LABEL_VALUE_HINT);
        problems.at("value")
                .require(operator == Operator.EQUAL || value.isEmpty(), value, "it must be empty with EXISTS");
    }
}
