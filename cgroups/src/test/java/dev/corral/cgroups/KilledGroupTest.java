package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups whose processes were killed by cgroup.kill, which some kernels remember when a child is to be born there. */
@Tag("v2")
class KilledGroupTest extends RealGroups {
    private static final Command SLEEP = Command.of("sleep", "600");

    @Test
    void aGroupTakesChildrenAgainHoweverOftenItWasKilled() throws Exception {
        try (Cgroup group = host.create(name)) {
            for (int times = 0; times < 3; times++) {
                try (Child child = SLEEP.with(group).start()) {
                    assertThat(group.members().pids()).contains(child.pid());
                    assertThat(group.kill().ok()).isTrue();
                    assertThat(child.await().terminatedBy()).contains(Signal.KILL);
                }
            }
        }
    }

    @Test
    void aChildBornAfterAKillIsInEveryDirectoryOfItsGroup() throws Exception {
        try (Cgroup group = host.create(name)) {
            group.kill();
            try (Child child =
                    Command.of("cat", "/proc/self/cgroup").with(group).start()) {
                String membership = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

                assertThat(child.await().ok()).isTrue();
                assertThat(membership
                                .lines()
                                .filter(line -> line.endsWith("/" + group.path().getFileName())))
                        .hasSameSizeAs(group.paths());
            }
        }
    }

    @Test
    void whatWasMadeForTheChildThatDiedAtItsBirthIsGivenBack() throws Exception {
        List<Long> attached = new ArrayList<>();
        List<Long> detached = new ArrayList<>();
        Confinement connected = launch -> launch.namespaces(List.of("net")).attachNetwork(pid -> {
            attached.add(pid);
            return () -> detached.add(pid);
        });
        assumeTrue(mayMakeNamespaces(), "only root makes a network namespace without a user namespace");
        try (Cgroup group = host.create(name)) {
            group.kill();
            Child child = SLEEP.with(group).with(connected).start();
            assertThat(attached.get(attached.size() - 1)).isEqualTo(child.pid());
            assertThat(detached).isEqualTo(attached.subList(0, attached.size() - 1));
            child.close();
            assertThat(detached).isEqualTo(attached);
        }
    }

    @Test
    void anAttachmentThatFailsForTheDeadChildIsTriedAgain() throws Exception {
        assumeTrue(mayMakeNamespaces(), "only root makes a network namespace without a user namespace");
        Confinement connected = launch -> launch.namespaces(List.of("net")).attachNetwork(pid -> {
            Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net"));
            return () -> {};
        });
        try (Cgroup group = host.create(name)) {
            group.kill();
            try (Child child = SLEEP.with(group).with(connected).start()) {
                assertThat(child.isAlive()).isTrue();
            }
        }
    }

    private static boolean mayMakeNamespaces() throws IOException {
        Optional<String> capabilities = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).strip())
                .findFirst();
        int admin = 21;
        return (Long.parseUnsignedLong(capabilities.orElse("0"), 16) >>> admin & 1) == 1;
    }
}
