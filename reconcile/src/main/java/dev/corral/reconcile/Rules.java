package dev.corral.reconcile;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a kind asks of its resources.
 *
 * @param indexes what a resource is found by, by the name of the index
 */
record Rules<S, T>(
        NameRule names,
        UnaryOperator<S> defaults,
        Function<? super S, List<Problem>> validation,
        BiFunction<? super S, ? super S, List<Problem>> changes,
        Optional<Function<? super S, Duration>> grace,
        Map<String, Function<? super Resource<S, T>, ? extends Collection<String>>> indexes) {
    static <S, T> Rules<S, T> none() {
        return new Rules<>(
                NameRule.DNS_SUBDOMAIN,
                UnaryOperator.identity(),
                spec -> List.of(),
                (before, after) -> List.of(),
                Optional.empty(),
                Map.of());
    }

    Rules<S, T> names(NameRule rule) {
        return new Rules<>(rule, defaults, validation, changes, grace, indexes);
    }

    Rules<S, T> defaults(UnaryOperator<S> function) {
        return new Rules<>(names, function, validation, changes, grace, indexes);
    }

    Rules<S, T> validation(Function<? super S, List<Problem>> function) {
        return new Rules<>(names, defaults, function, changes, grace, indexes);
    }

    Rules<S, T> changes(BiFunction<? super S, ? super S, List<Problem>> function) {
        return new Rules<>(names, defaults, validation, function, grace, indexes);
    }

    Rules<S, T> grace(Function<? super S, Duration> function) {
        return new Rules<>(names, defaults, validation, changes, Optional.of(function), indexes);
    }

    Rules<S, T> index(String name, Function<? super Resource<S, T>, ? extends Collection<String>> function) {
        Map<String, Function<? super Resource<S, T>, ? extends Collection<String>>> more = new TreeMap<>(indexes);
        more.put(name, function);
        return new Rules<>(names, defaults, validation, changes, grace, Collections.unmodifiableMap(more));
    }
}
