package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The sentences about what the kernel refuses, by injected error codes. The ones that a real kernel can be brought to are in
 * {@link UnifiedTreeTest}, {@link AttachTest}, {@link LifeTest} and {@link DelegationTest} too.
 */
class RefusalTest {
    private static final Path FS = Path.of("/sys/fs/cgroup");
    private static final Path OWN =
            FS.resolve("user.slice/user-1000.slice/user@1000.service/app.slice/app-terminal-7.scope");
    private static final long KERNEL_THREAD = 2;

    private final FakeKernel kernel = new FakeKernel("6.8-unified");
    private final Cgroups host = kernel.boot();

    // ---------------------------------------------------------------- mkdir

    @Test
    void aTakenName() {
        refuse("mkdir", OWN.resolve("a"), Errno.EEXIST);
        assertThatThrownBy(() -> host.create("a"))
                .isInstanceOf(NameTaken.class)
                .hasMessage("cannot create " + OWN + "/a: EEXIST, the name is taken");
    }

    @Test
    void aLimitOfAGroupAboveThatNobodyCanSee() {
        refuse("mkdir", OWN.resolve("a"), Errno.EAGAIN);
        assertThatThrownBy(() -> host.create("a"))
                .isInstanceOf(KernelRefused.class)
                .hasMessageEndingWith("EAGAIN, cgroup.max.depth or cgroup.max.descendants of a group above is reached");
    }

    @Test
    void aLimitOfAGroupAbove() {
        refuse("mkdir", OWN.resolve("a"), Errno.EAGAIN);
        kernel.set(FS.resolve("user.slice/cgroup.max.descendants"), "10");
        kernel.set(FS.resolve("user.slice/cgroup.stat"), "nr_descendants 10\nnr_dying_descendants 0");
        assertThatThrownBy(() -> host.create("a"))
                .hasMessage("cannot create " + OWN + "/a: EAGAIN, " + FS
                        + "/user.slice allows 10 descendants and has 10; raise cgroup.max.descendants there, or remove"
                        + " groups")
                .asInstanceOf(type(LimitReached.class))
                .satisfies(e -> assertThat(e.owner()).isEqualTo(FS.resolve("user.slice")))
                .satisfies(e -> assertThat(e.limit()).isEqualTo(10));
    }

    @Test
    void noMoreIds() {
        kernel.set(OWN.resolve("cgroup.stat"), "nr_descendants 1\nnr_dying_descendants 60000");
        for (int errno : List.of(Errno.ENOSPC, Errno.ENOMEM)) {
            refuse("mkdir", OWN.resolve("a"), errno);
            assertThatThrownBy(() -> host.create("a"))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageContaining(
                            "65535 memory groups at most are alive or dying; 60000 groups below " + OWN + " are dying");
        }
    }

    @Test
    void namesThatTheKernelDoesNotTake() {
        refuse("mkdir", OWN.resolve("a"), Errno.EINVAL);
        assertThatThrownBy(() -> host.create("a")).hasMessageContaining("a name must not hold a newline");
        refuse("mkdir", OWN.resolve("a"), Errno.ENAMETOOLONG);
        assertThatThrownBy(() -> host.create("a")).hasMessageContaining("the path is too long for the kernel");
    }

    @Test
    void aSubtreeOfSomebodyElse() {
        kernel.owners.put(OWN, 0);
        refuse("mkdir", OWN.resolve("a"), Errno.EACCES);
        assertThatThrownBy(() -> host.create("a"))
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining("EACCES, uid 1000 may not make groups in " + OWN + ", owned by root")
                .hasMessageContaining("to get a delegation");
        refuse("mkdir", OWN.resolve("a"), Errno.EROFS);
        assertThatThrownBy(() -> host.create("a"))
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining(OWN + " is mounted read-only; have it mounted writable");
    }

    /** Between the refusal and the look at whose it is. */
    @Test
    void aGroupThatVanishesWhileItsOwnerIsAskedFor() {
        GroupDirectory group = host.create("a").directories().get(0);
        ErrnoException denied = new ErrnoException("mkdir", "b", Errno.EACCES);
        kernel.fail("stat " + group.path(), Errno.ENOENT);
        assertThat(group.refusal().notMade(group.path().resolve("b"), denied))
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining("owned by somebody who can't be told");

        kernel.vanish(group.path());

        assertThat(group.refusal().notMade(group.path().resolve("b"), denied)).isInstanceOf(CgroupGone.class);
        assertThat(group.refusal().refused("write", "cgroup.type", "threaded", denied))
                .isInstanceOf(CgroupGone.class);
    }

    /** As behind a directory that this user may not enter: what was refused is the error, and not the look at whose it is. */
    @Test
    void whereAGroupMayNotBeLookedAtTheRefusalIsTold() {
        GroupDirectory group = host.create("a").directories().get(0);
        kernel.fail("find " + group.path(), Errno.EACCES);
        kernel.fail("stat " + group.path(), Errno.EACCES);

        assertThat(group.refusal().notMade(group.path().resolve("b"), new ErrnoException("mkdir", "b", Errno.EACCES)))
                .isInstanceOf(NotDelegated.class)
                .hasMessageStartingWith("cannot create " + group.path().resolve("b") + ": EACCES")
                .hasMessageContaining("owned by somebody who can't be told");
    }

    @Test
    void aGroupThatMayNotBeLookedAt() {
        kernel.fail("find " + OWN.resolve("a"), Errno.EACCES);
        assertThatThrownBy(() -> host.find("a"))
                .isInstanceOf(KernelRefused.class)
                .hasMessageContaining("cannot find " + OWN.resolve("a") + ": EACCES");
        assertThatThrownBy(() -> host.create("a")).isInstanceOf(KernelRefused.class);
    }

    @Test
    void aGroupAboveThatWasRemoved() {
        for (int errno : List.of(Errno.ENOENT, Errno.ENODEV)) {
            refuse("mkdir", OWN.resolve("a"), errno);
            assertThatThrownBy(() -> host.create("a"))
                    .isInstanceOf(CgroupGone.class)
                    .hasMessageContaining("the group above it was removed");
        }
    }

    // ---------------------------------------------------------------- rmdir

    @Test
    void whatIsStillThere() {
        Cgroup group = host.create("a");
        Cgroup below = group.child("b");
        kernel.set(below.path().resolve("cgroup.procs"), "7");
        assertThatThrownBy(group::delete)
                .hasMessage("cannot remove " + group.path() + ": EBUSY, processes [7] and groups [" + below.path()
                        + "] are still in it after 2 s")
                .isInstanceOf(CgroupBusy.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOENT, Errno.ENODEV})
    void goneIsGone(int errno) {
        Cgroup group = host.create("a");
        refuse("rmdir", group.path(), errno);
        group.delete();
        group.delete();
    }

    @Test
    void aRefusalThatIsFinalIsNotTriedAgain() {
        Cgroup group = host.create("a");
        refuse("rmdir", group.path(), Errno.EACCES);
        LongSupplier clock = kernel.host().backoff().nanoTime();
        long before = clock.getAsLong();
        assertThatThrownBy(group::delete)
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining("cannot remove " + group.path() + ": EACCES");
        assertThat(clock.getAsLong()).isEqualTo(before);
    }

    /** Nobody but its owner removes it, and that is not waited for. */
    @Test
    void aGroupInTheWayIsNotWaitedFor() {
        Cgroup group = host.create("a");
        Cgroup below = group.child("b");
        LongSupplier clock = kernel.host().backoff().nanoTime();
        long before = clock.getAsLong();
        assertThatThrownBy(() -> group.delete(DeletePolicy.EMPTY_ONLY))
                .isInstanceOf(CgroupBusy.class)
                .hasMessage("cannot remove " + group.path() + ": EBUSY, groups [" + below.path() + "] are still in it");
        assertThat(clock.getAsLong()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY_ONLY", "RECURSIVE"})
    void aProcessThatEndsMeanwhileIsWaitedFor(DeletePolicy policy) {
        Cgroup group = host.create("leaving");
        Path last = policy == DeletePolicy.RECURSIVE ? group.child("b").path() : group.path();
        kernel.set(last.resolve("cgroup.procs"), "7");
        Backoff ending = new Backoff(() -> 0, pause -> kernel.set(last.resolve("cgroup.procs"), ""));
        new GroupRemoval(ending, group.directories()).within(Duration.ofSeconds(2), policy == DeletePolicy.RECURSIVE);
        assertThat(kernel.groups("leaving")).isEmpty();
    }

    @Test
    void oneHierarchyThatIsBusyKeepsTheOthersFromNothing() {
        FakeKernel hybrid = new FakeKernel("6.18-hybrid");
        Cgroup group = hybrid.boot().create("a");
        hybrid.set(FS.resolve("pids/a/cgroup.procs"), "7");
        hybrid.fail("rmdir /sys/fs/cgroup/cpu/a", Errno.EPERM);
        assertThatThrownBy(group::delete)
                .isInstanceOf(CgroupBusy.class)
                .hasMessageStartingWith("cannot remove /sys/fs/cgroup/pids/a: EBUSY, processes [7]")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .isInstanceOf(NotDelegated.class)
                        .asString()
                        .contains("/sys/fs/cgroup/cpu/a: EPERM"));
        assertThat(hybrid.groups("a")).hasSize(2);
    }

    // ---------------------------------------------------------------- cgroup.procs

    @Test
    void aTaskThatIsBeingBornIsTriedAgain() {
        Attachment attachment = attachment(7);
        int[] tries = {0};
        Path list = OWN.resolve("a/cgroup.procs");
        kernel.before(list, () -> {
            if (++tries[0] < 5) {
                throw new dev.corral.internal.linux.ErrnoException("write", list.toString(), Errno.EINVAL);
            }
        });
        attachment.move("cgroup.procs", 7);
        assertThat(tries[0]).isEqualTo(5);
    }

    @Test
    void aTaskThatIsNeverMoved() {
        Attachment attachment = attachment(7);
        refuse("write", OWN.resolve("a/cgroup.procs"), Errno.EINVAL);
        assertThatThrownBy(() -> attachment.move("cgroup.procs", 7))
                .isInstanceOf(KernelRefused.class)
                .hasMessage("cannot write 7 to " + OWN + "/a/cgroup.procs: EINVAL, pid 7 could not be moved in 6 tries"
                        + " over 150 ms");
    }

    @Test
    void aKernelThreadIsNotTriedAgain() {
        Attachment attachment = attachment(KERNEL_THREAD);
        kernel.kernelThread(KERNEL_THREAD);
        Path list = OWN.resolve("a/cgroup.procs");
        int[] tries = {0};
        kernel.before(list, () -> {
            tries[0]++;
            throw new dev.corral.internal.linux.ErrnoException("write", list.toString(), Errno.EINVAL);
        });
        assertThatThrownBy(() -> attachment.move("cgroup.procs", KERNEL_THREAD))
                .hasMessageEndingWith("EINVAL, pid 2 is a kernel thread");
        assertThat(tries[0]).isEqualTo(1);
    }

    @Test
    void aRealTimeProcessWithoutABudget() {
        FakeKernel hybrid = new FakeKernel("6.18-hybrid");
        Cgroup group = hybrid.boot().create("a");
        hybrid.realTime(7);
        hybrid.set(FS.resolve("cpu/a/cpu.rt_runtime_us"), "0");
        hybrid.fail("write /sys/fs/cgroup/cpu/a/cgroup.procs", Errno.EINVAL);
        assertThatThrownBy(() -> new Attachment(hybrid.host(), group.directories()).move("cgroup.procs", 7))
                .hasMessageContaining("EINVAL, pid 7 is a real-time process, and /sys/fs/cgroup/cpu/a has no real-time"
                        + " budget; write cpu.rt_runtime_us first")
                .hasMessageContaining("; it is in [");
    }

    @Test
    void aProcessThatEnded() {
        Attachment attachment = attachment(7);
        refuse("write", OWN.resolve("a/cgroup.procs"), Errno.ESRCH);
        assertThatThrownBy(() -> attachment.move("cgroup.procs", 7)).isInstanceOf(ProcessGone.class);
    }

    /** The kernel goes by the number, and has moved whoever has it. */
    @Test
    void aNumberThatAnotherProcessHasByNow() {
        long pid = ProcessHandle.current().pid();
        Attachment attachment = attachment(pid);
        kernel.before(OWN.resolve("a/cgroup.procs"), () -> kernel.process(pid, 6, 'S'));
        assertThatThrownBy(() -> attachment.process(ProcessHandle.current()))
                .isInstanceOf(ProcessGone.class)
                .hasMessage("cannot move pid " + pid + " to " + OWN + "/a: it has ended, and another process with its"
                        + " number was moved instead");
    }

    /** As for parkNanos(..), no pause is one while the thread is interrupted. */
    @Test
    void aTaskThatIsBeingBornIsWaitedForByAThreadThatIsInterrupted() {
        Attachment attachment = attachment(7);
        long[] waited = {0};
        Backoff backoff = new Backoff(() -> waited[0], pause -> {
            waited[0] += Thread.currentThread().isInterrupted() ? 0 : pause;
        });
        Path list = OWN.resolve("a/cgroup.procs");
        kernel.before(list, () -> {
            if (waited[0] < Duration.ofMillis(90).toNanos()) {
                throw new dev.corral.internal.linux.ErrnoException("write", list.toString(), Errno.EINVAL);
            }
        });
        Thread.currentThread().interrupt();
        try {
            Host host = kernel.host();
            new Attachment(
                            new Host(
                                    host.tree(),
                                    host.processes(),
                                    host.owner(),
                                    host.user(),
                                    host.pageSize(),
                                    host.clock(),
                                    backoff,
                                    host.random()),
                            attachment.directories())
                    .move("cgroup.procs", 7);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(waited[0])
                .isBetween(
                        Duration.ofMillis(90).toNanos(), Duration.ofMillis(120).toNanos());
    }

    @Test
    void anEmptyCpuset() {
        Attachment attachment = attachment(7);
        kernel.set(OWN.resolve("cpuset.cpus"), "0-1");
        kernel.set(OWN.resolve("cpuset.mems"), "0");
        refuse("write", OWN.resolve("a/cgroup.procs"), Errno.ENOSPC);
        assertThatThrownBy(() -> attachment.move("cgroup.procs", 7))
                .hasMessageContaining(
                        "ENOSPC, the cpuset of " + OWN + "/a is not initialised: its cpus or mems are empty;"
                                + " the group above has cpus 0-1, mems 0");
    }

    @Test
    void theBoundaryOfANamespace() {
        Attachment attachment = attachment(7);
        refuse("write", OWN.resolve("a/cgroup.procs"), Errno.ENOENT);
        assertThatThrownBy(() -> attachment.move("cgroup.procs", 7))
                .isInstanceOf(KernelRefused.class)
                .hasMessageContaining("ENOENT, pid 7 lies outside this cgroup namespace");
    }

    @Test
    void aGroupAboveBothThatIsSomebodyElses() {
        Attachment attachment = attachment(7);
        kernel.file(Path.of("/proc/7/cgroup"), "0::/user.slice/user-1000.slice/session-3.scope\n");
        kernel.owners.put(FS.resolve("user.slice/user-1000.slice/cgroup.procs"), 0);
        refuse("write", OWN.resolve("a/cgroup.procs"), Errno.EACCES);
        assertThatThrownBy(() -> attachment.move("cgroup.procs", 7))
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining(
                        "EACCES, moving from " + FS + "/user.slice/user-1000.slice/session-3.scope to " + OWN
                                + "/a needs the right to write " + FS
                                + "/user.slice/user-1000.slice/cgroup.procs, owned by root;"
                                + " systemd can attach it");
    }

    @Test
    void aProcessOfSomebodyElseInVersion1() {
        FakeKernel hybrid = new FakeKernel("4.9-legacy");
        Cgroup group = hybrid.boot().create("a");
        hybrid.fail("write " + FS + "/cpu,cpuacct/a/cgroup.procs", Errno.EACCES);
        assertThatThrownBy(() -> new Attachment(hybrid.host(), group.directories()).move("cgroup.procs", 7))
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining("uid 1000 may not move pid 7 to " + FS + "/cpu,cpuacct/a");
    }

    @Test
    void aGroupOfAnotherType() {
        Attachment attachment = attachment(7);
        kernel.set(OWN.resolve("a/cgroup.type"), "domain invalid");
        refuse("write", OWN.resolve("a/cgroup.procs"), Errno.EOPNOTSUPP);
        assertThatThrownBy(() -> attachment.move("cgroup.procs", 7))
                .hasMessageContaining("is of type \"domain invalid\", which does not take it by cgroup.procs");
    }

    // ---------------------------------------------------------------- cgroup.freeze, cgroup.kill

    @Test
    void aGroupThatDoesNotFreezeRunsAgain() {
        Cgroup group = host.create("a");
        kernel.set(group.path().resolve("cgroup.freeze"), "0");
        kernel.set(group.path().resolve("cgroup.events"), "populated 1\nfrozen 0");
        assertThatThrownBy(() -> group.freeze(Duration.ofSeconds(1)))
                .isInstanceOf(FreezeTimeout.class)
                .hasMessage("cannot freeze " + group.path() + ": a process in it did not stop within 1 s");
        assertThat(kernel.writes).endsWith("cgroup.freeze=1", "cgroup.freeze=0");
    }

    @Test
    void version1IsToldAgainAndThawedNowAndThen() {
        FakeKernel legacy = new FakeKernel("4.9-legacy");
        Cgroup group = legacy.boot().create("a");
        legacy.stubborn(FS.resolve("freezer/a/freezer.state"), "FREEZING");
        legacy.writes.clear();
        assertThatThrownBy(() -> group.freeze(Duration.ofSeconds(2))).isInstanceOf(FreezeTimeout.class);
        assertThat(legacy.writes.stream().filter("freezer.state=FROZEN"::equals))
                .hasSizeGreaterThan(20);
        assertThat(legacy.writes.stream().filter("freezer.state=THAWED"::equals))
                .hasSizeGreaterThan(1);
        assertThat(legacy.writes).endsWith("freezer.state=THAWED");
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EOPNOTSUPP, Errno.ENOENT})
    void withoutAKillInOneWriteItIsDoneOneByOne(int errno) {
        Cgroup group = host.create("a");
        refuse("write", group.path().resolve("cgroup.kill"), errno);
        assertThat(group.kill().ok()).isTrue();
    }

    @Test
    void aProcessOfAnotherPidNamespaceSurvives() {
        Cgroup group = host.create("a");
        kernel.set(group.path().resolve("cgroup.procs"), "0");
        assertThat(group.kill(Duration.ofMillis(10)).survivors())
                .containsExactly(new Survivor(0, "it belongs to another pid namespace, and has no pid here"));
    }

    // ---------------------------------------------------------------- files by their names, and pressure

    @Test
    void aKillThatTheKernelDoesForWholeProcessesOnly() {
        Cgroup group = host.create("a");
        kernel.set(group.path().resolve("cgroup.type"), "threaded");
        refuse("write", group.path().resolve("cgroup.kill"), Errno.EOPNOTSUPP);
        assertThatThrownBy(() -> group.file("cgroup.kill").write("1"))
                .isInstanceOf(KernelRefused.class)
                .hasMessage("cannot write 1 to " + group.path() + "/cgroup.kill: EOPNOTSUPP, its type is \"threaded\":"
                        + " the kernel kills whole processes only; kill the group above whose type is \"domain"
                        + " threaded\", or use Cgroup.kill()");
    }

    @Test
    void aTriggerThatIsRefused() {
        GroupDirectory group = host.create("a").directories().get(0);
        PsiTrigger trigger = PsiTrigger.memory(PsiTrigger.Kind.SOME, Duration.ofMillis(100), Duration.ofSeconds(2));
        String start = "cannot write some 100000 2000000 to " + group.path() + "/memory.pressure: ";
        assertThat(refused(group, trigger, Errno.EBUSY))
                .isInstanceOf(KernelRefused.class)
                .hasMessage(start + "EBUSY, the descriptor has a trigger already");
        assertThat(refused(group, trigger, Errno.EOPNOTSUPP))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessage(start + "EOPNOTSUPP, the kernel was booted without pressure; boot with psi=1");
        for (int errno : List.of(Errno.EINVAL, Errno.EPERM, Errno.EACCES)) {
            assertThat(refused(group, trigger, errno))
                    .isInstanceOf(UnsupportedLimit.class)
                    .hasMessageEndingWith("before Linux 6.5 the kernel takes triggers only from processes with"
                            + " CAP_SYS_RESOURCE");
        }
        assertThat(refused(group, trigger, Errno.ENOENT))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageEndingWith("ENOENT, this kernel was built without it or is older than 4.20");
        assertThat(refused(group, trigger, Errno.ENODEV)).isInstanceOf(CgroupGone.class);
    }

    private static CgroupException refused(GroupDirectory group, PsiTrigger trigger, int errno) {
        return PressureSource.refused(
                group, trigger, new dev.corral.internal.linux.ErrnoException("write", "memory.pressure", errno));
    }

    private Attachment attachment(long pid) {
        kernel.process(pid, 5, 'S');
        return new Attachment(kernel.host(), host.create("a").directories());
    }

    private void refuse(String call, Path path, int errno) {
        kernel.fail(call + " " + path, errno);
    }
}
