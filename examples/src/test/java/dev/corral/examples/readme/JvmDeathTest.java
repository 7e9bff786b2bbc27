package dev.corral.examples.readme;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Adopted;
import dev.corral.ChildId;
import dev.corral.Command;
import dev.corral.Stdio;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Swept;
import org.junit.jupiter.api.Test;

/** The samples of the page on the end of the JVM. */
class JvmDeathTest {
    @Test
    void whatIsToGoOnIsFoundAgain() throws InterruptedException {
        // README
        Command server = Command.of("sleep", "600")
                .input(Stdio.nothing())
                .output(Stdio.nothing()) // or to a file: a pipe leads to the JVM
                .error(Stdio.nothing())
                .outliveJvm();
        String id = server.start().id().toString(); // to be kept in a file, say

        // later, in another JVM
        try (Adopted found = Adopted.of(ChildId.parse(id))) {
            found.stop(ofSeconds(5));
            assertThat(found.isAlive()).isFalse(); // hidden
        }
        // end
    }

    @Test
    void emptyGroupsAreRemoved() {
        // README
        Swept swept = Cgroups.detect().sweep(); // the next JVM that makes a group does it by itself
        System.out.println(swept.removed());
        // end
        assertThat(swept.removed()).allSatisfy(group -> assertThat(group).doesNotExist());
    }
}
