package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import org.junit.jupiter.api.Test;

class LeakTest {
    @Test
    void aThousandLaunchesInARowLeaveNothing() throws Exception {
        Command command = Command.of("/bin/true").with(Namespacing.all());
        Leftovers before = Leftovers.before();
        for (int i = 0; i < 1000; i++) {
            try (Child child = command.start()) {
                assertThat(child.await().ok()).isTrue();
            }
        }
        before.assertNothingIsLeft();
    }

    @Test
    void childrenThatAreClosedWhileTheyRunLeaveNothing() {
        Command command = Command.of("cat").with(Namespacing.all());
        Leftovers before = Leftovers.before();
        for (int i = 0; i < 100; i++) {
            command.start().close();
        }
        before.assertNothingIsLeft();
    }
}
