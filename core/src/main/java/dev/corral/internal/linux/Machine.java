package dev.corral.internal.linux;

/** The machine that the JVM runs on, where its numbers differ from those of the other kind that Corral knows. */
final class Machine {
    /** x86-64; otherwise it is aarch64, with the numbers that most machines have. */
    static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));

    private Machine() {}
}
