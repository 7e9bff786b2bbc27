package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.internal.linux.Errno;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JVM out of the way of its jobs, against a kernel in memory. */
class SupervisionTest {
    private static final Path FS = Path.of("/sys/fs/cgroup");
    private static final Path SERVICE = FS.resolve("system.slice/builds.service");

    private final FakeKernel kernel = new FakeKernel("6.1-debian12").as(0);

    @Test
    void everyProcessMovesToTheSupervisorAndControllersAreHandedDown() {
        Cgroups host = delegated();
        kernel.set(SERVICE.resolve("cgroup.procs"), "4242\n77");

        Cgroup job = host.supervised().create("job");

        assertThat(kernel.writes)
                .containsSubsequence(
                        "cgroup.procs=77", "cgroup.procs=4242", "cgroup.subtree_control=+memory +cpu +pids");
        assertThat(job.path()).isEqualTo(SERVICE.resolve("payload-job"));
        assertThat(job.name()).isEqualTo("job");
        assertThat(job.handedDown()).allMatch(HandedDown::ok);
        assertThat(kernel.read(SERVICE.resolve("supervisor/cgroup.procs")).orElseThrow())
                .contains("77", "4242");
    }

    @Test
    void theLayoutIsKnownAgain() {
        delegated().supervised().create("job");
        kernel.moved("0::/system.slice/builds.service/supervisor");

        Cgroups again = Cgroups.detect(kernel.host(), Path.of("/sys"));

        assertThat(again.availability(Controller.MEMORY).ok()).isTrue();
        assertThat(again.find("job").orElseThrow().path()).isEqualTo(SERVICE.resolve("payload-job"));
        assertThat(again.supervised()).isSameAs(again);
        assertThat(again.make(Limits.none().pids(3))
                        .group()
                        .orElseThrow()
                        .path()
                        .getFileName()
                        .toString())
                .startsWith("payload-corral-");
    }

    @Test
    void aSubgroupThatSystemdMadeIsTheSupervisors() {
        delegated();
        kernel.mkdir(SERVICE.resolve("supervisor"));
        kernel.moved("0::/system.slice/builds.service/supervisor");

        Cgroups host = Cgroups.detect(kernel.host(), Path.of("/sys"));

        assertThat(host.create("job").path()).isEqualTo(SERVICE.resolve("payload-job"));
        assertThat(host.delegated().describe()).contains(SERVICE.toString()).endsWith("delegated by systemd");
        assertThat(host.supervised()).isSameAs(host);
    }

    /** A program in the group of a job is not to leave it. */
    @Test
    void aJobOfADelegatedUnitIsNoSupervisor() {
        delegated();
        kernel.mkdir(SERVICE.resolve("payload-a"));
        kernel.moved("0::/system.slice/builds.service/payload-a");

        assertThat(Cgroups.detect(kernel.host(), Path.of("/sys")).create("job").path())
                .isEqualTo(SERVICE.resolve("payload-a/job"));
    }

    @Test
    void aGroupThatIsOnlyCalledSoIsNoSupervisor() {
        kernel.boot();
        kernel.mkdir(SERVICE.resolve("supervisor"));
        kernel.moved("0::/system.slice/builds.service/supervisor");

        assertThat(Cgroups.detect(kernel.host(), Path.of("/sys")).create("job").path())
                .isEqualTo(SERVICE.resolve("supervisor/job"));
    }

    @Test
    void aGroupThatIsOnlyOpenToRootIsLeftAsItIs() {
        Cgroups host = kernel.boot();

        assertThatThrownBy(host::supervised)
                .isInstanceOf(NotDelegated.class)
                .hasMessageContaining("cannot evacuate " + SERVICE + ": it is open to root, and nobody said")
                .hasMessageContaining("within(..)");
        assertThat(kernel.writes).isEmpty();

        assertThat(host.within(SERVICE).supervised().create("job").path()).isEqualTo(SERVICE.resolve("payload-job"));
    }

    @Test
    void aProcessThatEndedOnTheWayIsNoMatter() {
        Cgroups host = delegated();
        kernel.set(SERVICE.resolve("cgroup.procs"), "77");
        kernel.before(SERVICE.resolve("supervisor/cgroup.procs"), () -> {
            kernel.set(SERVICE.resolve("cgroup.procs"), "");
            throw new dev.corral.internal.linux.ErrnoException("write", "cgroup.procs", Errno.ESRCH);
        });

        assertThat(host.supervised().create("job").path()).isEqualTo(SERVICE.resolve("payload-job"));
    }

    @Test
    void aProcessOfAnotherPidNamespaceIsInTheWay() {
        Cgroups host = delegated();
        kernel.set(SERVICE.resolve("cgroup.procs"), "0\n4242");

        assertThatThrownBy(host::supervised)
                .isInstanceOf(InternalProcesses.class)
                .hasMessageContaining("another pid namespace");
    }

    @Test
    void processesThatKeepComingAreNotWaitedForWithoutEnd() {
        Cgroups host = delegated();
        kernel.before(
                SERVICE.resolve("supervisor/cgroup.procs"),
                () -> kernel.set(SERVICE.resolve("cgroup.procs"), "78\n79"));
        kernel.set(SERVICE.resolve("cgroup.procs"), "78");

        assertThatThrownBy(host::supervised)
                .isInstanceOf(InternalProcesses.class)
                .hasMessageContaining("new processes keep coming in, [7");
    }

    @Test
    void version1NeedsNoMove() {
        FakeKernel hybrid = new FakeKernel("6.18-hybrid");

        Cgroup job = hybrid.boot().supervised().create("job");

        assertThat(hybrid.writes).noneMatch(write -> write.startsWith("cgroup.procs"));
        assertThat(job.paths()).allMatch(path -> path.endsWith("payload-job"));
    }

    @Test
    void theRealRootNeedsNoMove() {
        FakeKernel root = new FakeKernel("6.1-container-v2").as(0);

        root.boot().supervised();

        assertThat(root.writes).isEmpty();
        assertThat(List.copyOf(root.groups("supervisor"))).isEmpty();
    }

    private Cgroups delegated() {
        Cgroups host = kernel.boot();
        kernel.setAttribute(SERVICE, "user.delegate", "1");
        return host;
    }
}
