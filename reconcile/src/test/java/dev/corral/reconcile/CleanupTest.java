package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done before a resource goes. */
class CleanupTest {
    record DiskSpec(int size) {}

    record DiskStatus(Conditions conditions) {}

    private static final Kind<DiskSpec, DiskStatus> DISK = Kind.of("Disk", DiskSpec.class, DiskStatus.class);

    private final Plane plane = new Plane();
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void close() {
        plane.close();
    }

    @Test
    void aCleanupPutsAFinalizerOnAndLetsTheResourceGoWhenItIsDone() {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.children(task("child")),
                options -> options.cleanup(lamp -> {
                    done.add("cleaned " + lamp.name());
                    return Plan.children();
                }));
        plane.start().apply(lamp("hall", 1));
        assertThat(plane.get(LAMP, "hall").metadata().finalizers()).containsExactly("corral.dev/cleanup");

        plane.delete(LAMP, "hall");
        assertThat(done).containsExactly("cleaned hall");
        assertThat(plane.names(LAMP)).isEmpty();
    }

    @Test
    void theResourceStaysUntilTheEffectsOfItsCleanupAreDone() {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.children(),
                options -> options.cleanup(lamp -> Plan.<Stores.LampStatus>children()
                        .effect("unwire", () -> {
                            done.add("try");
                            if (done.size() < 3) {
                                throw new IOException("no ladder");
                            }
                            return "";
                        })));
        plane.start().apply(lamp("hall", 1)).delete(LAMP, "hall");
        assertThat(plane.get(LAMP, "hall").metadata().terminating()).isTrue();

        plane.advance(ofSeconds(1));
        assertThat(done).hasSize(3);
        assertThat(plane.store.snapshot().all()).isEmpty();
    }

    @Test
    void aCleanupMayWaitForItsChildren() {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.children(task("child")),
                options -> options.cleanup(lamp -> lamp.children(TASK).isEmpty()
                        ? Plan.children()
                        : Plan.<Stores.LampStatus>children().wakeAfter(ofSeconds(60))));
        plane.start().apply(lamp("hall", 1)).delete(LAMP, "hall");
        assertThat(plane.get(TASK, "child").metadata().terminating()).isTrue();
        assertThat(plane.names(LAMP)).containsExactly("hall");

        plane.store.remove(plane.get(TASK, "child")).orThrow();
        plane.settle();
        assertThat(plane.store.snapshot().all()).isEmpty();
    }

    @Test
    void aCleanupThatFailsIsShownAndBlocksNoOtherKey() {
        plane.manager.controller(
                DISK,
                disk -> Plan.children(),
                options -> options.cleanup(disk -> {
                    if (disk.name().equals("bad")) {
                        throw new IOException("still mounted");
                    }
                    return Plan.children();
                }));
        plane.start().apply(disk("bad")).apply(disk("good")).delete(DISK, "bad").delete(DISK, "good");

        assertThat(plane.names(DISK)).containsExactly("bad");
        Condition shown =
                plane.get(DISK, "bad").status().conditions().get("Deleting").orElseThrow();
        assertThat(shown.status()).isEqualTo(Condition.Status.FALSE);
        assertThat(shown.message()).contains("still mounted");
        assertThat(plane.told("PassFailed")).singleElement().asString().contains("still mounted");
    }

    @Test
    void aCleanupCreatesNothing() {
        plane.manager.controller(
                LAMP, lamp -> Plan.children(), options -> options.cleanup(lamp -> Plan.children(task("new"))));
        plane.start().apply(lamp("hall", 1)).delete(LAMP, "hall");
        assertThat(plane.names(TASK)).isEmpty();
        assertThat(plane.manager.failures().get(0).error())
                .hasMessage("the cleanup of Lamp default/hall lists Task default/new, which doesn't exist: nothing is"
                        + " created for a resource that is being deleted");
    }

    @Test
    void aControllerThatHasNoCleanupAnyMoreKeepsNothingFromGoing() {
        plane.manager.controller(LAMP, lamp -> Plan.children(), options -> options.cleanup(lamp -> Plan.unchanged()));
        plane.start().apply(lamp("old", 1)).apply(lamp("older", 1));
        plane.manager.abandon();
        plane.store.delete(plane.get(LAMP, "older")).orThrow();

        try (ControllerManager second = plane.manager(Leadership.always())) {
            second.controller(LAMP, lamp -> Plan.children()).start();
            plane.settle();
            assertThat(plane.names(LAMP)).containsExactly("old");
            plane.delete(LAMP, "old");
            assertThat(plane.names(LAMP)).isEmpty();
        }
    }

    @Test
    void finalizersOfOthersAreRespected() {
        plane.manager.controller(LAMP, lamp -> Plan.children(), options -> options.cleanup(lamp -> Plan.children()));
        plane.start().apply(lamp("hall", 1));
        Resource<?, ?> hall = plane.get(LAMP, "hall");
        plane.store
                .update(hall.metadata(hall.metadata().finalizer("example.com/other")))
                .orThrow();
        plane.delete(LAMP, "hall");
        assertThat(plane.get(LAMP, "hall").metadata().finalizers()).containsExactly("example.com/other");
    }

    private static Declared<DiskSpec, DiskStatus> disk(String name) {
        return Declared.of(DISK, name, new DiskSpec(1));
    }
}
