package dev.corral.internal.linux;

import java.nio.charset.StandardCharsets;

/** Names in a uts namespace. Source: uname(2), __NEW_UTS_LEN. */
public final class UtsName {
    private static final int LONGEST = 64;

    private UtsName() {}

    /**
     * The name, if the kernel takes it: 1 to 64 bytes without NUL.
     *
     * @param what it is, for the IllegalArgumentException that it is otherwise
     */
    public static String checked(String what, String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > LONGEST || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " \"" + name.replace("\0", "\\0") + "\" has " + length
                    + " bytes: it must have between 1 and " + LONGEST + ", and no NUL");
        }
        return name;
    }
}
