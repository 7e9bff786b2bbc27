package dev.corral.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Child;
import dev.corral.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SkippedWhereRefused.class)
class NamespacesTest {
    @Test
    void aProcessIsInOneOfEachKind() throws Exception {
        try (Child child = Command.of("cat").start()) {
            assertThat(Namespaces.of(child.pid()).asMap())
                    .containsOnlyKeys(NamespaceType.values())
                    .isEqualTo(Namespaces.of(ProcessHandle.current().pid()).asMap());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIdentityIsPrintedAsTheKernelDoes(NamespaceType type) throws Exception {
        Path link = Path.of("/proc/self/ns", type.kernelName());
        Namespace own = Namespaces.of(ProcessHandle.current().pid()).get(type).namespace();
        assertThat(own).hasToString(Files.readSymbolicLink(link).toString());
        assertThat(Namespace.parse(String.valueOf(own))).contains(own);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "net", "net:4026531840", "tide:[4026531834]", "net:[]", "net:[12]x", "../net:[12]"})
    void otherTextIsNoIdentity(String link) {
        assertThat(Namespace.parse(link)).isEmpty();
    }

    @Test
    void aProcessThatIsGoneIsToldSo() throws Exception {
        long pid;
        try (Child child = Command.of("true").start()) {
            child.await();
            pid = child.pid();
        }
        assertThatThrownBy(() -> Namespaces.of(pid))
                .isInstanceOf(NamespacesUnreadable.class)
                .hasMessage("there is no process with pid " + pid);
    }

    @Test
    void aProcessOfSomebodyElseIsToldSo() {
        Privilege.assumeMayNotLook();
        assertThatThrownBy(() -> Namespaces.of(1))
                .isInstanceOf(NamespacesUnreadable.class)
                .hasMessageContaining("the namespaces of pid 1 may not be read by this user: EACCES");
    }

    @Test
    void aKindThatTheKernelDoesNotKnowIsAbsent(@TempDir Path proc) throws Exception {
        Path links = Files.createDirectories(proc.resolve("7/ns"));
        Files.createSymbolicLink(links.resolve("net"), Path.of("net:[5]"));
        assertThat(ProcessNamespaces.read(proc, 7).asMap())
                .containsExactly(Map.entry(NamespaceType.NET, new Namespace(NamespaceType.NET, 5)));
        assertThatThrownBy(() -> ProcessNamespaces.read(proc, 8)).isInstanceOf(NamespacesUnreadable.class);
    }

    @Test
    void askingForTheSameKindTwiceIsAskingOnce() {
        assertThat(Namespaces.unshare(NamespaceType.NET, NamespaceType.NET).types())
                .isEqualTo(Set.of(NamespaceType.NET));
    }
}
