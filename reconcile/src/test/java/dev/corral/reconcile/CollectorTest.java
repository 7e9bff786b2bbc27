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

    @Test
    void inTheForegroundTheOwnerStaysUntilItsDependentsAreGone() {
        var hall = plane.store.create(lamp("hall", 1)).orThrow();
        plane.store.commit(Commit.by("test").apply(hall, task("slow")));
        plane.start();
        plane.store.delete(plane.get(LAMP, "hall"), Propagation.FOREGROUND).orThrow();
        plane.settle();

        assertThat(plane.get(LAMP, "hall").metadata().terminating()).isTrue();
        assertThat(plane.get(TASK, "slow").metadata().terminating()).isTrue();
        plane.store.remove(plane.get(TASK, "slow")).orThrow();
        plane.settle();
        assertThat(plane.store.snapshot().all()).isEmpty();
    }

    @Test
    void inTheForegroundAWholeTreeGoesFromTheLeaves() {
        var root = plane.store.create(lamp("root", 1)).orThrow();
        plane.store.commit(Commit.by("test").apply(root, lamp("branch", 1)));
        plane.store.commit(Commit.by("test").apply(plane.get(LAMP, "branch"), task("leaf")));
        plane.start();
        plane.store.delete(root, Propagation.FOREGROUND).orThrow();
        plane.settle();
        assertThat(plane.names(LAMP)).containsExactly("branch", "root");

        plane.store.remove(plane.get(TASK, "leaf")).orThrow();
        plane.settle();
        assertThat(plane.store.snapshot().all()).isEmpty();
    }

    @Test
    void orphansStayAndBelongToNobody() {
        var hall = plane.store.create(lamp("hall", 1)).orThrow();
        plane.store.commit(Commit.by("test").apply(hall, lamp("child", 1)));
        plane.start();
        plane.store.delete(hall, Propagation.ORPHAN).orThrow();
        plane.settle();

        assertThat(plane.names(LAMP)).containsExactly("child");
        assertThat(plane.get(LAMP, "child").metadata().owners()).isEmpty();
    }

    @Test
    void whatAnotherOwnerKeepsAliveOnlyLosesTheReference() {
        var one = plane.store.create(lamp("one", 1)).orThrow();
        var two = plane.store.create(lamp("two", 1)).orThrow();
        var child = plane.store.create(lamp("child", 1)).orThrow();
        plane.store
                .update(child.metadata(
                        child.metadata().owner(OwnerReference.to(one)).owner(OwnerReference.plain(two))))
                .orThrow();
        plane.start();
        plane.store.delete(one).orThrow();
        plane.settle();

        assertThat(plane.names(LAMP)).containsExactly("child", "two");
        assertThat(plane.get(LAMP, "child").metadata().owners()).containsExactly(OwnerReference.plain(two));
        plane.store.delete(two).orThrow();
        plane.settle();
        assertThat(plane.names(LAMP)).isEmpty();
    }

    @Test
    void inTheForegroundWhatAnotherOwnerKeepsAliveIsLetGo() {
        var one = plane.store.create(lamp("one", 1)).orThrow();
        var two = plane.store.create(lamp("two", 1)).orThrow();
        var child = plane.store.create(lamp("child", 1)).orThrow();
        plane.store
                .update(child.metadata(
                        child.metadata().owner(OwnerReference.to(one)).owner(OwnerReference.plain(two))))
                .orThrow();
        plane.start();
        plane.store.delete(one, Propagation.FOREGROUND).orThrow();
        plane.settle();

        assertThat(plane.names(LAMP)).containsExactly("child", "two");
    }

    @Test
    void aCircleOfOwnersThatWaitForEachOtherEnds() {
        var a = plane.store.create(lamp("a", 1)).orThrow();
        var b = plane.store.create(lamp("b", 1)).orThrow();
        var c = plane.store.create(lamp("c", 1)).orThrow();
        belongs(b, a);
        belongs(c, b);
        belongs(a, c);
        plane.start();
        plane.store.delete(plane.get(LAMP, "a"), Propagation.FOREGROUND).orThrow();
        plane.settle();

        assertThat(plane.store.snapshot().all()).isEmpty();
    }

    private void belongs(Resource<?, ?> child, Resource<?, ?> owner) {
        plane.store
                .update(child.metadata(child.metadata().owner(OwnerReference.to(owner))))
                .orThrow();
    }
}
