package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.IPC;
import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.USER;
import static dev.corral.namespaces.NamespaceType.UTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.ProcessCalls;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(SkippedWhereRefused.class)
class JoinTest {
    private static final Map<NamespaceType, Namespace> OWN =
            Namespaces.of(ProcessHandle.current().pid()).asMap();
    /** A user namespace has to go with each kind, so that an ordinary user can make it and join it. */
    private static final Isolation SHARED = Isolation.full().without(NamespaceType.PID);

    private static Child sleeper(Confinement confinement) {
        return Command.of("cat").with(confinement).start();
    }

    /** What a child is in that joins this. */
    private static Map<NamespaceType, Namespace> inside(Confinement join) {
        try (Child child = Command.of("cat").with(join).start()) {
            return Namespaces.of(child.payloadPid()).asMap();
        }
    }

    private static void assertJoined(Confinement join, Child target, Set<NamespaceType> types) {
        Map<NamespaceType, Namespace> theirs =
                Namespaces.of(target.payloadPid()).asMap();
        Map<NamespaceType, Namespace> inside = inside(join);
        inside.forEach((type, namespace) ->
                assertThat(namespace).isEqualTo(types.contains(type) ? theirs.get(type) : OWN.get(type)));
    }

    @ParameterizedTest
    @EnumSource(names = {"MNT", "NET", "UTS", "IPC", "CGROUP"})
    void oneNamespaceOfAProcessIsJoinedAndItsOwnerWithIt(NamespaceType type) throws Exception {
        try (Child target = sleeper(SHARED)) {
            NamespaceLink link = Namespaces.of(target.payloadPid()).get(type);
            assertJoined(link.join(), target, EnumSet.of(type, USER));
        }
    }

    @Test
    void allOfAProcessAreJoinedAtOnce() throws Exception {
        try (Child target = sleeper(Isolation.full())) {
            ProcessNamespaces theirs = Namespaces.of(target.payloadPid());
            assertJoined(theirs.join(), target, Isolation.full().types());
            assertJoined(theirs.join(NET, UTS), target, EnumSet.of(NET, UTS, USER));
        }
    }

    @Test
    void anOpenHandleIsJoinedAfterItsProcessHasEnded() throws Exception {
        Child target = sleeper(SHARED);
        try (NamespaceHandle net = Namespaces.open(target.payloadPid(), NET);
                NamespaceHandle uts = Namespaces.open(target.payloadPid(), UTS)) {
            Confinement both = Namespaces.join(net, uts);
            target.close();
            assertThat(inside(both))
                    .containsEntry(NET, net.namespace())
                    .containsEntry(UTS, uts.namespace())
                    .containsEntry(USER, net.owner().orElseThrow())
                    .containsEntry(IPC, OWN.get(IPC));
        }
    }

    @Test
    void aUserNamespaceIsJoinedAlone() throws Exception {
        try (Child target = sleeper(Namespaces.unshare(USER));
                NamespaceHandle user = Namespaces.open(target.payloadPid(), USER)) {
            assertJoined(user.join(), target, EnumSet.of(USER));
        }
    }

    @Test
    void aKeptNamespaceIsJoinedByItsPath(@TempDir Path directory) throws Exception {
        Privilege.assumeAdmin("a bind mount takes CAP_SYS_ADMIN");
        Path path = directory.resolve("kept");
        try (NamespaceHandle net = Namespaces.create(NET)) {
            net.keepAt(path);
            try {
                assertThat(inside(Namespaces.join(path)))
                        .containsEntry(NET, net.namespace())
                        .containsEntry(USER, OWN.get(USER));
            } finally {
                Namespaces.release(path);
            }
        }
        assertThatThrownBy(() -> inside(Namespaces.join(path))).isInstanceOf(NamespaceGone.class);
    }

    @Test
    void oneValueJoinsAgainAndAgain() throws Exception {
        try (Child target = sleeper(SHARED)) {
            Confinement join = Namespaces.of(target.payloadPid()).get(UTS).join();
            assertJoined(join, target, EnumSet.of(UTS, USER));
            assertJoined(join, target, EnumSet.of(UTS, USER));
        }
    }

    @Test
    void whatTheJvmIsInAlreadyIsNotJoined() throws Exception {
        ProcessNamespaces own = Namespaces.of(ProcessHandle.current().pid());
        assertThat(inside(own.join())).isEqualTo(OWN);
        assertThat(inside(own.join(USER, NET))).isEqualTo(OWN);
    }

    @Test
    void aPidfdIsJoinedAndItsOwnerWithIt() throws Exception {
        try (Child target = sleeper(SHARED);
                Fd pidfd = new Fd(ProcessCalls.pidfdOpen(Math.toIntExact(target.payloadPid())))) {
            Confinement join = Namespaces.joinPidfd(pidfd.number(), NET, UTS);
            assertJoined(join, target, EnumSet.of(NET, UTS, USER));
            target.destroyForcibly().await();
            assertThatThrownBy(() -> inside(join)).isInstanceOf(NamespaceGone.class);
        }
        assertThatThrownBy(() -> inside(Namespaces.joinPidfd(0, NET)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("descriptor 0 is no pidfd");
    }

    /** The kernel refuses to enter a user namespace that a process is in. */
    @Test
    void anOwnerThatSeveralJoinsHaveInCommonIsEnteredOnce() throws Exception {
        try (Child target = sleeper(SHARED)) {
            ProcessNamespaces theirs = Namespaces.of(target.payloadPid());
            try (Child child = Command.of("cat")
                    .with(theirs.get(NET).join())
                    .with(theirs.get(UTS).join())
                    .with(theirs.join(NamespaceType.IPC))
                    .start()) {
                assertThat(Namespaces.of(child.payloadPid()).asMap())
                        .containsEntry(NET, theirs.asMap().get(NET))
                        .containsEntry(UTS, theirs.asMap().get(UTS))
                        .containsEntry(NamespaceType.IPC, theirs.asMap().get(NamespaceType.IPC))
                        .containsEntry(USER, theirs.asMap().get(USER));
            }
        }
    }

    @Test
    void theNamespacesOfAProcessThatIsGoneAreNotJoined() throws Exception {
        Child target = sleeper(SHARED);
        ProcessNamespaces theirs = Namespaces.of(target.payloadPid());
        target.close();
        for (Confinement join : new Confinement[] {
            theirs.join(), theirs.join(NET), theirs.get(NET).join()
        }) {
            assertThatThrownBy(() -> inside(join))
                    .isInstanceOf(NamespaceGone.class)
                    .hasMessage("pid " + theirs.pid() + " has ended");
        }
    }
}
