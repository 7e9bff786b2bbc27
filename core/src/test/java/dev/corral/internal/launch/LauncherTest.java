package dev.corral.internal.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.launch.Conversation.Outcome;
import dev.corral.internal.linux.Errno;
import dev.corral.testing.Leftovers;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real launcher trusts nothing it is sent: whatever comes, it says what is wrong and ends by itself. */
class LauncherTest {
    private static final int FLAGS = 3;
    private static final int NAMESPACES = 4;
    private static final int GROUP = 5;
    /** The numbers at the begin of the header, and the places of the sections; what is behind them is free. */
    private static final int CHECKED_WORDS = 8 + 2 * 12;
    /** What the launcher exits with when it has told, or when there is nobody to tell. */
    private static final int GIVEN_UP = 127 << 8;

    private static final LaunchPlan PLAN = new LaunchPlan(
                    List.of("true", "argument"), List.of("A=1"), List.of("/bin/true", "/usr/bin/true"))
            .text(LaunchPlan.Text.DIRECTORY, "/");

    private static LauncherImage image = new LauncherImage(Path.of("/"), Optional.empty());

    private Leftovers before = Leftovers.now();

    @BeforeAll
    static void loadTheLauncher() throws Exception {
        image = LauncherImage.load();
    }

    @BeforeEach
    void lookAround() {
        before = Leftovers.before();
    }

    @AfterEach
    void lookAgain() {
        before.assertNothingIsLeft();
    }

    private static byte[] plan() {
        return PLAN.bytes();
    }

    private static Outcome perform(byte[] plan) {
        return perform(plan, plan.length);
    }

    private static Outcome perform(byte[] plan, int length) {
        try (Conversation conversation = new Conversation(image)) {
            int[] descriptors = conversation.descriptors(plan);
            conversation.send(LaunchMessage.hello(length, descriptors.length), descriptors);
            return conversation.outcome();
        }
    }

    private static void assertRefused(Outcome outcome, Step step) {
        StepFailed error = outcome.error().orElseThrow(() -> new AssertionError("not refused: " + outcome));
        assertThat(error.step()).isEqualTo(step);
        assertThat(error.stage()).isEqualTo(Stage.STAGE0);
        assertThat(error.errno()).isEqualTo(Errno.EPROTO);
        assertThat(outcome.statuses()).containsExactly(GIVEN_UP);
    }

    @Test
    void aGoodPlanIsPerformed() {
        Outcome outcome = perform(plan());
        assertThat(outcome.answers())
                .extracting(LaunchMessage::type)
                .containsExactly(LaunchMessage.Type.PID, LaunchMessage.Type.EXECING);
        assertThat(outcome.statuses()).containsExactly(0, 0);
    }

    @Test
    void startedByHandItSaysWhatItIs(@TempDir Path directory) throws Exception {
        Path program = directory.resolve("corral-launcher");
        try (InputStream resource = Launcher.class.getResourceAsStream(LauncherImage.resource())) {
            Files.copy(Objects.requireNonNull(resource), program);
        }
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Process process = new ProcessBuilder(program.toString()).start();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .isEqualTo("corral-launcher, protocol " + LaunchMessage.PROTOCOL + "\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void whenNobodySpeaksItLeaves() {
        try (Conversation conversation = new Conversation(image)) {
            assertThat(conversation.hangUp().statuses()).containsExactly(GIVEN_UP);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, LaunchMessage.PROTOCOL + 1, -1})
    void aHelloOfAnotherVersionIsRefusedWithItsOwn(int version) {
        try (Conversation conversation = new Conversation(image)) {
            int[] descriptors = conversation.descriptors(plan());
            byte[] hello = LaunchMessage.hello(plan().length, descriptors.length);
            word(hello, 2, version);
            conversation.send(hello, descriptors);
            Outcome outcome = conversation.outcome();
            assertRefused(outcome, Step.HELLO);
            assertThat(outcome.error().orElseThrow().detail()).isEqualTo("another version");
            assertThat(outcome.error().orElseThrow().index()).isEqualTo(LaunchMessage.PROTOCOL);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 23})
    void whatIsTooShortIsNoHello(int length) {
        try (Conversation conversation = new Conversation(image)) {
            int[] descriptors = conversation.descriptors(plan());
            conversation.send(
                    Arrays.copyOf(LaunchMessage.hello(plan().length, descriptors.length), length), descriptors);
            assertRefused(conversation.outcome(), Step.HELLO);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 6", "5, 5", "6, 5"})
    void descriptorsThatAreMissingAreMissed(int sent, int promised) {
        try (Conversation conversation = new Conversation(image)) {
            int[] descriptors = Arrays.copyOf(conversation.descriptors(plan()), sent);
            conversation.send(LaunchMessage.hello(plan().length, promised), descriptors);
            Outcome outcome = conversation.outcome();
            assertRefused(outcome, Step.HELLO);
            assertThat(outcome.error().orElseThrow().detail()).isEqualTo("descriptors are missing");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 300, -1})
    void descriptorsThatArePromisedAreWaitedForAndThenMissed(int promised) {
        try (Conversation conversation = new Conversation(image)) {
            int[] descriptors = conversation.descriptors(plan());
            conversation.send(LaunchMessage.hello(plan().length, promised), descriptors);
            conversation.send(LaunchMessage.bare(LaunchMessage.Type.FDS));
            assertRefused(conversation.outcome(), Step.HELLO);
        }
    }

    @Test
    void aPlanOfAnotherLengthThanPromisedIsRefused() {
        byte[] plan = plan();
        for (int length : new int[] {0, plan.length - 1, plan.length + 1, -1, LaunchPlan.MOST_BYTES + 1}) {
            assertRefused(perform(plan, length), Step.PLAN_CHECK);
        }
        assertRefused(perform(new byte[0]), Step.PLAN_CHECK);
    }

    @Test
    void aPlanCutShortIsRefusedWhereverItIsCut() {
        byte[] plan = plan();
        for (int length = 1; length < plan.length; length += length < 8 ? 1 : 7) {
            assertRefused(perform(Arrays.copyOf(plan, length)), Step.PLAN_CHECK);
            byte[] honest = Arrays.copyOf(plan, length);
            if (length >= 12) {
                word(honest, 2, length);
                assertRefused(perform(honest), Step.PLAN_CHECK);
            }
        }
    }

    @Test
    void eachWordOfTheHeaderIsChecked() {
        for (int index = 0; index < CHECKED_WORDS; index++) {
            for (int mask : new int[] {-1, 0x8000_0000, 0x0040_0000}) {
                byte[] plan = plan();
                word(plan, index, word(plan, index) ^ mask);
                // 0 is a good descriptor, though not one of a group.
                if (index != GROUP || word(plan, index) != 0) {
                    assertRefused(perform(plan), Step.PLAN_CHECK);
                }
            }
        }
    }

    @Test
    void theRefusalNamesTheOffset() {
        byte[] plan = plan();
        word(plan, FLAGS, -1);
        assertThat(perform(plan).error().orElseThrow().index()).isEqualTo(4 * FLAGS + 1);
    }

    @Test
    void eachSlotOfTheTablesIsChecked() {
        int slots = PLAN.arguments.size() + PLAN.variables.size() + PLAN.programs.size() + 3;
        for (int slot = 0; slot < slots; slot++) {
            for (long wrong : new long[] {1, 64, Long.MIN_VALUE, -1, plan().length, 1L << 32}) {
                byte[] plan = plan();
                ByteBuffer.wrap(plan).order(ByteOrder.nativeOrder()).putLong(word(plan, 8) + 8 * slot, wrong);
                assertRefused(perform(plan), Step.PLAN_CHECK);
            }
        }
    }

    @Test
    void aTextWithoutAnEndIsRefused() {
        byte[] plan = plan();
        plan[plan.length - 1] = 'x';
        assertRefused(perform(plan), Step.PLAN_CHECK);
    }

    @Test
    void aGroupWithoutADescriptorIsRefused() {
        byte[] plan = plan();
        word(plan, GROUP, LaunchPlan.FIXED_DESCRIPTORS);
        assertRefused(perform(plan), Step.PLAN_CHECK);
    }

    /** Any seed that fails is told, and can be tried again. */
    @Test
    void noFlippedBitMakesItCrash() {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            byte[] plan = plan();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                int at = random.nextInt(plan.length);
                // Other flags and namespaces might be good ones, and change the host that runs this as root.
                if (at / 4 != FLAGS && at / 4 != NAMESPACES) {
                    plan[at] ^= (byte) (1 << random.nextInt(8));
                }
            }
            assertThat(perform(plan).statuses())
                    .as("seed " + seed)
                    .isNotEmpty()
                    .allMatch(status -> (status & 0x7f) == 0);
        }
    }

    private static int word(byte[] bytes, int index) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(4 * index);
    }

    private static void word(byte[] bytes, int index, int value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(4 * index, value);
    }
}
