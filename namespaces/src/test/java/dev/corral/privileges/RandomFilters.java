package dev.corral.privileges;

import dev.corral.privileges.SeccompCondition.Comparison;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Filters and arguments by chance, with numbers that are likely to meet each other. */
final class RandomFilters {
    private static final long[] INTERESTING = {
        0,
        1,
        2,
        0x5412,
        0x7fff_ffffL,
        0x8000_0000L,
        0xffff_fffeL,
        0xffff_ffffL,
        0x1_0000_0000L,
        0x1_0000_0001L,
        0x1_0000_5412L,
        0x7fff_ffff_ffff_ffffL,
        0x8000_0000_0000_0000L,
        0xffff_ffff_0000_0000L,
        -2,
        -1
    };
    private static final long[] MASKS = {
        -1, -1, -1, 0xffff_ffffL, 0xffff_ffffL, 0xffff_ffff_0000_0000L, 0xff, 0x8000_0000_0000_0001L
    };

    private static final List<Comparison> COMPARISONS = List.of(Comparison.values());

    private final Random random;

    RandomFilters(long seed) {
        this.random = new Random(seed);
    }

    /** A filter, and the rules it was made of. */
    record Filter(Seccomp seccomp, Map<String, List<SeccompRule>> rules, SeccompAction otherwise) {}

    Filter filter(List<String> calls, List<SeccompAction> actions, SeccompAction otherwise) {
        Seccomp seccomp = Seccomp.otherwise(otherwise);
        Map<String, List<SeccompRule>> rules = new HashMap<>();
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            String call = of(calls);
            SeccompAction action = of(actions);
            List<SeccompCondition> conditions = new ArrayList<>();
            for (int left = random.nextInt(4); left > 0; left--) {
                conditions.add(condition());
            }
            SeccompRule rule = new SeccompRule(conditions, action);
            rules.computeIfAbsent(call, name -> new ArrayList<>()).add(rule);
            seccomp = rule.always()
                    ? seccomp.answer(action, call)
                    : seccomp.answerIf(
                            action,
                            call,
                            conditions.get(0),
                            conditions.subList(1, conditions.size()).toArray(SeccompCondition[]::new));
        }
        return new Filter(seccomp, rules, otherwise);
    }

    private SeccompCondition condition() {
        long mask = MASKS[random.nextInt(MASKS.length)];
        Comparison comparison = of(COMPARISONS);
        return new SeccompCondition(random.nextInt(6), mask, comparison, number() & mask);
    }

    long[] arguments() {
        return random.longs(6).map(any -> number()).toArray();
    }

    <T> T of(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    private long number() {
        return random.nextInt(4) == 0 ? random.nextLong() : INTERESTING[random.nextInt(INTERESTING.length)];
    }

    /** A short program of operations that are mostly known and jumps that mostly stay inside. */
    static List<Bpf> program(Random random) {
        int[] codes = {
            Bpf.LD | Bpf.ABS,
            Bpf.LD | Bpf.IMM,
            Bpf.LD | Bpf.MEM,
            Bpf.LDX | Bpf.MEM,
            Bpf.LDX | Bpf.LEN,
            Bpf.ST,
            Bpf.STX,
            Bpf.ALU | Bpf.DIV | Bpf.K,
            Bpf.ALU | Bpf.LSH | Bpf.K,
            Bpf.ALU | Bpf.AND | Bpf.X,
            Bpf.JMP | Bpf.JA,
            Bpf.JMP | Bpf.JEQ | Bpf.K,
            Bpf.JMP | Bpf.JGT | Bpf.X,
            Bpf.RET | Bpf.A
        };
        List<Bpf> program = new ArrayList<>();
        int length = 1 + random.nextInt(7);
        for (int i = 0; i < length - 1; i++) {
            int code = random.nextInt(12) == 0 ? random.nextInt(0x100) : codes[random.nextInt(codes.length)];
            int k = random.nextInt(4) * (code == (Bpf.LD | Bpf.ABS) ? 4 : 1);
            program.add(new Bpf(
                    code, random.nextInt(3), random.nextInt(3), random.nextInt(12) == 0 ? random.nextInt() : k));
        }
        program.add(random.nextInt(10) == 0 ? Bpf.load(0) : new Bpf(Bpf.RET | Bpf.K, 0, 0, 0x7fff_0000));
        return program;
    }
}
