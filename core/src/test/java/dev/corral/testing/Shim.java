package dev.corral.testing;

import dev.corral.internal.launch.Launcher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** A program that has the kernel refuse some calls, and then becomes another one: an older kernel, or a stricter profile. */
public final class Shim {
    private static final String SOURCE = """
            #define _GNU_SOURCE
            #include <errno.h>
            #include <linux/filter.h>
            #include <linux/seccomp.h>
            #include <stddef.h>
            #include <sys/prctl.h>
            #include <sys/syscall.h>
            #include <unistd.h>

            /* Only with one of these bits in the second argument, or only if it is more; always without either. */
            #if defined(ONLY_WITH)
            #define CONDITION BPF_JSET | BPF_K, ONLY_WITH
            #elif defined(MORE_THAN)
            #define CONDITION BPF_JGT | BPF_K, MORE_THAN
            #else
            #define CONDITION BPF_JGE | BPF_K, 0
            #endif

            #define JUMP(...) JUMP_IF(__VA_ARGS__)
            #define JUMP_IF(code, value) BPF_JUMP(BPF_JMP | code, value, 0, 1)

            int main(int count, char **words, char **variables)
            {
                static const int refused[] = { REFUSED };
                enum { MOST = sizeof(refused) / sizeof(refused[0]) };
                struct sock_filter filter[5 * MOST + 2];
                int n = 0;

                for (int i = 0; i < MOST; i++) {
                    struct sock_filter one[] = {
                        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[i], 0, 3),
                        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
                        JUMP(CONDITION),
                        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ERROR),
                    };
                    for (int j = 0; j < 5; j++)
                        filter[n++] = one[j];
                }
                filter[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

                struct sock_fprog program = { n, filter };

                if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)) {
                    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
                        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
                        return 126;
                }
                if (REAL[0])
                    execve(REAL, words, variables);
                else if (count > 1)
                    execve(words[1], words + 1, variables);
                return 126;
            }
            """;

    private Shim() {}

    /** One that becomes the launcher of this build. */
    public static Path ofLauncher(Path directory, String error, List<String> calls, String... flags) throws Exception {
        Path real = directory.resolve("corral-launcher");
        if (!Files.exists(real)) {
            unpackLauncher(real);
        }
        return compile(directory, real.toString(), error, calls, flags);
    }

    /** One that becomes what its arguments say. */
    public static Path ofAnything(Path directory, String error, List<String> calls, String... flags) throws Exception {
        return compile(directory, "", error, calls, flags);
    }

    /** The launcher as an installed program. */
    public static void unpackLauncher(Path to) throws IOException {
        String arch = System.getProperty("os.arch");
        String name = "/META-INF/native/linux-" + ("amd64".equals(arch) ? "x86_64" : arch) + "/corral-launcher";
        try (InputStream resource = Launcher.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(resource), to);
        }
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path compile(Path directory, String real, String error, List<String> calls, String... flags)
            throws Exception {
        String numbers = calls.stream().map(call -> "SYS_" + call).collect(Collectors.joining(","));
        String name = ("shim-" + error + "-" + String.join("-", calls)).toLowerCase(Locale.ROOT);
        String[] all = new String[flags.length + 3];
        all[0] = "-DREAL=\"" + real + "\"";
        all[1] = "-DERROR=" + error;
        all[2] = "-DREFUSED=" + numbers;
        System.arraycopy(flags, 0, all, 3, flags.length);
        return CProgram.compile(directory, name, SOURCE, all);
    }
}
