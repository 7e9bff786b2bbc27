package dev.corral.privileges;

import static dev.corral.privileges.Bpf.JEQ;
import static dev.corral.privileges.Bpf.JGE;
import static dev.corral.privileges.Bpf.JGT;

import java.util.ArrayList;
import java.util.List;

/**
 * The tests of one condition. BPF has 32-bit words, so the high half is compared first, and the low half where the high one
 * leaves it open. What comes out true skips the instruction after the tests, what comes out false goes there.
 */
final class ConditionCode {
    private static final int HALF = 32;

    private enum Outcome {
        TRUE,
        FALSE,
        OPEN;

        Outcome not() {
            return this == OPEN ? OPEN : this == TRUE ? FALSE : TRUE;
        }
    }

    /** One instruction; for a test where it goes. */
    private record Line(Bpf plain, int test, Outcome then, Outcome orElse) {
        static Line plain(Bpf instruction) {
            return new Line(instruction, 0, Outcome.OPEN, Outcome.OPEN);
        }
    }

    private final SeccompCondition condition;
    private final List<Line> lines = new ArrayList<>();

    ConditionCode(SeccompCondition condition) {
        this.condition = condition;
    }

    List<Bpf> tests() {
        int high = (int) (condition.value() >>> HALF);
        int low = (int) condition.value();
        // LT is not GE, LE is not GT, NE is not EQ.
        switch (condition.comparison()) {
            case EQ -> equal(high, low, false);
            case NE -> equal(high, low, true);
            case GE -> greater(high, JGE, low, false);
            case LT -> greater(high, JGE, low, true);
            case GT -> greater(high, JGT, low, false);
            case LE -> greater(high, JGT, low, true);
        }
        return assemble();
    }

    private void equal(int high, int low, boolean negated) {
        loadHigh(() -> test(JEQ, high, Outcome.OPEN, Outcome.FALSE, negated));
        load(0, (int) condition.mask());
        test(JEQ, low, Outcome.TRUE, Outcome.FALSE, negated);
    }

    private void greater(int high, int lowTest, int low, boolean negated) {
        loadHigh(() -> {
            test(JGT, high, Outcome.TRUE, Outcome.OPEN, negated);
            test(JEQ, high, Outcome.OPEN, Outcome.FALSE, negated);
        });
        load(0, (int) condition.mask());
        test(lowTest, low, Outcome.TRUE, Outcome.FALSE, negated);
    }

    /** A mask of 32 bits leaves nothing of the high half, and the value has nothing there either: it stays unread. */
    private void loadHigh(Runnable tests) {
        int mask = (int) (condition.mask() >>> HALF);
        if (mask != 0) {
            load(4, mask);
            tests.run();
        }
    }

    private void load(int half, int mask) {
        lines.add(Line.plain(Bpf.load(Bpf.ARGUMENTS + 8 * condition.argument() + half)));
        if (mask != -1) {
            lines.add(Line.plain(Bpf.and(mask)));
        }
    }

    private void test(int test, int value, Outcome then, Outcome orElse, boolean negated) {
        lines.add(new Line(
                Bpf.test(test, value, 0, 0), test, negated ? then.not() : then, negated ? orElse.not() : orElse));
    }

    private List<Bpf> assemble() {
        List<Bpf> program = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            Line line = lines.get(at);
            int following = lines.size() - at - 1;
            program.add(
                    line.test == 0
                            ? line.plain
                            : Bpf.test(
                                    line.test,
                                    line.plain.k(),
                                    skipped(line.then, following),
                                    skipped(line.orElse, following)));
        }
        return program;
    }

    private static int skipped(Outcome outcome, int following) {
        return switch (outcome) {
            case OPEN -> 0;
            case FALSE -> following;
            case TRUE -> following + 1;
        };
    }
}
