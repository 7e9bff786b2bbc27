package dev.corral.examples.readme;

import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.USER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.namespaces.NamespaceLink;
import dev.corral.namespaces.Namespaces;
import org.junit.jupiter.api.Test;

class NamespacesTest {
    @Test
    void newNamespacesAndThoseOfAProcess() {
        // README
        try (Child sleeper =
                Command.of("sleep", "60").with(Namespaces.unshare(NET, USER)).start()) { // unshare -rn sleep 60
            NamespaceLink net = Namespaces.of(sleeper.pid()).get(NET); // ls -l /proc/PID/ns/net
            System.out.println(net); // net:[4026532289]
        }
        // end
        assertThat(Namespaces.of(ProcessHandle.current().pid()).find(NET)).isPresent();
    }
}
