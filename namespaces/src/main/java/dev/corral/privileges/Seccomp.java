package dev.corral.privileges;

import dev.corral.Applied;
import dev.corral.Capabilities;
import dev.corral.Confinement;
import dev.corral.Feature;
import dev.corral.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which system calls a child may make; immutable. Source: seccomp(2).
 *
 * <p>A rule names calls and says what happens to them, always or when conditions on their arguments hold. A later rule wins over
 * an earlier one, so a profile can be taken and changed: {@code Seccomp.defaultProfile().allow("ptrace")}. What no rule speaks
 * of gets the action the filter was begun with.
 *
 * <p>Names are those of the manual's section 2 as {@code asm/unistd.h} spells them. A name that only the other architecture
 * has, such as {@code open} on aarch64, is accepted and matches nothing; a name that no architecture has is an
 * IllegalArgumentException. To forbid something, name all calls that do it: {@code open}, {@code openat}, {@code openat2}.
 *
 * <p>Only the architecture's own way to call gets in: a 32-bit call of a 64-bit processor ends the process, and a call by an x32
 * number answers ENOSYS.
 *
 * <p>The filter holds for the child and all its descendants, and nobody can take it off.
 */
public final class Seccomp implements Confinement {
    private final SeccompAction otherwise;
    private final Optional<SeccompAction> unknown;
    private final SortedMap<String, List<SeccompRule>> rules;
    private final Optional<SeccompHandler> handler;
    /** Compiled and checked with the first launch: that takes longer than all else the JVM does for one. */
    private volatile Optional<byte[]> compiled = Optional.empty();

    private Seccomp(
            SeccompAction otherwise,
            Optional<SeccompAction> unknown,
            SortedMap<String, List<SeccompRule>> rules,
            Optional<SeccompHandler> handler) {
        this.otherwise = otherwise;
        this.unknown = unknown;
        this.rules = rules;
        this.handler = handler;
    }

    /** Begins a filter with what happens to calls that no rule speaks of. */
    public static Seccomp otherwise(SeccompAction action) {
        return new Seccomp(action, Optional.empty(), new TreeMap<>(), Optional.empty());
    }

    /** Begins a filter that allows what no rule speaks of. */
    public static Seccomp allowByDefault() {
        return otherwise(SeccompAction.allow());
    }

    /** Begins a filter that answers EPERM where no rule allows a call. */
    public static Seccomp denyByDefault() {
        return otherwise(SeccompAction.errno("EPERM"));
    }

    /**
     * The filter for programs that need nothing special: mounts, namespaces, tracing, keys, clocks, kernel modules and the like
     * answer EPERM, and so do the two terminal controls by which a program types for somebody else. Calls that this library
     * does not know answer ENOSYS, as an older kernel would; so does clone3, whose flags a filter can't see, and the C library
     * falls back to clone.
     */
    public static Seccomp defaultProfile() {
        return DefaultProfile.PROFILE;
    }

    /** Allows these calls. */
    public Seccomp allow(String... calls) {
        return answer(SeccompAction.allow(), calls);
    }

    /** Allows a call if all conditions hold. */
    public Seccomp allowIf(String call, SeccompCondition first, SeccompCondition... more) {
        return answerIf(SeccompAction.allow(), call, first, more);
    }

    /** Lets these calls fail with EPERM. */
    public Seccomp deny(String... calls) {
        return answer(SeccompAction.errno("EPERM"), calls);
    }

    /** Lets a call fail with EPERM if all conditions hold. */
    public Seccomp denyIf(String call, SeccompCondition first, SeccompCondition... more) {
        return answerIf(SeccompAction.errno("EPERM"), call, first, more);
    }

    /** Does this with these calls. */
    public Seccomp answer(SeccompAction action, String... calls) {
        SortedMap<String, List<SeccompRule>> changed = new TreeMap<>(rules);
        for (String call : calls) {
            // Nothing given before can matter any more.
            changed.put(known(call), List.of(new SeccompRule(List.of(), action)));
        }
        return new Seccomp(otherwise, unknown, changed, handler);
    }

    /** Does this with a call if all conditions hold. */
    public Seccomp answerIf(SeccompAction action, String call, SeccompCondition first, SeccompCondition... more) {
        SeccompRule rule =
                new SeccompRule(Stream.concat(Stream.of(first), Stream.of(more)).toList(), action);
        SortedMap<String, List<SeccompRule>> changed = new TreeMap<>(rules);
        List<SeccompRule> all = new ArrayList<>(changed.getOrDefault(known(call), List.of()));
        all.add(rule);
        changed.put(call, List.copyOf(all));
        return new Seccomp(otherwise, unknown, changed, handler);
    }

    /** What happens to numbers that stand for no call this library knows; without it the same as to unnamed calls. */
    public Seccomp unknown(SeccompAction action) {
        return new Seccomp(otherwise, Optional.of(action), rules, handler);
    }

    /**
     * Lets a handler in this JVM decide on these calls. One filter has one handler; the last one given decides on all of them.
     * It can't decide on execve, which the launch itself waits for.
     * See {@link SeccompHandler} for what it can't protect.
     */
    public Seccomp ask(SeccompHandler decider, String... calls) {
        Seccomp asking = answer(SeccompAction.askHandler(), calls);
        return new Seccomp(asking.otherwise, asking.unknown, asking.rules, Optional.of(decider));
    }

    /** The filter for this JVM's architecture. More than 4096 instructions are an IllegalArgumentException. */
    public SeccompProgram compile() {
        return compile(Architecture.current());
    }

    /** The filter for an architecture. More than 4096 instructions are an IllegalArgumentException. */
    public SeccompProgram compile(Architecture architecture) {
        return SeccompProgram.of(
                architecture, new FilterCompiler(architecture, rules, otherwise, unknown.orElse(otherwise)).compile());
    }

    /**
     * The filter, if a launch can go on with it. One that keeps the launcher from starting the program, or from telling why it
     * could not, is an IllegalArgumentException, and so is one that asks a handler and has none.
     */
    SeccompProgram launchable(Architecture architecture) {
        SeccompProgram program = compile(architecture);
        List<String> problems = new ArrayList<>(program.launchProblems(SeccompProgram.LAUNCHER_NEEDS));
        if (handler.isEmpty() && asksHandler()) {
            problems.add("the seccomp filter asks a handler, and there is none: give it by ask(handler, calls)");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return program;
    }

    /**
     * Puts the child under the filter, and its handler at work. A filter that keeps the launcher from starting the program, or
     * from telling why it could not, is an IllegalArgumentException, and so is one that asks a handler and has none.
     */
    @Override
    public void prepare(Launch launch) {
        byte[] program =
                compiled.orElseGet(() -> launchable(Architecture.current()).bytes());
        compiled = Optional.of(program);
        handler.ifPresentOrElse(
                decider -> launch.seccomp(program, listener -> SeccompNotifications.serve(listener, decider)),
                () -> launch.seccomp(program));
    }

    /**
     * The same where the kernel has such filters; where it has none a child goes without, and {@link dev.corral.Child#applied()}
     * tells why.
     */
    public Confinement bestEffort() {
        return launch -> {
            Capabilities here = Capabilities.probe();
            // Where nothing can be started for want of something, the launch finds out whether it is there again.
            Optional<String> why = here.has(Feature.LAUNCH) ? here.whyNot(Feature.SECCOMP) : Optional.empty();
            String requested = "otherwise " + otherwise;
            launch.provide(new Applied(List.of(new Applied.Entry(
                    "seccomp filter",
                    requested,
                    Optional.empty(),
                    why.isPresent() ? Optional.empty() : Optional.of(requested),
                    why.orElse("")))));
            if (why.isEmpty()) {
                prepare(launch);
            }
        };
    }

    private boolean asksHandler() {
        Stream<SeccompAction> actions =
                rules.values().stream().flatMap(List::stream).map(SeccompRule::action);
        return Stream.concat(actions, Stream.of(otherwise, unknown.orElse(otherwise)))
                .anyMatch(action -> action.kind() == SeccompAction.Kind.NOTIFY);
    }

    private static String known(String call) {
        if (!SyscallTable.knowsAnywhere(call)) {
            throw new IllegalArgumentException(
                    "system call \"" + call + "\" is not known: names are those of syscalls(2)");
        }
        return call;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Seccomp that
                && otherwise.equals(that.otherwise)
                && unknown.equals(that.unknown)
                && rules.equals(that.rules)
                && handler.equals(that.handler);
    }

    @Override
    public int hashCode() {
        return Objects.hash(otherwise, unknown, rules, handler);
    }

    @Override
    public String toString() {
        String text = rules.entrySet().stream()
                .map(Seccomp::text)
                .collect(Collectors.joining(", ", "Seccomp[", rules.isEmpty() ? "" : ", "));
        return text + "otherwise " + otherwise
                + unknown.map(action -> ", unknown " + action).orElse("") + "]";
    }

    private static String text(Map.Entry<String, List<SeccompRule>> rule) {
        return rule.getKey() + ": "
                + rule.getValue().stream().map(SeccompRule::toString).collect(Collectors.joining(", "));
    }
}
