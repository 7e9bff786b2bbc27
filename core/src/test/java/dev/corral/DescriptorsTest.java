package dev.corral;

import static dev.corral.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Open descriptors besides the streams: those that were asked for, under their numbers, and no others. */
class DescriptorsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void openTheDirectoryToEveryone() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static Stream<Confinement> places() {
        Confinement landlocked = launch -> launch.landlock(1 << 7, 0, 0, List.of(), List.of());
        return Stream.of(
                Namespacing.none(),
                Namespacing.later(Namespacing::all),
                Namespacing.later(() -> Namespacing.user()
                        .and(launch -> launch.namespaces(List.of("mnt", "pid", "time")))
                        .and(landlocked)));
    }

    private Path fileOf(int number) throws Exception {
        return Files.writeString(directory.resolve("file-" + number), Integer.toString(number));
    }

    /** What each number leads to, streams included, as the JVM sees it. */
    private static Map<Integer, Path> open(Child child) throws Exception {
        Map<Integer, Path> open = new TreeMap<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/" + child.payloadPid() + "/fd"))) {
            for (Path link : links.toList()) {
                open.put(Integer.valueOf(link.getFileName().toString()), Files.readSymbolicLink(link));
            }
        }
        return open;
    }

    /** With files under their numbers; the numbers are also those that the launcher uses for itself. */
    private Command passing(Command command, IntStream numbers) throws Exception {
        Command passing = command;
        for (int number : numbers.toArray()) {
            passing = passing.descriptor(number, Stdio.fromFile(fileOf(number)));
        }
        return passing;
    }

    /** Once it waits for its input: before that a program opens its libraries. */
    private void assertRight(Child child, int... numbers) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .ignoreException(NoSuchFileException.class)
                .untilAsserted(() -> assertOpen(open(child), numbers));
    }

    private void assertOpen(Map<Integer, Path> open, int... numbers) {
        List<Integer> expected = new ArrayList<>(List.of(0, 1, 2));
        for (int number : numbers) {
            expected.add(number);
            assertThat(open.get(number)).as("descriptor " + number).isEqualTo(directory.resolve("file-" + number));
        }
        assertThat(open.keySet()).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("places")
    void manyArriveUnderTheirNumbers(Confinement place) throws Exception {
        Leftovers before = Leftovers.before();
        int[] numbers = IntStream.concat(IntStream.rangeClosed(3, 30), IntStream.of(1000))
                .toArray();
        Command command = passing(Command.of("cat"), IntStream.of(numbers)).with(place);
        try (Child child = command.start()) {
            assertRight(child, numbers);
        }
        before.assertNothingIsLeft();
    }

    @ParameterizedTest
    @MethodSource("places")
    void eachArrivesAlone(Confinement place) throws Exception {
        for (int number : IntStream.concat(IntStream.rangeClosed(3, 14), IntStream.of(1000))
                .toArray()) {
            try (Child child =
                    passing(Command.of("cat"), IntStream.of(number)).with(place).start()) {
                assertRight(child, number);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void theyGoWithATerminal(Confinement place) throws Exception {
        int[] numbers = IntStream.rangeClosed(3, 9).toArray();
        try (Child child = passing(Command.of("cat"), IntStream.of(numbers))
                .terminal(Terminal.Size.standard())
                .with(place)
                .start()) {
            assertRight(child, numbers);
        }
    }

    @Test
    void theyReadAndWrite() throws Exception {
        Path target = directory.resolve("target");
        Command command = Command.of("sh", "-c", "cat <&3; cat /proc/self/fd/1000; echo written >&4; cat <&5")
                .descriptor(3, Stdio.fromFile(fileOf(3)))
                .descriptor(4, Stdio.toFile(target))
                .descriptor(5, Stdio.nothing())
                .descriptor(1000, Stdio.fromFile(fileOf(1000)));
        assertThat(Outputs.of(command)).isEqualTo("31000");
        assertThat(target).hasContent("written\n");
    }

    @Test
    void anOpenDescriptorOfTheJvmIsCopied() throws Exception {
        try (Fd own = new Fd(LibC.open(fileOf(9), LibC.O_RDONLY))) {
            Command command = Command.of("sh", "-c", "cat <&7").descriptor(7, Stdio.descriptor(own.number()));
            assertThat(Outputs.of(command)).isEqualTo("9");
            assertThat(own.isOpen()).isTrue();
            try (Child child = Command.of("cat")
                    .descriptor(own.number() + 1, Stdio.descriptor(own.number()))
                    .start()) {
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .ignoreException(NoSuchFileException.class)
                        .untilAsserted(
                                () -> assertThat(open(child).keySet()).containsExactly(0, 1, 2, own.number() + 1));
            }
        }
    }

    @Test
    void whatIsOpenInTheJvmIsSeenByNobody() throws Exception {
        List<Fd> leaky = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Fd fd = new Fd(LibC.open(fileOf(i), LibC.O_RDONLY));
                leaky.add(fd);
            }
            String listing = Outputs.of(Command.of("ls", "/proc/self/fd").with(Namespacing.all()));
            assertThat(listing.lines()).as("the last is ls's own").containsExactly("0", "1", "2", "3");
        } finally {
            leaky.forEach(Fd::close);
        }
    }

    @Test
    void theyAreThereWhenTheProgramStartsLater() throws Exception {
        try (Child child = passing(Command.of("cat"), IntStream.of(3, 4, 5))
                .with(Namespacing.all())
                .create()
                .start()) {
            assertRight(child, 3, 4, 5);
        }
    }

    @Test
    void aTightLimitOfDescriptorsComesLast() throws Exception {
        try (Child child = passing(Command.of("cat"), IntStream.of(200))
                .with(Rlimits.none().with(Rlimit.NOFILE, 10))
                .start()) {
            assertRight(child, 200);
        }
    }

    @Test
    void aNumberBeyondTheLimitIsATypedError() throws Exception {
        Leftovers before = Leftovers.before();
        Command command = passing(Command.of("cat"), IntStream.of(3, 300))
                .with(Rlimits.none().with(Rlimit.NOFILE, 20));
        try (Child child = command.start()) { // lowered behind the placing
            assertRight(child, 3, 300);
        }
        SetUpFailed failed = catchThrowableOfType(
                SetUpFailed.class,
                () -> Command.of("true").descriptor(65_535, Stdio.nothing()).start());
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("fds.place");
        assertThat(failed).hasMessageContaining("descriptor 65535").hasMessageContaining("RLIMIT_NOFILE");
        before.assertNothingIsLeft();
    }

    @Test
    void badOnesAreRefusedWhereTheyAreGiven() {
        Command command = Command.of("true");
        assertThatThrownBy(() -> command.descriptor(2, Stdio.nothing()))
                .hasMessage("descriptor 2: it lies between 3 and 65535");
        assertThatThrownBy(() -> command.descriptor(65_536, Stdio.nothing()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command.descriptor(3, Stdio.pipe())).hasMessageContaining("can't be Pipe");
        assertThatThrownBy(
                        () -> command.descriptor(3, Stdio.descriptor(999_999)).start())
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("EBADF");
    }
}
