package dev.corral.privileges;

import static dev.corral.privileges.Bpf.A;
import static dev.corral.privileges.Bpf.ABS;
import static dev.corral.privileges.Bpf.ADD;
import static dev.corral.privileges.Bpf.ALU;
import static dev.corral.privileges.Bpf.AND;
import static dev.corral.privileges.Bpf.DIV;
import static dev.corral.privileges.Bpf.IMM;
import static dev.corral.privileges.Bpf.JA;
import static dev.corral.privileges.Bpf.JEQ;
import static dev.corral.privileges.Bpf.JGE;
import static dev.corral.privileges.Bpf.JGT;
import static dev.corral.privileges.Bpf.JMP;
import static dev.corral.privileges.Bpf.JSET;
import static dev.corral.privileges.Bpf.LD;
import static dev.corral.privileges.Bpf.LDX;
import static dev.corral.privileges.Bpf.LEN;
import static dev.corral.privileges.Bpf.LSH;
import static dev.corral.privileges.Bpf.MEM;
import static dev.corral.privileges.Bpf.MUL;
import static dev.corral.privileges.Bpf.NEG;
import static dev.corral.privileges.Bpf.OR;
import static dev.corral.privileges.Bpf.RET;
import static dev.corral.privileges.Bpf.RSH;
import static dev.corral.privileges.Bpf.ST;
import static dev.corral.privileges.Bpf.STX;
import static dev.corral.privileges.Bpf.SUB;
import static dev.corral.privileges.Bpf.TAX;
import static dev.corral.privileges.Bpf.X;
import static dev.corral.privileges.Bpf.XOR;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Carries a filter out the way the kernel does, and tells each answer it can give.
 *
 * <p>A word that is not known, such as the arguments of a call that is still to come, is followed both ways wherever a jump
 * depends on it. With all words known there is one way and one answer. Programs only jump forward, so all ways end.
 */
final class BpfMachine {
    /** Beside the 32-bit values, which are kept unsigned. */
    static final long UNKNOWN = -1;

    /** Far more than any filter built here has; one from elsewhere could double the ways with each instruction. */
    private static final int MOST_STATES = 200_000;

    private final List<Bpf> program;

    BpfMachine(List<Bpf> program) {
        this.program = program;
    }

    /** Reads a word of struct seccomp_data. */
    interface Words {
        long word(int offset);
    }

    private record State(int at, long a, long x, List<Long> scratch) {
        State next(long newA) {
            return new State(at + 1, newA, x, scratch);
        }

        State nextX(long newX) {
            return new State(at + 1, a, newX, scratch);
        }

        State skip(long skipped) {
            return new State((int) (at + 1 + skipped), a, x, scratch);
        }

        State store(int slot, long value) {
            Long[] changed = scratch.toArray(Long[]::new);
            changed[slot] = value;
            return new State(at + 1, a, x, List.of(changed));
        }
    }

    /** The answer for one call. */
    int run(IntUnaryOperator word) {
        return answers(offset -> Integer.toUnsignedLong(word.applyAsInt(offset)))
                .iterator()
                .next();
    }

    /** Every answer there can be. */
    Set<Integer> answers(Words words) {
        Set<Integer> answers = new LinkedHashSet<>();
        Set<State> seen = new HashSet<>();
        Deque<State> open = new ArrayDeque<>();
        open.push(new State(0, 0, 0, Collections.nCopies(Bpf.SCRATCH, 0L)));
        while (!open.isEmpty()) {
            State state = open.pop();
            if (seen.add(state)) {
                if (seen.size() > MOST_STATES) {
                    throw new IllegalArgumentException("the filter has too many ways to follow");
                }
                step(state, words, open, answers);
            }
        }
        return answers;
    }

    private void step(State state, Words words, Deque<State> open, Set<Integer> answers) {
        Bpf instruction = program.get(state.at);
        int code = instruction.code();
        long k = Integer.toUnsignedLong(instruction.k());
        switch (instruction.kind()) {
            case RET -> answers.add(answer(instruction, state));
            case JMP -> jump(instruction, state, open);
            case ALU -> {
                long operand = (code & X) != 0 ? state.x : k;
                boolean divides = (code & 0xf0) == DIV;
                if (divides && (operand == 0 || operand == UNKNOWN)) {
                    answers.add(0); // the kernel ends the program with 0 there, which kills the thread
                }
                if (!divides || operand != 0) {
                    open.push(state.next(calculate(code & 0xf0, state.a, operand)));
                }
            }
            case LD -> open.push(state.next(loaded(code & 0xe0, k, state, words)));
            case LDX -> open.push(state.nextX(loaded(code & 0xe0, k, state, words)));
            case ST -> open.push(state.store((int) k, state.a));
            case STX -> open.push(state.store((int) k, state.x));
            default -> open.push((code & 0xf8) == TAX ? state.nextX(state.a) : state.next(state.x));
        }
    }

    private static int answer(Bpf instruction, State state) {
        if ((instruction.code() & 0x18) != A) {
            return instruction.k();
        }
        if (state.a == UNKNOWN) {
            throw new IllegalArgumentException("the filter's answer is calculated from arguments");
        }
        return (int) state.a;
    }

    private static long loaded(int mode, long k, State state, Words words) {
        return switch (mode) {
            case ABS -> words.word((int) k);
            case MEM -> state.scratch.get((int) k);
            case LEN -> Bpf.DATA_SIZE;
            case IMM -> k;
            default -> throw new IllegalStateException("load mode " + mode);
        };
    }

    private static void jump(Bpf instruction, State state, Deque<State> open) {
        int test = instruction.code() & 0xf0;
        if (test == JA) {
            open.push(state.skip(instruction.k()));
            return;
        }
        long operand = (instruction.code() & X) != 0 ? state.x : Integer.toUnsignedLong(instruction.k());
        if (state.a == UNKNOWN || operand == UNKNOWN) {
            open.push(state.skip(instruction.jt()));
            open.push(state.skip(instruction.jf()));
            return;
        }
        boolean holds = switch (test) {
            case JEQ -> state.a == operand;
            case JGT -> state.a > operand;
            case JGE -> state.a >= operand;
            case JSET -> (state.a & operand) != 0;
            default -> throw new IllegalStateException("jump " + test);
        };
        open.push(state.skip(holds ? instruction.jt() : instruction.jf()));
    }

    private static long calculate(int operation, long a, long operand) {
        if (a == UNKNOWN || (operand == UNKNOWN && operation != NEG)) {
            return UNKNOWN;
        }
        long result = switch (operation) {
            case ADD -> a + operand;
            case SUB -> a - operand;
            case MUL -> a * operand;
            case DIV -> a / operand;
            case AND -> a & operand;
            case OR -> a | operand;
            case XOR -> a ^ operand;
            // The kernel's own machine takes a shift modulo 32.
            case LSH -> a << (operand & 31);
            case RSH -> a >>> (operand & 31);
            case NEG -> -a;
            default -> throw new IllegalStateException("operation " + operation);
        };
        return result & 0xffff_ffffL;
    }
}
