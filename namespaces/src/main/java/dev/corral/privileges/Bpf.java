package dev.corral.privileges;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One instruction of classic BPF, and the operation codes that a filter may use. Source: {@code linux/filter.h},
 * networking/filter.rst.
 *
 * @param code the operation, 16 bits
 * @param jt how many instructions a jump skips when its test holds, 0 to 255
 * @param jf the same when it does not
 * @param k the constant
 */
record Bpf(int code, int jt, int jf, int k) {
    static final int LD = 0x00;
    static final int LDX = 0x01;
    static final int ST = 0x02;
    static final int STX = 0x03;
    static final int ALU = 0x04;
    static final int JMP = 0x05;
    static final int RET = 0x06;
    static final int MISC = 0x07;

    static final int IMM = 0x00;
    static final int ABS = 0x20;
    static final int MEM = 0x60;
    static final int LEN = 0x80;

    static final int K = 0x00;
    static final int X = 0x08;
    static final int A = 0x10;

    static final int ADD = 0x00;
    static final int SUB = 0x10;
    static final int MUL = 0x20;
    static final int DIV = 0x30;
    static final int OR = 0x40;
    static final int AND = 0x50;
    static final int LSH = 0x60;
    static final int RSH = 0x70;
    static final int NEG = 0x80;
    static final int XOR = 0xa0;

    static final int JA = 0x00;
    static final int JEQ = 0x10;
    static final int JGT = 0x20;
    static final int JGE = 0x30;
    static final int JSET = 0x40;

    static final int TAX = 0x00;
    static final int TXA = 0x80;

    /** Offsets within struct seccomp_data, and its size. */
    static final int NUMBER = 0;

    static final int ARCHITECTURE = 4;
    static final int ARGUMENTS = 16;
    static final int DATA_SIZE = 64;

    /** The kernel takes no more instructions than that: BPF_MAXINSNS. */
    static final int MOST = 4096;

    /** The size of struct sock_filter. */
    static final int SIZE = 8;

    static final int SCRATCH = 16;

    static Bpf load(int offset) {
        return new Bpf(LD | ABS, 0, 0, offset);
    }

    static Bpf and(int mask) {
        return new Bpf(ALU | AND | K, 0, 0, mask);
    }

    static Bpf jump(int skipped) {
        return new Bpf(JMP | JA, 0, 0, skipped);
    }

    static Bpf test(int test, int value, int jt, int jf) {
        if (jt < 0 || jt > 255 || jf < 0 || jf > 255) {
            throw new IllegalStateException("a conditional jump can't skip " + jt + " or " + jf + " instructions");
        }
        return new Bpf(JMP | test | K, jt, jf, value);
    }

    static Bpf answer(SeccompAction action) {
        return new Bpf(RET | K, 0, 0, action.filterValue());
    }

    int kind() {
        return code & 0x07;
    }

    /** The array of struct sock_filter. Both architectures are little-endian, so this is the native order. */
    static byte[] bytes(List<Bpf> program) {
        ByteBuffer buffer = ByteBuffer.allocate(program.size() * SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (Bpf instruction : program) {
            buffer.putShort((short) instruction.code)
                    .put((byte) instruction.jt)
                    .put((byte) instruction.jf)
                    .putInt(instruction.k);
        }
        return buffer.array();
    }

    /** The other way; the number of bytes must be a multiple of 8. */
    static List<Bpf> parse(byte[] bytes) {
        if (bytes.length % SIZE != 0) {
            throw new IllegalArgumentException(
                    "a filter of " + bytes.length + " bytes: instructions have " + SIZE + " each");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Bpf> program = new ArrayList<>(bytes.length / SIZE);
        while (buffer.hasRemaining()) {
            program.add(new Bpf(
                    Short.toUnsignedInt(buffer.getShort()),
                    Byte.toUnsignedInt(buffer.get()),
                    Byte.toUnsignedInt(buffer.get()),
                    buffer.getInt()));
        }
        return program;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%02x jt %d jf %d k %08x", code, jt, jf, k);
    }
}
