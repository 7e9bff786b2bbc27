package dev.corral.examples.readme;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.Applied;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.cgroups.Availability;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.CgroupEvents;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Limits;
import dev.corral.cgroups.StatMask;
import dev.corral.cgroups.StatReader;
import dev.corral.cgroups.Subscription;
import dev.corral.cgroups.Usage;
import dev.corral.examples.testing.Needs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The samples of the page on limits. */
class LimitTest {
    @Test
    void whatCanBeLimitedHere() {
        // README
        Cgroups here = Cgroups.detect();
        for (Availability each : here.availability().values()) {
            System.out.println(each.describe()); // and if it can't be limited: why, and what to do
        }
        // end
        assertThat(here.availability()).hasSize(5);
    }

    @Test
    void aLimitThatIsChangedWhileTheProgramRuns() {
        Needs.controlGroups();
        // README
        try (Child child = Command.of("sleep", "60")
                .with(Limits.none().memory(mebibytes(64)).pids(16))
                .start()) {
            Cgroup group = child.find(Cgroup.class).orElseThrow();
            Limits more = Limits.none().memory(mebibytes(128));
            System.out.println(group.plan(more)); // which files would be written, and what
            Applied applied = group.apply(more); // what was asked, written, and what the kernel made of it
            System.out.println(group.effectiveLimits()); // the tightest of its own limits and of those above it
            assertThat(applied.dropped()).isEmpty(); // hidden
            assertThat(group.effectiveLimits().memory()).isPresent(); // hidden
        }
        // end
    }

    @Test
    void whatItUses() {
        Needs.controlGroups();
        try (Cgroup group =
                Cgroups.detect().create("reads-" + ProcessHandle.current().pid())) {
            // README
            try (StatReader reader = group.reader(StatMask.of(StatMask.CPU, StatMask.MEMORY))) {
                Usage usage = reader.read(); // from files that stay open
                usage.memory().ifPresent(memory -> System.out.println(memory.current()));
                usage.cpu().ifPresent(cpu -> System.out.println(cpu.used()));
            }
            // end
            assertThat(group.usage().memory()).isPresent();
        }
    }

    @Test
    void toldWhatHappens() throws Exception {
        Needs.controlGroups();
        CompletableFuture<CgroupEvents.OomKill> told = new CompletableFuture<>();
        try (Cgroup group =
                Cgroups.detect().create("hears-" + ProcessHandle.current().pid())) {
            group.apply(Limits.none().memory(mebibytes(32)));
            Command greedy = Command.of("tail", "/dev/zero");
            // README
            CgroupEvents events = new CgroupEvents() {
                @Override
                public void oomKill(OomKill kill) {
                    System.out.println(kill); // which group, and whose limit
                    told.complete(kill); // hidden
                }
            };
            try (Subscription heard = group.on(events);
                    Child child = greedy.with(group).start()) {
                child.await(Duration.ofSeconds(10));
                assertThat(heard.notes()).isNotNull(); // hidden
                assertThat(told.get(1, TimeUnit.MINUTES)).isNotNull(); // hidden
            }
            // end
        }
    }
}
