package dev.corral.privileges;

import dev.corral.Confinement;
import dev.corral.Launch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A filter as the kernel takes it: classic BPF for one architecture; immutable. {@link Seccomp} makes them; one that was built
 * elsewhere comes in by {@link #of}.
 *
 * <p>As a confinement it puts a child under the filter. What it asks a handler about answers ENOSYS, for there is none; {@link
 * Seccomp#ask} gives one.
 *
 * <p>{@link #decide} carries it out here, so that a profile can be tested without a process.
 */
public final class SeccompProgram implements Confinement {
    /** What the launcher calls when the filter is in force: exec itself, and if that fails the report and the end. */
    static final List<String> LAUNCHER_NEEDS = List.of("execve", "sendmsg", "exit_group");

    private static final int ARGUMENTS = 6;

    private final Architecture architecture;
    private final List<Bpf> instructions;

    private SeccompProgram(Architecture architecture, List<Bpf> instructions) {
        BpfCheck.problem(instructions).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        this.architecture = architecture;
        this.instructions = List.copyOf(instructions);
    }

    static SeccompProgram of(Architecture architecture, List<Bpf> instructions) {
        return new SeccompProgram(architecture, instructions);
    }

    /**
     * A filter built elsewhere: an array of struct sock_filter, little-endian. What the kernel would refuse (more than 4096
     * instructions, unknown operations, jumps to the outside) is an IllegalArgumentException.
     */
    public static SeccompProgram of(Architecture architecture, byte[] bytes) {
        return new SeccompProgram(architecture, Bpf.parse(bytes));
    }

    /** The machine whose system calls it knows. */
    public Architecture architecture() {
        return architecture;
    }

    /** How many instructions it has, 1 to 4096. */
    public int length() {
        return instructions.size();
    }

    /** An array of struct sock_filter, eight bytes each. */
    public byte[] bytes() {
        return Bpf.bytes(instructions);
    }

    /**
     * What it does with a call by name, made in its architecture's own way.
     *
     * @param call the name; one that the architecture does not have is an IllegalArgumentException
     * @param arguments up to six, the rest are 0
     */
    public SeccompAction decide(String call, long... arguments) {
        int number = architecture
                .syscalls()
                .number(call)
                .orElseThrow(() -> new IllegalArgumentException(
                        "system call \"" + call + "\" does not exist on " + architecture.kernelName()));
        return decide(architecture, number, arguments);
    }

    /** What it does with any number, called in the way of any architecture; up to six arguments, the rest are 0. */
    public SeccompAction decide(Architecture way, int number, long... arguments) {
        return decide(way.auditNumber(), number, arguments);
    }

    SeccompAction decide(int auditNumber, int number, long... arguments) {
        if (arguments.length > ARGUMENTS) {
            throw new IllegalArgumentException(arguments.length + " arguments: a system call has at most " + ARGUMENTS);
        }
        return SeccompAction.ofFilterValue(new BpfMachine(instructions).run(offset -> switch (offset) {
            case Bpf.NUMBER -> number;
            case Bpf.ARCHITECTURE -> auditNumber;
            default -> half(offset, arguments);
        }));
    }

    private static int half(int offset, long... arguments) {
        int index = (offset - Bpf.ARGUMENTS) / 8;
        if (offset < Bpf.ARGUMENTS || index >= arguments.length) {
            return 0;
        }
        return (int) (arguments[index] >>> (offset % 8 * 8));
    }

    /** All it can do with a call, whatever the arguments are. */
    private Set<SeccompAction> possible(int number) {
        return new BpfMachine(instructions)
                        .answers(offset -> switch (offset) {
                            case Bpf.NUMBER -> Integer.toUnsignedLong(number);
                            case Bpf.ARCHITECTURE -> Integer.toUnsignedLong(architecture.auditNumber());
                            default -> BpfMachine.UNKNOWN;
                        })
                        .stream()
                        .map(SeccompAction::ofFilterValue)
                        .collect(Collectors.toSet());
    }

    /**
     * Why a launch with this filter could not go on, a sentence for each reason: the launcher still makes these calls when the
     * filter is in force already.
     *
     * @param needed the calls that must be let through whatever their arguments are
     */
    List<String> launchProblems(Collection<String> needed) {
        List<String> problems = new ArrayList<>();
        for (String call : needed) {
            int number = architecture.syscalls().number(call).orElseThrow();
            possible(number).stream()
                    .filter(action -> !action.lets())
                    .findFirst()
                    .map(action -> "the seccomp filter answers " + call + " with " + action
                            + Optional.of(call)
                                    .filter(name -> possible(number).size() > 1)
                                    .map(name -> " for some arguments")
                                    .orElse("")
                            + ", and the launcher needs that call once the filter is in force: allow it")
                    .ifPresent(problems::add);
        }
        return problems;
    }

    /**
     * Puts the child under the filter. One of another architecture, and one that keeps the launcher from starting the program
     * or from telling why it could not, is an IllegalArgumentException.
     */
    @Override
    public void prepare(Launch launch) {
        if (architecture != Architecture.current()) {
            throw new IllegalArgumentException("a filter for " + architecture.kernelName() + " on "
                    + Architecture.current().kernelName());
        }
        List<String> problems = launchProblems(LAUNCHER_NEEDS);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        launch.seccomp(bytes());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SeccompProgram that
                && architecture == that.architecture
                && instructions.equals(that.instructions);
    }

    @Override
    public int hashCode() {
        return 31 * architecture.hashCode() + instructions.hashCode();
    }

    @Override
    public String toString() {
        return "SeccompProgram[" + architecture.kernelName() + ", " + instructions.size() + " instructions]";
    }
}
