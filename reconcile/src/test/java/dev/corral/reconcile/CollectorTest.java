package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static dev.corral.reconcile.WebSites.WEBSITE;
import static dev.corral.reconcile.WebSites.site;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CollectorTest {
    private final Plane plane = new Plane();

    @AfterEach
    void close() {
        plane.close();
    }

    @Test
    void deletingAnOwnerDeletesEverythingBelowIt() {
        plane.manager.controller(WEBSITE, site -> Plan.children(lamp("upper", 1)));
        plane.manager.controller(LAMP, lamp -> Plan.children(task("lower")));
        plane.start().apply(site("home", 1)).apply(task("stranger"));
        assertThat(plane.names(TASK)).containsExactly("lower", "stranger");

        plane.delete(WEBSITE, "home");
        assertThat(plane.names(LAMP)).isEmpty();
        assertThat(plane.get(TASK, "lower").metadata().terminating()).isTrue();
        assertThat(plane.get(TASK, "stranger").metadata().terminating()).isFalse();
    }

    @Test
    void whatAnEarlierDeletionLeftBehindGoesAtTheStart() {
        var hall = plane.store.create(lamp("hall", 1)).orThrow();
        plane.store.commit(Commit.by("test").apply(hall, lamp("child", 1)));
        plane.store.delete(hall).orThrow();
        plane.store.create(lamp("hall", 1)).orThrow();
        plane.start();

        assertThat(plane.names(LAMP)).containsExactly("hall");
    }

    @Test
    void anOwnerThatIsOnlyMarkedKeepsItsChildren() {
        var dig = plane.store.create(task("dig")).orThrow();
        plane.store.commit(Commit.by("test").apply(dig, lamp("child", 1)));
        plane.start().delete(TASK, "dig");
        assertThat(plane.names(LAMP)).containsExactly("child");

        plane.store.remove(dig);
        plane.settle();
        assertThat(plane.names(LAMP)).isEmpty();
    }
}
