package dev.corral.namespaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Command;
import dev.corral.Launch.IdRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SkippedWhereRefused.class)
class IdChoiceTest {
    private static final String ALL_IDS = "         0          0 4294967295\n";
    private static final Account ROOT = new Account(0, 0, true, List.of("root", "toor"));
    private static final Account INCAPABLE = new Account(0, 0, false, List.of("root"));
    private static final Account ALICE = new Account(1000, 100, false, List.of("alice"));

    @TempDir
    private Path etc;

    private Path ownMap = Path.of("");

    @BeforeEach
    void theJvmIsInTheFirstUserNamespace() throws Exception {
        ownMap = Files.writeString(etc.resolve("uid_map"), ALL_IDS);
    }

    private void subordinate(String users, String groups) throws Exception {
        Files.writeString(etc.resolve("subuid"), users);
        Files.writeString(etc.resolve("subgid"), groups);
    }

    private static List<IdRange> one(long inside, long outside, long count) {
        return List.of(new IdRange(inside, outside, count));
    }

    @Test
    void anOrdinaryUserMapsItself() throws Exception {
        subordinate("alice:100000:65536\n", "alice:100000:65536\n");
        assertThat(IdChoice.automatic(etc, ownMap, ALICE)).isEqualTo(IdMap.of(one(0, 1000, 1), one(0, 100, 1)));
    }

    @Test
    void rootMapsWhatTheFilesGiveToItElseWhatNobodyHas() throws Exception {
        assertThat(IdChoice.automatic(etc, ownMap, ROOT)).isEqualTo(IdMap.range(0, 524_288, 65_536));
        subordinate("alice:1:2\ntoor:200000:1000\nroot:300000:65536\n", "0:400000:2000\n");
        assertThat(IdChoice.automatic(etc, ownMap, ROOT))
                .isEqualTo(IdMap.of(one(0, 200_000, 1000), one(0, 400_000, 2000)));
        subordinate("root:524288:65536\n", "");
        assertThat(IdChoice.automatic(etc, ownMap, ROOT)).isEqualTo(IdMap.range(0, 589_824, 65_536));
    }

    @Test
    void rootOfAUserNamespaceMapsWhatIsThere() throws Exception {
        Files.writeString(ownMap, "         0       1000          1\n");
        assertThat(IdChoice.automatic(etc, ownMap, ROOT)).isEqualTo(IdMap.range(0, 0, 1));
        Files.writeString(ownMap, "0 1000 1\n1 100000 65536\n");
        assertThat(IdChoice.automatic(etc, ownMap, ROOT)).isEqualTo(IdMap.range(0, 1, 65_536));
        Files.writeString(ownMap, "0 524288 65536\n");
        assertThat(IdChoice.automatic(etc, ownMap, ROOT)).isEqualTo(IdMap.range(0, 1, 65_535));
    }

    @Test
    void rootByNameOnlyMapsNoIdOfOthers() throws Exception {
        subordinate("root:300000:65536\n", "root:400000:65536\n");
        assertThatThrownBy(() -> IdChoice.automatic(etc, ownMap, INCAPABLE))
                .isInstanceOf(IdMapRefused.class)
                .hasMessageContaining("root without CAP_SETUID and CAP_SETGID may map no id but its own");
        Files.writeString(ownMap, "0 524288 65536\n");
        assertThat(IdChoice.automatic(etc, ownMap, INCAPABLE)).isEqualTo(IdMap.range(0, 0, 1));
    }

    @Test
    void theFirstRangesOfAUserFollowItsOwnIds() throws Exception {
        subordinate("bob:1:2\nalice:100000:0\n1000:200000:65536\nalice:5:5\n", "alice:300000:1000\n");
        assertThat(IdChoice.subordinate(etc, ALICE))
                .isEqualTo(IdMap.of(
                        List.of(new IdRange(0, 1000, 1), new IdRange(1, 200_000, 65_536)),
                        List.of(new IdRange(0, 100, 1), new IdRange(1, 300_000, 1000))));
    }

    @Test
    void aMissingLineIsToldWithOneThatWouldDo() throws Exception {
        subordinate("bob:100000:65536\n", "alice:300000:1000\n");
        assertThatThrownBy(() -> IdChoice.subordinate(etc, ALICE))
                .isInstanceOf(IdMapRefused.class)
                .hasMessage(etc.resolve("subuid")
                        + " gives no ids to alice: let an administrator add the line alice:165536:65536");
        assertThatThrownBy(() -> IdChoice.subordinate(etc, new Account(1001, 1001, false, List.of())))
                .hasMessageContaining(" gives no ids to 1001: let an administrator add the line 1001:165536:65536");
    }

    @Test
    void rangesMayBeCoveredBySeveralLines() {
        SubordinateIds ids = SubordinateIds.parse("a:20:10\na:10:10\na:40:1\n");
        assertThat(ids.cover(10, 20)).isTrue();
        assertThat(ids.cover(15, 5)).isTrue();
        assertThat(ids.cover(10, 21)).isFalse();
        assertThat(ids.cover(9, 2)).isFalse();
        assertThat(ids.cover(40, 1)).isTrue();
        assertThat(SubordinateIds.parse("").first()).isEmpty();
    }

    @Test
    void rootOfTheHostIsMappedByNameOnly() {
        List<IdRange> harmless = one(0, 1000, 1);
        List<IdRange> root = one(0, 0, 1);
        for (IdMap map : List.of(IdMap.of(root, harmless), IdMap.of(harmless, root), IdMap.range(5, 0, 100))) {
            assertThatThrownBy(() -> IdChoice.checkRoot(map, ownMap, ROOT))
                    .isInstanceOf(IdMapRefused.class)
                    .hasMessageContaining("IdMap.shareHostRoot()");
            IdChoice.checkRoot(map, ownMap, ALICE); // the kernel's matter
        }
        IdChoice.checkRoot(IdMap.shareHostRoot(), ownMap, ROOT);
        IdChoice.checkRoot(IdMap.of(harmless, harmless), ownMap, ROOT);
    }

    @Test
    void rootInsideAUserNamespaceIsNotRootOfTheHost() throws Exception {
        Files.writeString(ownMap, "0 1000 1\n");
        IdMap map = IdMap.range(0, 0, 1);
        IdChoice.checkRoot(map, ownMap, ROOT);
        assertThat(map.touchesRoot()).isTrue();
    }

    @Test
    void aLaunchByRootNeverMapsRootUnasked() {
        Privilege.assumeHostRoot("nobody else could");
        Isolation isolation = Isolation.full().idMap(IdMap.range(0, 0, 1));
        assertThatThrownBy(() -> Command.of("true").with(isolation).start()).isInstanceOf(IdMapRefused.class);
    }

    @Test
    void sharedRootIsRootOfTheHost() throws Exception {
        Privilege.assumeHostRoot("nobody else could");
        Isolation isolation = Isolation.full().idMap(IdMap.shareHostRoot());
        assertThat(IsolationTest.run(isolation, "cat /proc/self/uid_map")).isEqualTo(ALL_IDS);
        assertThat(IdMap.shareHostRoot()).isNotEqualTo(IdMap.range(0, 0, 4_294_967_295L));
    }
}
