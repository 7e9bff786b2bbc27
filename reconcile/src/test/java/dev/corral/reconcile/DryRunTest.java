package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.WebSites.WEBSITE;
import static dev.corral.reconcile.WebSites.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.corral.reconcile.Stores.LampStatus;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DryRunTest {
    private final Plane plane = new Plane();

    @AfterEach
    void close() {
        plane.close();
    }

    private List<String> plan(Declared<?, ?> declared) throws Exception {
        return plane.manager.plan(declared).stream()
                .map(PlannedChange::toString)
                .toList();
    }

    @Test
    void saysWhatWouldBeCreatedChangedAndDeletedAndDoesNothing() throws Exception {
        plane.manager.controller(
                WEBSITE,
                site -> Plan.children(lamp(
                        site.name() + "-" + site.spec().copies(), site.spec().copies())));
        plane.manager.controller(
                LAMP,
                lamp -> Plan.children(Declared.of(TASK, "task-" + lamp.name(), new Stores.TaskSpec("light")))
                        .status(new LampStatus(true, "")));
        plane.start().apply(site("home", 1));
        long version = plane.store.snapshot().version();

        assertThat(plan(site("home", 2)))
                .containsExactly(
                        "change WebSite default/home: spec.copies: 1 -> 2",
                        "create Lamp default/home-2",
                        "delete Lamp default/home-1",
                        "create Task default/task-home-2");
        assertThat(plane.store.snapshot().version()).isEqualTo(version);
        assertThat(plane.store.snapshot().get(TASK, Key.of("preview-1"))).isEmpty();
    }

    @Test
    void whatIsAlreadySoHasNothingToChange() throws Exception {
        plane.manager.controller(WEBSITE, WebSites::reconcile);
        plane.start().apply(site("home", 1));
        assertThat(plan(site("home", 1))).isEmpty();
    }

    @Test
    void effectsAreNotDoneAndWhatIsInvalidIsRefused() throws Exception {
        plane.manager.controller(
                LAMP,
                lamp -> Plan.<LampStatus>children().effect("wire", () -> {
                    throw new AssertionError("a dry run has no effects");
                }));
        plane.manager.start();
        assertThat(plan(lamp("hall", 1))).containsExactly("create Lamp default/hall");
        plane.settle();
        assertThatExceptionOfType(InvalidSpec.class).isThrownBy(() -> plan(lamp("hall", 101)));
    }
}
