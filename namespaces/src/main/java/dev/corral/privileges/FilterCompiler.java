package dev.corral.privileges;

import static dev.corral.privileges.Bpf.JEQ;
import static dev.corral.privileges.Bpf.JGE;

import dev.corral.internal.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns rules into a filter: the architecture is checked first, then the number is looked for by binary search among ranges of
 * numbers that are treated alike, then the rules of that range are tried.
 *
 * <p>Each piece is built after what follows it, so the length of every jump is known when it is written, and nothing has to be
 * patched. A conditional jump reaches 255 instructions; where that may not do, it goes by an unconditional one.
 */
final class FilterCompiler {
    /** On x86-64 numbers from here on mean the x32 way of calling, a second door to the same calls. */
    private static final long X32 = 0x4000_0000L;

    private final Architecture architecture;
    private final Map<String, List<SeccompRule>> rules;
    private final SeccompAction otherwise;
    private final SeccompAction unknown;

    /** The rules of a call in the order in which they are tried, ending in one that always holds. */
    private record Verdict(List<SeccompRule> rules) {
        static Verdict of(SeccompAction action) {
            return new Verdict(List.of(new SeccompRule(List.of(), action)));
        }
    }

    private record Range(long first, Verdict verdict) {}

    FilterCompiler(
            Architecture architecture,
            Map<String, List<SeccompRule>> rules,
            SeccompAction otherwise,
            SeccompAction unknown) {
        this.architecture = architecture;
        this.rules = rules;
        this.otherwise = otherwise;
        this.unknown = unknown;
    }

    List<Bpf> compile() {
        List<Bpf> program = new ArrayList<>();
        // A program of another architecture has other numbers for the same calls: none of it gets past here.
        program.add(Bpf.load(Bpf.ARCHITECTURE));
        program.add(Bpf.test(JEQ, architecture.auditNumber(), 1, 0));
        program.add(Bpf.answer(SeccompAction.killProcess()));
        program.add(Bpf.load(Bpf.NUMBER));
        program.addAll(search(ranges()));
        return program;
    }

    /** All numbers from 0 to 2^32-1 in ranges that are treated alike, no two neighbours the same. */
    private List<Range> ranges() {
        TreeMap<Long, Verdict> starts = new TreeMap<>();
        starts.put(0L, Verdict.of(unknown));
        architecture.syscalls().names().forEach((number, name) -> {
            starts.put((long) number, verdict(name));
            starts.putIfAbsent(number + 1L, Verdict.of(unknown));
        });
        if (architecture == Architecture.X86_64) {
            // What a kernel without x32 answers. It also holds for number -1, which means: leave the call out.
            starts.put(X32, Verdict.of(SeccompAction.errno(Errno.ENOSYS)));
        }
        List<Range> ranges = new ArrayList<>();
        starts.forEach((first, verdict) -> {
            if (ranges.isEmpty() || !ranges.get(ranges.size() - 1).verdict.equals(verdict)) {
                ranges.add(new Range(first, verdict));
            }
        });
        return ranges;
    }

    /** The last rule given is tried first. */
    private Verdict verdict(String name) {
        List<SeccompRule> given = rules.getOrDefault(name, List.of());
        List<SeccompRule> tried = new ArrayList<>();
        for (int i = given.size() - 1; i >= 0; i--) {
            tried.add(given.get(i));
            if (given.get(i).always()) {
                return new Verdict(tried);
            }
        }
        tried.add(new SeccompRule(List.of(), otherwise));
        return new Verdict(tried);
    }

    /** The number is in the accumulator. */
    private static List<Bpf> search(List<Range> ranges) {
        if (ranges.size() == 1) {
            return tryRules(ranges.get(0).verdict.rules);
        }
        int middle = ranges.size() / 2;
        List<Bpf> below = search(ranges.subList(0, middle));
        List<Bpf> above = search(ranges.subList(middle, ranges.size()));
        int boundary = (int) ranges.get(middle).first;
        List<Bpf> both = new ArrayList<>();
        if (below.size() <= 255) {
            both.add(Bpf.test(JGE, boundary, below.size(), 0));
        } else {
            both.add(Bpf.test(JGE, boundary, 0, 1));
            both.add(Bpf.jump(below.size()));
        }
        both.addAll(below);
        both.addAll(above);
        return both;
    }

    private static List<Bpf> tryRules(List<SeccompRule> rules) {
        List<Bpf> all = new ArrayList<>();
        for (SeccompRule rule : rules) {
            List<Bpf> code = List.of(Bpf.answer(rule.action()));
            for (SeccompCondition condition : rule.conditions()) {
                code = guarded(condition, code);
            }
            all.addAll(code);
        }
        return all;
    }

    /** Goes on with the code if the condition holds, and beyond its end if not. */
    private static List<Bpf> guarded(SeccompCondition condition, List<Bpf> code) {
        List<Bpf> all = new ArrayList<>(new ConditionCode(condition).tests());
        all.add(Bpf.jump(code.size()));
        all.addAll(code);
        return all;
    }
}
