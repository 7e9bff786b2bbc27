package dev.corral.privileges;

import static dev.corral.privileges.SeccompAction.allow;
import static dev.corral.privileges.SeccompAction.errno;
import static dev.corral.privileges.SeccompAction.killProcess;
import static dev.corral.privileges.SeccompAction.killThread;
import static dev.corral.privileges.SeccompAction.log;
import static dev.corral.privileges.SeccompAction.trap;
import static dev.corral.privileges.SeccompCondition.argument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.linux.Errno;
import dev.corral.privileges.RandomFilters.Filter;
import dev.corral.privileges.SeccompCondition.Argument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel and the interpreter here say the same of the same filter and the same call. */
class KernelAgreesTest {
    /** Calls that take no argument, so that anything may stand in the registers, and that never fail. */
    private static final List<String> HARMLESS = List.of("getppid", "getuid", "getgid", "gettid", "sched_yield");

    private static final SeccompAction EPERM = errno("EPERM");

    @TempDir
    Path directory;

    private Path outcomes = Path.of("");

    @BeforeEach
    void compile() {
        outcomes = Programs.build(directory, "outcomes");
    }

    private record Call(int number, List<Long> arguments) {
        static Call of(int number, long... arguments) {
            return new Call(
                    number, LongStream.of(Arrays.copyOf(arguments, 6)).boxed().toList());
        }

        static Call of(String name, long... arguments) {
            return of(Architecture.current().syscalls().number(name).orElseThrow(), arguments);
        }

        SeccompAction decidedBy(SeccompProgram filter) {
            long[] registers = arguments.stream().mapToLong(Long::longValue).toArray();
            return filter.decide(Architecture.current(), number, registers);
        }

        String line() {
            StringBuilder line = new StringBuilder("0 " + Integer.toUnsignedString(number));
            arguments.forEach(argument -> line.append(' ').append(Long.toUnsignedString(argument)));
            return line.append('\n').toString();
        }
    }

    /** What the kernel does with each call under the filter. */
    private List<String> kernel(SeccompProgram filter, String input) throws IOException {
        Path file = Files.write(Files.createTempFile(directory, "filter", ""), filter.bytes());
        Programs.Finished finished = Programs.run(directory, input, List.of(outcomes.toString(), file.toString()));
        assertThat(finished.code()).as(finished.output()).isZero();
        return finished.output().lines().toList();
    }

    private void agree(String what, SeccompProgram filter, List<Call> calls) throws IOException {
        StringBuilder input = new StringBuilder();
        calls.forEach(call -> input.append(call.line()));
        List<String> seen = kernel(filter, input.toString());
        assertThat(seen).hasSameSizeAs(calls);
        for (int i = 0; i < calls.size(); i++) {
            SeccompAction decided = calls.get(i).decidedBy(filter);
            assertThat(seen.get(i)).as("%s, call %s", what, calls.get(i).line()).isEqualTo(seenAs(decided));
        }
    }

    private static String seenAs(SeccompAction action) {
        return switch (action.kind()) {
            case ALLOW, LOG -> "value";
            // The C library takes -4095 to -1 for errors; 0 looks like success.
            case ERRNO -> action.data() == 0 ? "value" : "errno " + action.data();
            case TRAP -> "trap";
            case KILL_PROCESS -> "kill process";
            case KILL_THREAD -> "kill thread";
            // Nobody listens, nobody traces.
            case NOTIFY, TRACE -> "errno " + Errno.ENOSYS;
        };
    }

    @Test
    void everyActionIsWhatItSays() throws IOException {
        List<SeccompAction> actions = List.of(
                allow(),
                log(),
                errno(0),
                errno(1),
                errno(4095),
                trap(),
                killThread(),
                killProcess(),
                SeccompAction.askHandler());
        for (SeccompAction action : actions) {
            SeccompProgram filter =
                    Seccomp.allowByDefault().answer(action, "getppid").compile();
            agree(action.toString(), filter, List.of(Call.of("getppid"), Call.of("getuid")));
            SeccompProgram otherwise = Seccomp.otherwise(action)
                    .allow("getuid", "sched_yield")
                    .unknown(errno("ENOTNAM"))
                    .compile();
            agree(
                    "otherwise " + action,
                    otherwise,
                    List.of(Call.of("getppid"), Call.of("getuid"), Call.of(499), Call.of(0x3fff_ffff)));
        }
    }

    @Test
    void everyConditionIsWhatItSays() throws IOException {
        long[] values = {0, 1, 0xffff_ffffL, 0x1_0000_0000L, 0x1_0000_0001L, 0x7fff_ffff_ffff_ffffL, Long.MIN_VALUE, -1
        };
        for (Argument argument : List.of(
                argument(0),
                argument(3),
                argument(5),
                argument(1).low32(),
                argument(2).masked(0xffff_ffff_0000_0000L))) {
            for (SeccompCondition.Comparison comparison : SeccompCondition.Comparison.values()) {
                for (long value : new long[] {0, 1, 0x1_0000_0001L & argument.mask(), argument.mask()}) {
                    if ((value & ~argument.mask()) != 0) {
                        continue;
                    }
                    SeccompCondition condition =
                            new SeccompCondition(argument.index(), argument.mask(), comparison, value);
                    List<Call> calls = new ArrayList<>();
                    for (long given : values) {
                        long[] arguments = {1, 1, 1, 1, 1, 1};
                        arguments[argument.index()] = given;
                        calls.add(Call.of("getppid", arguments));
                        SeccompProgram filter = Seccomp.allowByDefault()
                                .denyIf("getppid", condition)
                                .compile();
                        assertThat(filter.decide("getppid", arguments))
                                .as("%s, %s", condition, given)
                                .isEqualTo(Naive.holds(condition, given) ? EPERM : allow());
                    }
                    agree(
                            condition.toString(),
                            Seccomp.allowByDefault()
                                    .denyIf("getppid", condition)
                                    .compile(),
                            calls);
                }
            }
        }
    }

    @Test
    void randomFiltersAreWhatTheySay() throws IOException {
        List<SeccompAction> actions =
                List.of(allow(), log(), errno(1), errno(13), errno(38), trap(), killThread(), killProcess());
        for (long seed = 0; seed < 60; seed++) {
            RandomFilters random = new RandomFilters(seed);
            Filter filter = random.filter(HARMLESS, actions, random.of(actions));
            List<Call> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(Call.of(random.of(HARMLESS), random.arguments()));
            }
            agree("seed " + seed + ", " + filter.seccomp(), filter.seccomp().compile(), calls);
        }
    }

    @Test
    void x32NumbersAnswerAsIfTheyWereNotThere() throws IOException {
        assumeThat(Architecture.current()).as("x32 is a way of x86-64").isEqualTo(Architecture.X86_64);
        agree(
                "x32",
                Seccomp.allowByDefault().compile(),
                List.of(Call.of(0x4000_0000 | 39), Call.of(0x4000_0200), Call.of(-1), Call.of(0x7fff_ffff)));
    }

    @Test
    void a32BitCallEndsTheProcess() throws IOException {
        assumeThat(Architecture.current()).as("int 0x80 is a way of x86-64").isEqualTo(Architecture.X86_64);
        // The 32-bit getppid, which has another number.
        String call = "1 64 0 0 0 0 0 0\n";
        SeccompProgram blind =
                SeccompProgram.of(Architecture.X86_64, List.of(new Bpf(Bpf.RET | Bpf.K, 0, 0, allow().filterValue())));
        assumeThat(kernel(blind, call)).as("a kernel with 32-bit calls").containsExactly("value");
        assertThat(kernel(Seccomp.allowByDefault().compile(), call)).containsExactly("kill process");
    }

    @Test
    void theKernelTakesEveryOperationThatIsTakenHere() throws IOException {
        // Puts 1 together with each of them; a filter that the kernel refuses is a failure of the program.
        List<Bpf> operations = new ArrayList<>(List.of(
                new Bpf(Bpf.LD | Bpf.IMM, 0, 0, 6),
                new Bpf(Bpf.MISC | Bpf.TAX, 0, 0, 0),
                new Bpf(Bpf.ST, 0, 0, 3),
                new Bpf(Bpf.LDX | Bpf.IMM, 0, 0, 2),
                new Bpf(Bpf.STX, 0, 0, 4),
                new Bpf(Bpf.LD | Bpf.MEM, 0, 0, 3)));
        for (int operation :
                new int[] {Bpf.ADD, Bpf.SUB, Bpf.MUL, Bpf.DIV, Bpf.AND, Bpf.OR, Bpf.XOR, Bpf.LSH, Bpf.RSH}) {
            operations.add(new Bpf(Bpf.ALU | operation | Bpf.X, 0, 0, 0));
            operations.add(new Bpf(Bpf.ALU | operation | Bpf.K, 0, 0, 3));
        }
        operations.addAll(List.of(
                new Bpf(Bpf.ALU | Bpf.NEG, 0, 0, 0),
                new Bpf(Bpf.LDX | Bpf.LEN, 0, 0, 0),
                new Bpf(Bpf.ALU | Bpf.ADD | Bpf.X, 0, 0, 0),
                new Bpf(Bpf.LDX | Bpf.MEM, 0, 0, 4),
                new Bpf(Bpf.JMP | Bpf.JGT | Bpf.X, 0, 1, 0),
                new Bpf(Bpf.ALU | Bpf.ADD | Bpf.X, 0, 0, 0),
                new Bpf(Bpf.JMP | Bpf.JSET | Bpf.K, 1, 0, 4),
                new Bpf(Bpf.MISC | Bpf.TXA, 0, 0, 0),
                new Bpf(Bpf.ALU | Bpf.AND | Bpf.K, 0, 0, 0x3ff),
                new Bpf(Bpf.ALU | Bpf.OR | Bpf.K, 0, 0, errno(1024).filterValue()),
                new Bpf(Bpf.RET | Bpf.A, 0, 0, 0)));
        SeccompProgram filter = SeccompProgram.of(Architecture.current(), operations);
        SeccompAction decided = filter.decide("getppid");
        assertThat(decided.data()).isGreaterThan(1023);
        // The thread's own first steps stand under the filter too, hence a number that only the call has.
        List<Bpf> whole = new ArrayList<>(List.of(
                Bpf.load(Bpf.NUMBER), Bpf.test(Bpf.JEQ, Call.of("getppid").number(), 1, 0), Bpf.answer(allow())));
        whole.addAll(operations);
        SeccompProgram guarded = SeccompProgram.of(Architecture.current(), whole);
        assertThat(guarded.decide("getppid")).isEqualTo(decided);
        agree("all operations", guarded, List.of(Call.of("getppid"), Call.of("getuid")));
    }

    /** What is refused here and what the kernel refuses are the same programs: nothing is left for a launch to find. */
    @Test
    void theKernelRefusesWhatIsRefusedHere() throws IOException {
        Path accepts = Programs.build(directory, "accepts");
        Random random = new Random(11);
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        List<Boolean> taken = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            List<Bpf> program = RandomFilters.program(random);
            input.write(program.size());
            input.writeBytes(Bpf.bytes(program));
            taken.add(BpfCheck.problem(program).isEmpty());
        }
        Path file = Files.write(directory.resolve("programs"), input.toByteArray());
        Programs.Finished finished = Programs.run(directory, "", List.of(accepts.toString(), file.toString()));
        assertThat(finished.code()).isZero();
        assertThat(taken).contains(true, false).hasSize(finished.output().length());
        assertThat(taken.stream().filter(each -> each).count()).isGreaterThan(300);
        for (int i = 0; i < taken.size(); i++) {
            assertThat(finished.output().charAt(i)).as("program %s", i).isEqualTo(taken.get(i) ? 'y' : 'n');
        }
    }
}
