package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Applied;
import dev.corral.ByteSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawFileTest {
    private final FakeKernel kernel = new FakeKernel("6.1-container-v2").offering("memory", "rdma", "io");
    private final Cgroup group = kernel.boot().create("a");

    @Test
    void textIsReadAndWritten() {
        RawFile file = group.file("memory.swap.high");
        Applied.Entry entry = file.write("0");

        assertThat(entry.written()).contains("0");
        assertThat(entry.readBack()).contains("0");
        assertThat(file.text()).contains("0");
        assertThat(file.limit()).contains(Limit.of(0L));
        assertThat(file.number()).contains(0L);
        assertThat(group.file("memory.high").limit()).contains(Limit.max());
        assertThat(file).hasToString(group.path() + "/memory.swap.high");
    }

    @Test
    void whatIsNotThereIsEmptyWhenReadAndAnErrorWhenWritten() {
        RawFile file = group.file("memory.nothing");

        assertThat(file.exists()).isFalse();
        assertThat(file.text()).isEmpty();
        assertThat(file.limit()).isEmpty();
        assertThat(file.number()).isEmpty();
        assertThat(file.words()).isEmpty();
        assertThat(file.keyed()).isEmpty();
        assertThat(file.nestedKeyed()).isEmpty();
        assertThatThrownBy(() -> file.write("1"))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("ENOENT");
    }

    @Test
    void aGenericControllerHasItsFilesByFormat() {
        set("rdma.max", "mlx4_0 hca_handle=2 hca_object=2000\nocrdma1 hca_handle=3 hca_object=max");
        set("rdma.current", "");
        set("cgroup.controllers", "memory rdma");
        GenericController rdma = group.controller("rdma");

        assertThat(rdma.files()).containsExactly("rdma.current", "rdma.max");
        assertThat(rdma.file("rdma.max").nestedKeyed())
                .containsEntry("mlx4_0", Map.of("hca_handle", "2", "hca_object", "2000"))
                .containsEntry("ocrdma1", Map.of("hca_handle", "3", "hca_object", "max"));
        assertThat(rdma.file("rdma.max")
                        .write("mlx4_0", Map.of("hca_handle", "5"))
                        .written())
                .contains("mlx4_0 hca_handle=5");
        assertThat(rdma.name()).isEqualTo("rdma");
    }

    /** Version 1 begins such lines with a pair. */
    @Test
    void aLineMayBeginWithAPair() {
        set("memory.numa_stat", "total=3 N0=1 N1=2\nanon=2 N0=0 N1=2");

        assertThat(group.file("memory.numa_stat").nestedKeyed())
                .containsEntry("total", Map.of("total", "3", "N0", "1", "N1", "2"))
                .containsEntry("anon", Map.of("anon", "2", "N0", "0", "N1", "2"));
    }

    /** Pages in version 1, bytes in version 2. */
    @Test
    void memoryOfEachNodeIsInBytes() {
        java.util.SortedMap<Integer, ByteSize> nodes =
                new java.util.TreeMap<>(Map.of(0, ByteSize.bytes(4096), 1, ByteSize.bytes(8192)));
        List<NumaUse> expected = List.of(new NumaUse("anon", ByteSize.bytes(12288), nodes));
        assertThat(NumaUse.parse("anon=3 N0=1 N1=2\ntorn", 4096)).isEqualTo(expected);
        assertThat(NumaUse.parse("anon N0=4096 N1=8192\nfile N", 1)).isEqualTo(expected);
        assertThat(NumaUse.parse("", 1)).isEmpty();
    }

    @Test
    void memoryOfANodeThatRanBelowZeroIsNoReasonToFail() {
        ByteSize most = ByteSize.bytes(Long.MAX_VALUE);
        assertThat(NumaUse.parse("anon=18446744073709551615 N0=18446744073709551615 N1=18446744073709551615", 4096))
                .containsExactly(new NumaUse("anon", most, new TreeMap<>(Map.of(0, most, 1, most))));
    }

    @Test
    void flatKeysAndWords() {
        set("misc.max", "res_a max\nres_b 10\ntorn");
        set("io.stat", "8:0 rbytes=1 wbytes=2\n7:7 \n\n8:1 rbytes");

        assertThat(group.file("misc.max").keyed()).containsExactly(Map.entry("res_a", "max"), Map.entry("res_b", "10"));
        assertThat(group.file("io.stat").nestedKeyed()).containsOnlyKeys("8:0");
        assertThat(group.file("cgroup.controllers").words()).contains("memory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "../memory.max", "a/memory.max", "/etc/passwd", "memory.max\0", "memory\n.max"})
    void aNameThatLeadsElsewhereIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> group.file(name));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> group.find(TreeV2.class).orElseThrow().file(name));
    }

    @Test
    void aLinkIsNoFile(@TempDir Path directory) throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "before");
        Path there = Files.createDirectory(directory.resolve("group"));
        Files.createSymbolicLink(there.resolve("memory.max"), secret);
        Hierarchy hierarchy = new Hierarchy(true, Set.of(), new Place.At(there, there, "/"), false);
        Host host = Host.real(Path.of("/proc"));
        RawFile file = new RawFile(GroupDirectory.at(host, hierarchy, there).orElseThrow(), "memory.max");

        assertThat(file.exists()).isFalse();
        assertThatThrownBy(file::text).isInstanceOf(UnsupportedLimit.class).hasMessageContaining("it is a link");
        assertThatThrownBy(() -> file.write("after")).isInstanceOf(UnsupportedLimit.class);
        assertThat(secret).hasContent("before");
    }

    @Test
    void oneValueForEachWrite() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> group.file("memory.max").write("1\n2"))
                .withMessageContaining("one value for each write");
        assertThatThrownBy(() -> group.file("memory.max").write("1".repeat(4096)))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("4096 bytes at once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "", "00", "self"})
    void thisJvmIsNotMovedByMistake(String value) {
        assertThatThrownBy(() -> group.file("cgroup.procs").write(value))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("0 would move this JVM");
        assertThat(kernel.writes).noneMatch(write -> write.startsWith("cgroup.procs"));
    }

    @Test
    void aGroupThatWasReplacedIsNotWrittenTo() {
        RawFile file = group.file("memory.high");
        kernel.vanish(group.path());
        kernel.mkdir(group.path());

        assertThatThrownBy(() -> file.write("max")).isInstanceOf(CgroupGone.class);
    }

    /** The longest write that the kernel takes, and one byte more; the files of this very kernel. */
    @Test
    void theKernelsLongestWrite() {
        try (Stage stage = Stage.v2()) {
            stage.needsRealKernel();
            RawFile type = stage.group().file("cgroup.type");

            assertThatThrownBy(() -> type.write("x".repeat(4095)))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining("EINVAL");
            assertThatThrownBy(() ->
                            stage.group().v2().orElseThrow().tree().group().write("cgroup.type", "x".repeat(4096)))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining("E2BIG");
        }
    }

    private void set(String file, String text) {
        kernel.set(group.path().resolve(file), text);
    }
}
