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
import static dev.corral.privileges.Bpf.K;
import static dev.corral.privileges.Bpf.LD;
import static dev.corral.privileges.Bpf.LDX;
import static dev.corral.privileges.Bpf.LEN;
import static dev.corral.privileges.Bpf.LSH;
import static dev.corral.privileges.Bpf.MEM;
import static dev.corral.privileges.Bpf.MISC;
import static dev.corral.privileges.Bpf.MUL;
import static dev.corral.privileges.Bpf.NEG;
import static dev.corral.privileges.Bpf.OR;
import static dev.corral.privileges.Bpf.RET;
import static dev.corral.privileges.Bpf.RSH;
import static dev.corral.privileges.Bpf.ST;
import static dev.corral.privileges.Bpf.STX;
import static dev.corral.privileges.Bpf.SUB;
import static dev.corral.privileges.Bpf.TAX;
import static dev.corral.privileges.Bpf.TXA;
import static dev.corral.privileges.Bpf.X;
import static dev.corral.privileges.Bpf.XOR;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the kernel checks before it takes a filter: known operations, jumps forward and inside, an answer at the end. */
final class BpfCheck {
    private static final Set<Integer> OPERATIONS = operations();
    private static final Set<Integer> SCRATCH = Set.of(LD | MEM, LDX | MEM, ST, STX);

    private BpfCheck() {}

    private static Set<Integer> operations() {
        Set<Integer> codes = new HashSet<>(List.of(
                LD | ABS,
                LD | LEN,
                LDX | LEN,
                LD | IMM,
                LDX | IMM,
                LD | MEM,
                LDX | MEM,
                ST,
                STX,
                RET | K,
                RET | A,
                ALU | NEG,
                MISC | TAX,
                MISC | TXA,
                JMP | JA));
        for (int operation : new int[] {ADD, SUB, MUL, DIV, AND, OR, XOR, LSH, RSH}) {
            codes.add(ALU | operation | K);
            codes.add(ALU | operation | X);
        }
        for (int test : new int[] {JEQ, JGT, JGE, JSET}) {
            codes.add(JMP | test | K);
            codes.add(JMP | test | X);
        }
        return codes;
    }

    /** What is wrong with the program; empty if nothing is. */
    static Optional<String> problem(List<Bpf> program) {
        if (program.isEmpty() || program.size() > Bpf.MOST) {
            return Optional.of("a filter of " + program.size() + " instructions: the kernel takes 1 to " + Bpf.MOST);
        }
        for (int at = 0; at < program.size(); at++) {
            if (!isGood(program.get(at), program.size() - at - 1)) {
                return Optional.of(
                        "instruction " + at + " of the filter (" + program.get(at) + "): the kernel would refuse it");
            }
        }
        if (program.get(program.size() - 1).kind() != RET) {
            return Optional.of("the filter's last instruction gives no answer");
        }
        return unwritten(program)
                .map(at -> "instruction " + at + " of the filter reads a scratch word that nothing may have written");
    }

    /** The first instruction that reads a scratch word which is not written on every way there. One bit for each word. */
    private static Optional<Integer> unwritten(List<Bpf> program) {
        int[] arriving = new int[program.size()];
        Arrays.fill(arriving, -1);
        int written = 0;
        for (int at = 0; at < program.size(); at++) {
            Bpf instruction = program.get(at);
            written &= arriving[at];
            int word = SCRATCH.contains(instruction.code()) ? 1 << instruction.k() : 0;
            switch (instruction.kind()) {
                case ST, STX -> written |= word;
                case LD, LDX -> {
                    if ((word & ~written) != 0) {
                        return Optional.of(at);
                    }
                }
                case JMP -> {
                    boolean always = (instruction.code() & 0xf0) == JA;
                    arriving[at + 1 + (always ? instruction.k() : instruction.jt())] &= written;
                    arriving[at + 1 + (always ? instruction.k() : instruction.jf())] &= written;
                    // Only a jump gets to the next one now, and each has left its mark there.
                    written = -1;
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    private static boolean isGood(Bpf instruction, int following) {
        int code = instruction.code();
        int k = instruction.k();
        if (!OPERATIONS.contains(code)) {
            return false;
        }
        if (SCRATCH.contains(code)) {
            return k >= 0 && k < Bpf.SCRATCH;
        }
        return switch (code) {
            case LD | ABS -> k >= 0 && k < Bpf.DATA_SIZE && k % 4 == 0;
            case ALU | DIV | K -> k != 0;
            case ALU | LSH | K, ALU | RSH | K -> k >= 0 && k < 32;
            case JMP | JA -> k >= 0 && k < following;
            default -> instruction.kind() != JMP || (instruction.jt() < following && instruction.jf() < following);
        };
    }
}
