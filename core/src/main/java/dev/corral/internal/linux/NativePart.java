package dev.corral.internal.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/** JNA's library, which it unpacks for itself: the one thing that may be wanting before the kernel is asked anything. */
public final class NativePart {
    /** As the JVM keeps an error of a class that failed before. */
    private static final Pattern AGAIN =
            Pattern.compile("\\AException \\S+: (.*) \\[in thread \".*\"\\]\\z", Pattern.DOTALL);

    private static final String WHAT = "JNA can't load its native part: ";

    private NativePart() {}

    /** Binds the native methods of a class to the functions of libc that have their names. */
    static void map(Class<?> functions) {
        try {
            Native.register(functions, "c");
        } catch (LinkageError unloadable) {
            throw told(unloadable);
        }
    }

    /** Where a buffer outside of the heap is. */
    static long address(ByteBuffer direct) {
        try {
            return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
        } catch (LinkageError unloadable) {
            throw told(unloadable);
        }
    }

    private static LinkageError told(LinkageError unloadable) {
        LinkageError told = new UnsatisfiedLinkError(why(unloadable));
        told.initCause(unloadable);
        return told;
    }

    /** Why it can't be loaded, and what to do: from the second time on the JVM's own message names a class and no reason. */
    public static String why(LinkageError unloadable) {
        Throwable first = unloadable;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String reason = AGAIN.matcher(String.valueOf(first.getMessage())).replaceFirst("$1");
        return reason.startsWith(WHAT)
                ? reason
                : WHAT + reason
                        + "; it has to be unpacked where files can be written and executed: have -Djna.tmpdir name a directory"
                        + " that is not mounted noexec";
    }
}
