package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/** What a program has written to one stream, whole; immutable, and equal by its bytes. */
public final class Output {
    private final byte[] bytes;

    /** Takes the array over. */
    Output(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** All of it as UTF-8, with a replacement character for what is not. */
    public String text() {
        return new String(bytes, UTF_8);
    }

    /** The text's lines without their ends; empty for no output. */
    public List<String> lines() {
        return text().lines().toList();
    }

    /** Whether there was no output. */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Output that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The text. */
    @Override
    public String toString() {
        return text();
    }
}
