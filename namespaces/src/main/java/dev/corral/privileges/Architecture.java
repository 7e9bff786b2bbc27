package dev.corral.privileges;

import java.util.Arrays;
import java.util.Optional;

/** A kind of processor with its own system call numbers. Source: {@code linux/audit.h}, {@code asm/unistd.h}. */
public enum Architecture {
    X86_64("x86_64", "amd64", 0xc000_003e),
    AARCH64("aarch64", "aarch64", 0xc000_00b7);

    private final String kernelName;
    private final String javaName;
    private final int auditNumber;

    Architecture(String kernelName, String javaName, int auditNumber) {
        this.kernelName = kernelName;
        this.javaName = javaName;
        this.auditNumber = auditNumber;
    }

    /** What {@code uname -m} says. */
    public String kernelName() {
        return kernelName;
    }

    /** The kernel's AUDIT_ARCH number, which a filter sees. */
    public int auditNumber() {
        return auditNumber;
    }

    /** That of this JVM. Another than these two is an UnsupportedOperationException. */
    public static Architecture current() {
        String name = System.getProperty("os.arch", "");
        return Arrays.stream(values())
                .filter(architecture -> architecture.javaName.equals(name))
                .findAny()
                .orElseThrow(() -> new UnsupportedOperationException(
                        "system call numbers of " + name + " are not known: x86-64 and aarch64 are"));
    }

    static Optional<Architecture> ofAudit(int auditNumber) {
        return Arrays.stream(values())
                .filter(architecture -> architecture.auditNumber == auditNumber)
                .findAny();
    }

    /** Its system calls, up to those of Linux 6.19. */
    SyscallTable syscalls() {
        return SyscallTable.of(this);
    }
}
