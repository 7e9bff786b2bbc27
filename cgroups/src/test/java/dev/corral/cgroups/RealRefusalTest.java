package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.ByteSize;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real kernel refuses, each told in a sentence; most of the rest is in {@link UnifiedTreeTest}. */
@Tag("v2")
class RealRefusalTest extends RealGroups {
    @Test
    void aNameOfAFileOfTheKernels() {
        try (Cgroup group = host.create(name)) {
            for (GroupDirectory directory : group.directories()) {
                assertThatThrownBy(() -> directory.child("cgroup.procs"))
                        .isInstanceOf(NameTaken.class)
                        .hasMessage("cannot create " + directory.path()
                                + "/cgroup.procs: EEXIST, a file of the kernel has" + " that name; choose another one");
            }
            try (Cgroup escaped = group.child("cgroup.procs")) {
                assertThat(escaped.path()).hasFileName("_cgroup.procs");
                assertThat(escaped.name()).isEqualTo("cgroup.procs");
                assertThatThrownBy(() -> group.child("cgroup.procs"))
                        .isInstanceOf(NameTaken.class)
                        .hasMessageEndingWith("EEXIST, the name is taken");
            }
        }
    }

    /** The kernel's own refusals: {@link CgroupName} refuses such names before. */
    @Test
    void namesThatTheKernelDoesNotTake() {
        try (Cgroup group = host.create(name)) {
            GroupDirectory directory = group.directories().get(0);
            assertThatThrownBy(() -> directory.child("a\nb"))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining("EINVAL, a name must not hold a newline");
            // a name alone may have more than the usual 255 bytes there
            assertThatThrownBy(() -> directory.child("x".repeat(4096)))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining("ENAMETOOLONG, the path is too long for the kernel");
        }
    }

    @Test
    void aTreeThatIsMountedReadOnly() throws Exception {
        assumeTrue(LibC.effectiveUser() == 0, "needs root, for mounts of its own");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "needs unshare(1)");
        try (Cgroup group = host.create(name)) {
            String path = group.path().toString();
            assertThat(RefusedProgram.run(
                            "exec unshare -m sh -c 'mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\""
                                    + " && exec \"$@\"' '" + path + "' \"$@\"",
                            "make",
                            path))
                    .contains("NotDelegated cannot create ", "EROFS, " + path + " is mounted read-only");
        }
    }

    @Test
    void aPathThatIsTooLongToBeLookedFor() {
        String part = "x".repeat(180);
        String[] parts = Collections.nCopies(30, part).toArray(String[]::new);
        assertThatThrownBy(() -> host.find(part, parts))
                .isInstanceOf(KernelRefused.class)
                .hasMessageContaining("cannot find ")
                .hasMessageContaining("ENAMETOOLONG, the path is too long for the kernel");
        assertThatThrownBy(() -> host.create(part, parts)).isInstanceOf(KernelRefused.class);
        assertThat(host.find(part)).as("nothing of it is left").isEmpty();
    }

    @Test
    void aGroupThatIsGoneNeedsNoRemoval() throws Exception {
        Cgroup group = host.create(name);
        for (Path directory : group.paths()) {
            Files.delete(directory);
        }
        group.delete();
        group.close();
    }

    @Test
    void aProcessThatIsNotThere() throws Exception {
        try (Cgroup group = host.create(name)) {
            Process ended = shell("exec true");
            ended.waitFor();
            assertThatThrownBy(() ->
                            new Attachment(group.host().host(), group.directories()).move("cgroup.procs", ended.pid()))
                    .isInstanceOf(ProcessGone.class)
                    .hasMessageContaining("cannot move pid " + ended.pid())
                    .hasRootCauseInstanceOf(ErrnoException.class)
                    .rootCause()
                    .satisfies(cause ->
                            assertThat(((ErrnoException) cause).errno()).isEqualTo(Errno.ESRCH));
        }
    }

    /** One that somebody else has made: Corral fills those that it makes. */
    @Test
    void aCpusetOfVersion1ThatNobodyHasFilled() throws Exception {
        try (Cgroup group = host.create(name)) {
            Optional<CpusetV1> cpuset = group.find(CpusetV1.class);
            assumeTrue(cpuset.isPresent(), "needs cpusets held by version 1");
            Path empty = Files.createDirectory(cpuset.orElseThrow().path().resolve("empty"));
            Process sleeper = shell("exec sleep 600");
            GroupDirectory found =
                    cpuset.orElseThrow().group().child(Path.of("empty")).orElseThrow();

            assertThatThrownBy(() -> new Attachment(found.host(), List.of(found)).process(sleeper.toHandle()))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining("ENOSPC, the cpuset of " + empty + " is not initialised: its cpus or mems are"
                            + " empty; the group above has cpus "
                            + cpuset.orElseThrow().cpus() + ", mems "
                            + cpuset.orElseThrow().mems());
        }
    }

    /** Corral's ranges are the kernel's: {@code file value errno}, for the files that this host has. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu.cfs_quota_us 999 EINVAL",
                "cpu.cfs_quota_us 0 EINVAL",
                "cpu.cfs_period_us 999 EINVAL",
                "cpu.cfs_period_us 1000001 EINVAL",
                "cpu.max 999,100000 EINVAL",
                "cpu.max 1000,999 EINVAL",
                "cpu.max 100000,1000001 EINVAL",
                "cpu.weight 0 ERANGE",
                "cpu.weight 10001 ERANGE",
                "cpu.weight.nice -21 ERANGE",
                "pids.max -1 EINVAL",
                "pids.max 4194305 EINVAL",
                "blkio.bfq.weight 0 ERANGE",
                "blkio.bfq.weight 1001 ERANGE",
                "io.bfq.weight default,0 ERANGE",
                "io.bfq.weight default,1001 ERANGE",
                "io.weight default,0 EINVAL",
                "io.weight default,10001 EINVAL",
                "io.max DISK,rbps=0 ERANGE",
            })
    void whatIsRefusedBeforehandTheKernelRefusesToo(String line) throws Exception {
        String[] words = line.split(" ", 3);
        try (Cgroup group = host.create(name)) {
            RawFile file = group.file(words[0]);
            assumeTrue(file.exists(), "this host does not have " + words[0]);
            String value = words[1].replace("DISK", disk()).replace(',', ' ');
            assertThatThrownBy(() -> file.write(value))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining(words[2]);
        }
    }

    private static String disk() throws IOException {
        try (Stream<Path> disks = Files.list(Path.of("/sys/block"))) {
            return disks.map(disk -> text(disk.resolve("dev")))
                    .sorted()
                    .findFirst()
                    .orElse("0:0");
        }
    }

    @Test
    void memoryWithoutALimitIsSpelledDifferently() {
        try (Cgroup group = host.create(name)) {
            Optional<MemoryV1> v1 = group.find(MemoryV1.class);
            assumeTrue(group.path(Controller.MEMORY).isPresent(), "needs the memory controller");
            RawFile limit = group.file(v1.isPresent() ? "memory.limit_in_bytes" : "memory.max");
            String wrong = v1.isPresent() ? "max" : "-1";
            String right = v1.isPresent() ? "-1" : "max";

            assertThatThrownBy(() -> limit.write(wrong))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessage("cannot write " + wrong + " to " + limit.path() + ": EINVAL, that is how version "
                            + (v1.isPresent() ? 2 : 1) + " spells no limit; write " + right);
            assertThat(limit.write(right).readBack()).isPresent();
        }
    }

    @Test
    void swappinessThatOlderKernelsDoNotTake() {
        try (Cgroup group = host.create(name)) {
            Optional<MemoryV2> memory = group.find(MemoryV2.class)
                    .filter(files -> files.file("memory.reclaim").exists());
            assumeTrue(memory.isPresent(), "needs memory.reclaim, Linux 5.19");
            String[] release = System.getProperty("os.version", "").split("[.-]", 3);
            boolean newer = 1000 * Integer.parseInt(release[0]) + Integer.parseInt(release[1]) >= 6009;
            if (newer) {
                assertThat(memory.orElseThrow()
                                .reclaim(ByteSize.mebibytes(1), 0)
                                .asked())
                        .isEqualTo(ByteSize.mebibytes(1));
            } else {
                assertThatThrownBy(() -> memory.orElseThrow().reclaim(ByteSize.mebibytes(1), 0))
                        .isInstanceOf(UnsupportedLimit.class)
                        .hasMessageEndingWith("EINVAL, this kernel takes no swappiness here; Linux 6.9 does");
            }
        }
    }

    /** The kernel says EACCES to whoever would make it; Corral does not, and so hears that it is missing. */
    @Test
    void aFileThatIsNotThere() {
        try (Cgroup group = host.create(name)) {
            RawFile file = group.file("pids.nothing");
            assertThat(file.text()).isEmpty();
            assertThatThrownBy(() -> file.write("1"))
                    .isInstanceOf(UnsupportedLimit.class)
                    .hasMessageEndingWith("ENOENT, the controller is not enabled in this group, or this kernel does not"
                            + " know the file" + FirstLinux.told(host.mode() == CgroupMode.UNIFIED, "pids.nothing"));
        }
    }

    /** Each trigger has a descriptor of its own, and so none is refused for another one. */
    @Test
    void manyTriggersOfOneGroup() {
        try (Cgroup group = host.create(name)) {
            assumeTrue(
                    group.find(Psi.class)
                            .filter(psi -> psi.whyNot(Psi.Resource.MEMORY).isEmpty())
                            .isPresent(),
                    "needs pressure");
            assumeTrue(LibC.effectiveUser() == 0, "needs triggers of this kernel for this user");
            PsiTrigger trigger = PsiTrigger.memory(PsiTrigger.Kind.SOME, Duration.ofMillis(100), Duration.ofSeconds(2));
            try (Subscription listening = group.on(new CgroupEvents() {})) {
                listening.trigger(trigger).trigger(trigger).trigger(trigger);
                assertThat(listening.isActive()).isTrue();
            }
        }
    }

    @Test
    void pressureOfInterruptsHasNoSome() {
        try (Cgroup group = host.create(name)) {
            assumeTrue(
                    group.find(Psi.class)
                            .filter(psi -> psi.whyNot(Psi.Resource.IRQ).isEmpty())
                            .isPresent(),
                    "needs a kernel that counts the time of interrupts");
            assumeTrue(LibC.effectiveUser() == 0, "needs triggers of this kernel for this user");
            try (Subscription listening = group.on(new CgroupEvents() {})) {
                assertThatThrownBy(() -> listening.trigger(new PsiTrigger(
                                Psi.Resource.IRQ, PsiTrigger.Kind.SOME, Duration.ofMillis(100), Duration.ofSeconds(2))))
                        .isInstanceOf(UnsupportedLimit.class)
                        .hasMessageEndingWith(
                                "EINVAL, interrupts stop all tasks or none, and are counted as full only");
            }
        }
    }

    @Test
    void filesOfAGroupThatWentAwayAreGone() {
        Cgroup group = host.create(name);
        StatReader reader = group.reader(StatMask.ALL);
        reader.read();
        group.close();
        assertThatThrownBy(reader::read).isInstanceOf(CgroupGone.class);
        assertThatThrownBy(() -> group.apply(Limits.none().pids(5))).isInstanceOf(CgroupGone.class);
        assertThatThrownBy(() -> group.file("cgroup.procs").write("1")).isInstanceOf(CgroupGone.class);
        assertThat(List.of(group.members().pids(), group.members().recursive())).allMatch(List::isEmpty);
        reader.close();
    }
}
