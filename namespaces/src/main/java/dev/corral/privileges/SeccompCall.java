package dev.corral.privileges;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.internal.linux.SeccompCalls;
import dev.corral.internal.linux.SeccompCalls.Notification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A system call of a child that waits for an answer. Its methods may be called until the handler returns, on the handler's
 * thread.
 */
public final class SeccompCall {
    private static final int PAGE = 4096;
    private static final int LONGEST_TEXT = 64 * 1024;

    private final int listener;
    private final Notification notification;

    SeccompCall(int listener, Notification notification) {
        this.listener = listener;
        this.notification = notification;
    }

    /** The call's name; empty for a number this library does not know. */
    public Optional<String> name() {
        return architecture().flatMap(known -> known.syscalls().name(notification.number()));
    }

    /** The call's number. */
    public int number() {
        return notification.number();
    }

    /** In which way it was called; empty for another than this library knows. */
    public Optional<Architecture> architecture() {
        return Architecture.ofAudit(notification.architecture());
    }

    /** An argument as the register holds it: index 0 to 5. */
    public long argument(int index) {
        return notification.arguments().get(index);
    }

    /** The thread that made it, as this JVM sees its id; 0 if it can't see it. */
    public int thread() {
        return notification.thread();
    }

    /** The address that the call was made from. */
    public long instructionPointer() {
        return notification.instructionPointer();
    }

    /** Whether the thread still waits. What was read about it by its id before was about it, and not about a successor. */
    public boolean isWaiting() {
        return SeccompCalls.isValid(listener, notification.id());
    }

    /**
     * The text an argument points at, such as a path: up to the closing NUL, as UTF-8; empty if there is none within 64 KiB,
     * if it can't be read, or if the thread no longer waits. The child may change it at any time.
     */
    public Optional<String> text(int index) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        long address = argument(index);
        // Reads may not cross into a page that is not there, so each ends with its page.
        while (text.size() < LONGEST_TEXT) {
            int length = (int) (PAGE - Long.remainderUnsigned(address, PAGE));
            Optional<byte[]> part = bytes(address, length);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            for (byte each : part.get()) {
                if (each == 0) {
                    return Optional.of(text.toString(UTF_8));
                }
                text.write(each);
            }
            address += length;
        }
        return Optional.empty();
    }

    /**
     * The child's memory at an address; empty if not all of it can be read, or if the thread no longer waits. The child may
     * change it at any time.
     *
     * @param length how many bytes, 0 to 16 MiB
     */
    public Optional<byte[]> bytes(long address, int length) {
        if (length < 0 || length > 16 * 1024 * 1024) {
            throw new IllegalArgumentException(length + " bytes: it must be between 0 and 16 MiB");
        }
        byte[] bytes = new byte[length];
        if (address < 0) {
            return Optional.empty();
        }
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + thread() + "/mem", "r")) {
            memory.seek(address);
            memory.readFully(bytes);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        return isWaiting() ? Optional.of(bytes) : Optional.empty();
    }

    @Override
    public String toString() {
        return name().orElseGet(() -> "system call " + number())
                + notification.arguments().stream()
                        .map(argument -> "0x" + Long.toHexString(argument))
                        .collect(Collectors.joining(", ", "(", ")"))
                + " of thread " + thread();
    }
}
