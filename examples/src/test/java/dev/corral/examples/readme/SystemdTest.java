package dev.corral.examples.readme;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.DelegatedRoot;
import dev.corral.cgroups.DelegatedScope;
import dev.corral.cgroups.Limits;
import dev.corral.cgroups.NoScope;
import dev.corral.cgroups.ScopeRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of the page on systemd. */
class SystemdTest {
    @Test
    void whichSubtreeIsOurs() {
        // README
        DelegatedRoot root = Cgroups.detect().delegated();
        System.out.println(root.describe()); // where groups can be made and who gave it, or why not and how to get it
        // end
        assertThat(root.describe()).matches(root.ok() ? "groups can be made in .*" : ".*Delegate=yes.*");
    }

    @Test
    void aScopeOfItsOwn(@TempDir Path noSystemd) throws InterruptedException {
        ScopeRequest request = ScopeRequest.named("builds").runtime(noSystemd); // this JVM stays where it is
        String told = "";
        // README
        try (DelegatedScope scope = Cgroups.detect().obtain(request)) {
            Limits limits = Limits.none().memory(mebibytes(64));
            try (Child build =
                    Command.of("make").with(scope.cgroups().confine(limits)).start()) {
                build.await();
            }
        } catch (NoScope without) {
            System.out.println(without.getMessage()); // what was tried, and the three ways to get a subtree
            told = without.getMessage(); // hidden
        }
        // end
        assertThat(told).contains("Delegate=yes");
    }
}
