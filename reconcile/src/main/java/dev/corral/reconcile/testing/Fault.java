package dev.corral.reconcile.testing;

import dev.corral.Signal;
import dev.corral.reconcile.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One kind of misfortune, and how often or exactly when it strikes. Immutable. Unless said otherwise it strikes a few times in a
 * hundred occasions; what its factory does not ask for, such as for how long, is drawn each time.
 */
public final class Fault {
    private final Trouble trouble;
    private final Optional<String> detail;
    private final OptionalDouble probability;
    private final List<Long> indexes;

    private Fault(Trouble trouble, Optional<String> detail, OptionalDouble probability, List<Long> indexes) {
        this.trouble = trouble;
        this.detail = detail;
        this.probability = probability;
        this.indexes = indexes;
    }

    static Fault of(Trouble trouble) {
        return new Fault(trouble, Optional.empty(), OptionalDouble.empty(), List.of());
    }

    private static Fault of(Trouble trouble, String detail) {
        return new Fault(trouble, Optional.of(detail), OptionalDouble.empty(), List.of());
    }

    /** A precondition of a commit fails although nobody wrote. */
    public static Fault conflict() {
        return of(Trouble.CONFLICT);
    }

    /** A commit throws, and nothing was written. */
    public static Fault writeFailsBefore() {
        return of(Trouble.WRITE_FAILS_BEFORE);
    }

    /** A commit throws although it was done. */
    public static Fault writeSucceedsButErrors() {
        return of(Trouble.WRITE_SUCCEEDS_BUT_ERRORS);
    }

    /** An effect fails before it has done anything. */
    public static Fault effectFailsBefore() {
        return of(Trouble.EFFECT_FAILS_BEFORE);
    }

    /** An effect fails although it was done. */
    public static Fault effectSucceedsButErrors() {
        return of(Trouble.EFFECT_SUCCEEDS_BUT_ERRORS);
    }

    /** The controllers are killed between an effect and the commit that records its result, and started again. */
    public static Fault crashAfterEffect() {
        return of(Trouble.CRASH_AFTER_EFFECT);
    }

    /** The controllers are killed right after a commit, and started again: only the store is kept. */
    public static Fault crashAfterWrite() {
        return of(Trouble.CRASH_AFTER_WRITE);
    }

    /** From before a commit on the controllers see an older state of one kind: never older than their own last commit. */
    public static Fault cacheLag() {
        return of(Trouble.CACHE_LAG);
    }

    /** The controllers see an older state of this kind for this time at most: never older than their own last commit. */
    public static Fault cacheLag(Kind<?, ?> kind, Duration max) {
        return of(Trouble.CACHE_LAG, kind.name() + " " + Trouble.text(max));
    }

    /** A watch leaves an event out, and finds what is missing only when it lists again some seconds later. */
    public static Fault dropEvent() {
        return of(Trouble.DROP_EVENT);
    }

    /** A watch tells an event twice. */
    public static Fault duplicateEvent() {
        return of(Trouble.DUPLICATE_EVENT);
    }

    /** A watch tells several changes of a resource as one. */
    public static Fault coalesce() {
        return of(Trouble.COALESCE);
    }

    /** A watch keeps the order only within each kind. */
    public static Fault reorderAcrossKinds() {
        return of(Trouble.REORDER_ACROSS_KINDS);
    }

    /** A watch has fallen behind, and lists again. */
    public static Fault watchBreak() {
        return of(Trouble.WATCH_BREAK);
    }

    /** The leader stands still within a pass, another one takes over, and then the old one goes on. */
    public static Fault leaderPause() {
        return of(Trouble.LEADER_PAUSE);
    }

    /** The time leaps by up to an hour. */
    public static Fault clockJump() {
        return of(Trouble.CLOCK_JUMP);
    }

    /** The time leaps. */
    public static Fault clockJump(Duration by) {
        return of(Trouble.CLOCK_JUMP, Trouble.text(by));
    }

    /** Between a pass's snapshot and its commit time passes, and others write. */
    public static Fault slowReconcile() {
        return of(Trouble.SLOW_RECONCILE);
    }

    /** Between a pass's snapshot and its commit this time passes, and others write. */
    public static Fault slowReconcile(Duration by) {
        return of(Trouble.SLOW_RECONCILE, Trouble.text(by));
    }

    /** A running process ends, by itself or by a signal. */
    public static Fault processDies() {
        return of(Trouble.PROCESS_DIES);
    }

    /** A running process exits with this code. */
    public static Fault processDies(int exitCode) {
        return of(Trouble.PROCESS_DIES, exitCode + " 0");
    }

    /** A signal ends a running process. */
    public static Fault processDies(Signal signal) {
        return of(Trouble.PROCESS_DIES, signal + " 0");
    }

    /** A process can't be started. */
    public static Fault startFails() {
        return of(Trouble.START_FAILS);
    }

    /** A process that is started won't end on SIGTERM. */
    public static Fault ignoresSigterm() {
        return of(Trouble.IGNORES_SIGTERM);
    }

    /** The next few answers of a running process to its probes are no. */
    public static Fault probeFlaps() {
        return of(Trouble.PROBE_FLAPS);
    }

    /**
     * It strikes so often.
     *
     * @param ofEachOccasion 0 to 1
     */
    public Fault probability(double ofEachOccasion) {
        if (!(ofEachOccasion >= 0 && ofEachOccasion <= 1)) {
            throw new IllegalArgumentException("a probability is 0 to 1, got " + ofEachOccasion);
        }
        return new Fault(trouble, detail, OptionalDouble.of(ofEachOccasion), List.of());
    }

    /**
     * It strikes exactly at these occasions: commits are counted for what befalls commits, starts of processes for what
     * befalls those, and so on.
     *
     * @param occasions each 1 or more
     */
    public Fault at(long... occasions) {
        return new Fault(
                trouble,
                detail,
                OptionalDouble.empty(),
                Arrays.stream(occasions).boxed().toList());
    }

    Trouble trouble() {
        return trouble;
    }

    Optional<String> detail() {
        return detail;
    }

    /** How likely it strikes at an occasion; empty if nobody has said, or if it strikes at exact ones. */
    OptionalDouble probability() {
        return probability;
    }

    List<Long> indexes() {
        return indexes;
    }
}
