package dev.corral.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What a kind asks of its resources. */
record Rules<S>(
        NameRule names,
        UnaryOperator<S> defaults,
        Function<? super S, List<Problem>> validation,
        BiFunction<? super S, ? super S, List<Problem>> changes,
        Optional<Function<? super S, Duration>> grace) {
    static <S> Rules<S> none() {
        return new Rules<>(
                NameRule.DNS_SUBDOMAIN,
                UnaryOperator.identity(),
                spec -> List.of(),
                (before, after) -> List.of(),
                Optional.empty());
    }

    Rules<S> names(NameRule rule) {
        return new Rules<>(rule, defaults, validation, changes, grace);
    }

    Rules<S> defaults(UnaryOperator<S> function) {
        return new Rules<>(names, function, validation, changes, grace);
    }

    Rules<S> validation(Function<? super S, List<Problem>> function) {
        return new Rules<>(names, defaults, function, changes, grace);
    }

    Rules<S> changes(BiFunction<? super S, ? super S, List<Problem>> function) {
        return new Rules<>(names, defaults, validation, function, grace);
    }

    Rules<S> grace(Function<? super S, Duration> function) {
        return new Rules<>(names, defaults, validation, changes, Optional.of(function));
    }
}
