package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Signal;
import java.nio.file.Files;
import java.util.List;

/** Does with groups of unusual names, with processes in them, what is done with others; says so when all of it went well. */
final class OddNames {
    static final String WELL = "all is well";
    /** Beyond ASCII; bytes that are no UTF-8; a carriage return, behind which another line could begin. */
    private static final List<String> NAMES = List.of("größe", "\udcff\udcfe", "a\r5:memory:b");

    private OddNames() {}

    public static void main(String[] arguments) throws Exception {
        for (String odd : NAMES) {
            below(arguments[0], odd);
        }
        System.out.println(WELL);
    }

    private static void below(String name, String odd) throws Exception {
        Cgroups host = RealGroup.host();
        Cgroup group = host.create(name);
        try (group) {
            Cgroup made = group.child(odd);
            assertThat(made.name()).isEqualTo(odd);
            assertThat(made.paths()).allMatch(Files::isDirectory);
            assertThat(host.find(name, odd).orElseThrow().paths()).hasSameElementsAs(made.paths());
            try (Child child = Command.of("sleep", "600").with(made).start()) {
                assertThat(made.members().pids()).containsExactly(child.pid());
                assertThat(group.children()).singleElement().satisfies(found -> {
                    assertThat(found.paths()).hasSameElementsAs(made.paths());
                    assertThat(found.members().pids()).containsExactly(child.pid());
                });

                assertThat(group.kill().ok()).isTrue();

                assertThat(child.await().terminatedBy()).contains(Signal.KILL);
            }
        }
        assertThat(group.paths()).noneMatch(Files::exists);
    }
}
