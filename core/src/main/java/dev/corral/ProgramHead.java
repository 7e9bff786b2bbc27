package dev.corral;

import dev.corral.internal.linux.FileNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The beginning of a program's file, as the kernel looks at it. Source: execve(2), elf(5). */
final class ProgramHead {
    private static final int MOST = 65_536;
    private static final int PT_INTERP = 3;
    private static final int ELF_HEADER = 64;

    private final byte[] bytes;

    ProgramHead(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Empty for what can't be read. */
    static ProgramHead of(Path file) {
        if (!Files.isRegularFile(file)) {
            return new ProgramHead(new byte[0]);
        }
        try (InputStream input = Files.newInputStream(file)) {
            return new ProgramHead(input.readNBytes(MOST));
        } catch (IOException unreadable) {
            return new ProgramHead(new byte[0]);
        }
    }

    boolean isScript() {
        return bytes.length > 1 && bytes[0] == '#' && bytes[1] == '!';
    }

    private boolean isElf() {
        return bytes.length >= ELF_HEADER && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
    }

    /** The machine it was made for, unless that is the given one; empty too for what is no ELF file. */
    Optional<String> foreignMachine(String arch) {
        if (!isElf()) {
            return Optional.empty();
        }
        String machine = machine(ordered().getShort(18) & 0xffff);
        return Optional.of(machine)
                .filter(other -> !other.equals("amd64".equals(arch) || "x86_64".equals(arch) ? "x86-64" : arch));
    }

    /** Source: elf.h, EM_…. */
    private static String machine(int number) {
        return switch (number) {
            case 3 -> "i386";
            case 20, 21 -> "ppc64";
            case 22 -> "s390x";
            case 40 -> "arm";
            case 62 -> "x86-64";
            case 183 -> "aarch64";
            case 243 -> "riscv64";
            default -> "machine " + number;
        };
    }

    /** Who the kernel runs in its place: what the #! line names, or the dynamic loader. */
    Optional<String> interpreter() {
        if (isScript()) {
            // a carriage return is part of the name to the kernel
            String line = text(2, '\n');
            return Optional.of(line.replaceFirst("^[ \t]+", "").split("[ \t\0]", 2)[0])
                    .filter(path -> !path.isEmpty());
        }
        return isElf() ? loader() : Optional.empty();
    }

    private Optional<String> loader() {
        ByteBuffer file = ordered();
        boolean wide = bytes[4] == 2;
        long table = wide ? file.getLong(32) : file.getInt(28);
        int size = file.getShort(wide ? 54 : 42) & 0xffff;
        int count = file.getShort(wide ? 56 : 44) & 0xffff;
        for (int i = 0; i < count; i++) {
            long entry = table + (long) i * size;
            if (entry < 0 || size < 32 || entry + size > bytes.length) {
                return Optional.empty();
            }
            int at = (int) entry;
            if (file.getInt(at) == PT_INTERP) {
                return text(wide ? file.getLong(at + 8) : file.getInt(at + 4));
            }
        }
        return Optional.empty();
    }

    private Optional<String> text(long from) {
        if (from < 0 || from >= bytes.length) {
            return Optional.empty();
        }
        return Optional.of(text((int) from, '\0'));
    }

    private String text(int from, char last) {
        int end = from;
        while (end < bytes.length && bytes[end] != last) {
            end++;
        }
        return FileNames.text(Arrays.copyOfRange(bytes, from, end));
    }

    private ByteBuffer ordered() {
        return ByteBuffer.wrap(bytes).order(bytes[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }
}
