package dev.corral.privileges;

import static dev.corral.privileges.SeccompAction.allow;
import static dev.corral.privileges.SeccompAction.errno;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.privileges.RandomFilters.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilterPropertyTest {
    private static final List<SeccompAction> ACTIONS = List.of(
            allow(),
            errno(1),
            errno(13),
            SeccompAction.killProcess(),
            SeccompAction.killThread(),
            SeccompAction.trap(),
            SeccompAction.log(),
            SeccompAction.askHandler());

    @Test
    void aFilterDoesWhatItsRulesSay() {
        for (long seed = 0; seed < 1500; seed++) {
            RandomFilters random = new RandomFilters(seed);
            Architecture architecture = random.of(List.of(Architecture.values()));
            List<String> all = List.copyOf(architecture.syscalls().names().values());
            List<String> calls = all.subList(0, 1 + random.below(all.size()));
            if (random.below(2) == 0) {
                calls = List.of(all.get(0), all.get(7), all.get(all.size() - 1));
            }
            Filter filter = random.filter(calls, ACTIONS, random.of(ACTIONS));
            SeccompProgram program = filter.seccomp().compile(architecture);
            for (int i = 0; i < 40; i++) {
                String call = random.of(calls);
                long[] arguments = random.arguments();
                assertThat(program.decide(call, arguments))
                        .as("seed %s, %s of %s under %s", seed, call, Arrays.toString(arguments), filter.seccomp())
                        .isEqualTo(Naive.decide(filter.rules(), filter.otherwise(), call, arguments));
            }
            assertThat(SeccompProgram.of(architecture, program.bytes())).isEqualTo(program);
        }
    }

    /** Whatever is taken can be carried out: no jump leaves the program, no way through it does not end. */
    @Test
    void aDamagedFilterIsRefusedOrStillAnswers() {
        byte[] sound = Seccomp.defaultProfile().compile(Architecture.X86_64).bytes();
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = sound.clone();
            for (int left = 1 + random.nextInt(3); left > 0; left--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                SeccompProgram program = SeccompProgram.of(Architecture.X86_64, damaged);
                assertThat(program.decide(Architecture.X86_64, random.nextInt(500), random.nextLong()))
                        .isNotNull();
            } catch (IllegalArgumentException expected) {
                assertThat(expected).hasMessageContaining("instruction");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(2_000);
    }

    @Test
    void aCutFilterIsRefused() {
        byte[] sound = Seccomp.defaultProfile().compile(Architecture.X86_64).bytes();
        for (int length = 0; length < 64; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            // Up to there nothing jumps yet; the third instruction is an answer.
            if (length != 24) {
                assertThatIllegalArgumentException().isThrownBy(() -> SeccompProgram.of(Architecture.X86_64, cut));
            }
        }
    }
}
