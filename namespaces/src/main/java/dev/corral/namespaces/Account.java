package dev.corral.namespaces;

import dev.corral.internal.linux.LibC;
import java.nio.file.Path;
import java.util.List;

/**
 * Whoever runs this JVM.
 *
 * @param mapsOthers whether the launcher, which it executes, may map ids into a user namespace that are not its own
 * @param names all that /etc/passwd has for the user id; none for a user that another directory knows
 */
record Account(long uid, long gid, boolean mapsOthers, List<String> names) {
    private static final int CAP_SETGID = 6;
    private static final int CAP_SETUID = 7;

    Account {
        names = List.copyOf(names);
    }

    static Account own(Path etc) {
        long uid = LibC.effectiveUser();
        List<String> names = ProcessText.userNames(ProcFiles.textOrEmpty(etc.resolve("passwd")))
                .getOrDefault(uid, List.of());
        return new Account(uid, LibC.effectiveGroup(), LibC.handsDown(CAP_SETUID) && LibC.handsDown(CAP_SETGID), names);
    }

    boolean root() {
        return uid == 0;
    }

    /** What stands for it in /etc/subuid. */
    String name() {
        return names.isEmpty() ? Long.toString(uid) : names.get(0);
    }
}
