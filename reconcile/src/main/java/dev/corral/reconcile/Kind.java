package dev.corral.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A type of resource: its name, the classes of its spec and status, and the rules its resources keep. Immutable. Two kinds are
 * equal if name and classes are, whatever their rules; one store holds at most one kind of a name.
 *
 * @param <S> the spec's type
 * @param <T> the status's type
 */
public final class Kind<S, T> {
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Za-z0-9]{0,62}");

    private final String name;
    private final Class<S> specClass;
    private final Class<T> statusClass;
    private final Optional<T> initial;
    private final Rules<S, T> rules;
    private final List<String> indexNames;
    private final boolean mergeable;

    private Kind(String name, Class<S> specClass, Class<T> statusClass, Optional<T> initial, Rules<S, T> rules) {
        this.name = name;
        this.specClass = specClass;
        this.statusClass = statusClass;
        this.initial = initial;
        this.rules = rules;
        this.indexNames = List.copyOf(rules.indexes().keySet());
        this.mergeable = Records.mergeable(specClass);
    }

    /**
     * A kind without rules of its own, whose names are DNS subdomains.
     *
     * @param name 1 to 63 letters and digits beginning with a capital, as in {@code WebSite}
     * @throws IllegalArgumentException if the name is another, or spec or status is not a value
     *     (an array, a function, or of a class without equals), or the spec is a record in a package that is closed to this module
     */
    public static <S, T> Kind<S, T> of(String name, Class<S> specClass, Class<T> statusClass) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a kind's name is 1 to 63 letters and digits beginning with a capital, got '" + name + "'");
        }
        Values.require("spec of " + name, specClass);
        Values.require("status of " + name, statusClass);
        Records.requireOpen(specClass);
        return new Kind<>(name, specClass, statusClass, Optional.empty(), Rules.none());
    }

    public String name() {
        return name;
    }

    public Class<S> specClass() {
        return specClass;
    }

    public Class<T> statusClass() {
        return statusClass;
    }

    /** The status of a new resource, in place of the zero status. */
    public Kind<S, T> initially(T status) {
        return new Kind<>(name, specClass, statusClass, Optional.of(status), rules);
    }

    /** The rule for names, in place of DNS subdomains. */
    public Kind<S, T> names(NameRule rule) {
        return with(rules.names(rule));
    }

    /** Fills in what a spec leaves open. Runs before validation and storing; doing it twice must be the same as once. */
    public Kind<S, T> defaulting(UnaryOperator<S> defaults) {
        return with(rules.defaults(defaults));
    }

    /** Gives all that is wrong with a spec, defaults filled in. Fields are named from the root, as in {@code spec.replicas}. */
    public Kind<S, T> validating(Function<? super S, List<Problem>> validation) {
        return with(rules.validation(validation));
    }

    /** Gives all that is wrong with a step from one valid spec to another: what may not be changed. */
    public Kind<S, T> validatingChanges(BiFunction<? super S, ? super S, List<Problem>> validation) {
        return with(rules.changes(validation));
    }

    /**
     * Makes deletion graceful: a deleted resource stays, marked, until whoever runs it removes it.
     *
     * @param grace the grace of a deletion that names none; zero or more
     */
    public Kind<S, T> graceful(Function<? super S, Duration> grace) {
        return with(rules.grace(grace));
    }

    /**
     * Lets resources be found by values that a function gives, as in {@code index("room", lamp -> List.of(lamp.spec().room()))}.
     *
     * @param values of spec, status and metadata alone; none, one or several
     */
    public Kind<S, T> index(String name, Function<? super Resource<S, T>, ? extends Collection<String>> values) {
        return with(rules.index(name, values));
    }

    /** What becomes of a stored spec when somebody applies theirs over it; see {@link Records#merge}. */
    S merged(S desired, Optional<S> last, S current) {
        return mergeable ? Records.merge(desired, last, current) : desired;
    }

    List<String> indexNames() {
        return indexNames;
    }

    /** The distinct values under which a resource is found by an index. */
    Collection<String> indexed(String index, Resource<S, T> resource) {
        var function = rules.indexes().get(index);
        Collection<String> values = function == null ? List.of() : function.apply(resource);
        return values.size() < 2 ? values : new LinkedHashSet<>(values);
    }

    void requireIndex(String index) {
        if (!indexNames.contains(index)) {
            throw new IllegalArgumentException("kind " + name + " has no index '" + index + "', only " + indexNames
                    + ": give it one by index(..)");
        }
    }

    /** Whether a deleted resource stays, marked, until it is removed. */
    public boolean graceful() {
        return rules.grace().isPresent();
    }

    /** The grace of a deletion that names none; zero if deletion isn't graceful. */
    public Duration grace(S spec) {
        return rules.grace().map(grace -> grace.apply(spec)).orElse(Duration.ZERO);
    }

    /**
     * The status of a new resource: the zero status (numbers 0, text, collections and optionals empty, records of such) unless
     * {@link #initially} gave another.
     *
     * @throws IllegalArgumentException if a type within the status has no zero, or is a record in a package that is closed to this module
     */
    public T initialStatus() {
        return initial.orElseGet(() -> Records.zero(statusClass));
    }

    S defaulted(S spec) {
        return rules.defaults().apply(spec);
    }

    /** All that is wrong with a key. */
    List<Problem> problems(Key key) {
        List<Problem> problems = new ArrayList<>();
        NameRule.DNS_LABEL
                .complaint(key.namespace())
                .ifPresent(complaint -> problems.add(new Problem("metadata.namespace", complaint)));
        rules.names()
                .complaint(key.name())
                .ifPresent(complaint -> problems.add(new Problem("metadata.name", complaint)));
        return problems;
    }

    /** All that is wrong with a spec, defaults filled in. */
    List<Problem> problems(S spec) {
        return rules.validation().apply(spec);
    }

    /** All that is wrong with the step from one valid spec to another. */
    List<Problem> problems(S before, S after) {
        return rules.changes().apply(before, after);
    }

    private Kind<S, T> with(Rules<S, T> changed) {
        return new Kind<>(name, specClass, statusClass, initial, changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Kind<?, ?> kind
                && name.equals(kind.name)
                && specClass == kind.specClass
                && statusClass == kind.statusClass;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
