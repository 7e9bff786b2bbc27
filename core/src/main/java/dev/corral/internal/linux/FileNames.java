package dev.corral.internal.linux;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Names of files, which are bytes to the kernel. As a text they are UTF-8, whatever the JVM's locale is: in the one that a program has
 * without LANG, java.nio knows no name beyond ASCII by its text. A byte that is no UTF-8 stands for itself as a lone surrogate, from
 * U+DC80 on, which no other text has. So whatever was listed is found again, also what somebody has named to prevent that.
 */
public final class FileNames {
    private static final Path ROOT = Path.of("/");
    private static final int ESCAPED = 0xDC00;
    /** What stands for bytes that are no UTF-8 elsewhere, and may stand for itself. */
    private static final char REPLACED = '\uFFFD';

    private static final String HEX = "0123456789ABCDEF";

    private FileNames() {}

    /** Bytes as the kernel gave them. */
    public static String text(byte[] bytes) {
        return text(bytes, 0, bytes.length);
    }

    static String text(byte[] bytes, int from, int length) {
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        return text.indexOf(REPLACED) < 0 ? text : exact(bytes, from, length);
    }

    private static String exact(byte[] bytes, int from, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
        CharBuffer out = CharBuffer.allocate(length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPED | Byte.toUnsignedInt(in.get())));
            }
        }
    }

    /** The text of a path, with nothing of its bytes lost. */
    public static String text(Path path) {
        String text = path.toString();
        return isAscii(text) || !isOfKernel(path) ? text : text(bytes(path));
    }

    /** The bytes of a text, without a closing NUL. */
    public static byte[] bytes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return escaped(text);
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] escaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 16);
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (point >= ESCAPED + 0x80 && point <= ESCAPED + 0xFF) {
                bytes.write(point - ESCAPED);
            } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /** The bytes of a path, without a closing NUL. */
    public static byte[] bytes(Path path) {
        String text = path.toString();
        return isAscii(text) || !isOfKernel(path) ? bytes(text) : exact(path);
    }

    /** A path tells its bytes only as a URI, which is absolute and may end in a slash that the path does not have. */
    private static byte[] exact(Path path) {
        String uri = ROOT.resolve(path).toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(uri.length());
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
        for (int i = path.isAbsolute() ? 0 : 1; i < end; i++) {
            if (uri.charAt(i) == '%') {
                bytes.write(Integer.parseInt(uri, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(uri.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    /** The path of a text of this class, or of a text from a file of the kernel's; in every locale. */
    public static Path path(String text) {
        if (isAscii(text)) {
            return Path.of(text);
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidPathException(text, "a NUL would end it");
        }
        StringBuilder uri = new StringBuilder("file://");
        char last = text.startsWith("/") ? 0 : '/';
        if (last == '/') {
            uri.append(last);
        }
        for (byte octet : bytes(text)) {
            char plain = (char) Byte.toUnsignedInt(octet);
            if (plain != '/' || last != '/') {
                if (plain == '/' || (plain < 0x80 && Character.isLetterOrDigit(plain))) {
                    uri.append(plain);
                } else {
                    uri.append('%').append(HEX.charAt(plain >> 4)).append(HEX.charAt(plain & 15));
                }
            }
            last = plain;
        }
        Path absolute = Path.of(URI.create(uri.toString()));
        return text.startsWith("/") ? absolute : absolute.subpath(0, absolute.getNameCount());
    }

    /** Something in a directory. */
    public static Path in(Path directory, String name) {
        return isAscii(name) ? directory.resolve(name) : directory.resolve(path(name));
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfKernel(Path path) {
        return path.getFileSystem().equals(FileSystems.getDefault());
    }
}
