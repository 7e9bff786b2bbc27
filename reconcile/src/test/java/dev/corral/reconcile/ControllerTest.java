package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.bright;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static dev.corral.reconcile.WebSites.WEBSITE;
import static dev.corral.reconcile.WebSites.site;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Stores.LampSpec;
import dev.corral.reconcile.Stores.LampStatus;
import dev.corral.reconcile.WebSites.Server;
import dev.corral.reconcile.WebSites.ServerSpec;
import dev.corral.reconcile.WebSites.ServerStatus;
import dev.corral.reconcile.WebSites.WebSiteStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControllerTest {
    private final Plane plane = new Plane();
    private final List<String> passes = new ArrayList<>();

    @AfterEach
    void close() {
        plane.close();
    }

    @Test
    void whatIsDeclaredFollowsFromTheSpec() {
        plane.manager.controller(WEBSITE, WebSites::reconcile);
        plane.start().apply(site("home", 3));

        Resource<ServerSpec, ServerStatus> server = plane.get(Server.KIND, "home");
        assertThat(server.spec()).isEqualTo(new ServerSpec(3, "/srv/home"));
        assertThat(server.metadata().labels()).isEqualTo(Map.of("app", "home"));
        assertThat(server.metadata().owner()).contains(OwnerReference.to(plane.get(WEBSITE, "home")));

        plane.apply(site("home", 5));
        assertThat(plane.get(Server.KIND, "home").spec().replicas()).isEqualTo(5);
        assertThat(plane.get(Server.KIND, "home").metadata().generation()).isEqualTo(2);
    }

    @Test
    void aChildThatChangesWakesItsOwner() {
        plane.manager.controller(WEBSITE, WebSites::reconcile);
        plane.start().apply(site("home", 3));

        plane.store.updateStatus(plane.get(Server.KIND, "home").status(new ServerStatus(2)));
        plane.settle();

        assertThat(plane.get(WEBSITE, "home").status()).isEqualTo(new WebSiteStatus(2));
    }

    @Test
    void whatWasThereBeforeTheStartIsHandledToo() {
        plane.manager.controller(WEBSITE, WebSites::reconcile);
        plane.store.apply(site("home", 3));
        plane.start();

        assertThat(plane.names(Server.KIND)).containsExactly("home");
    }

    @Test
    void childrenAndStatusAppearInOneCommit() {
        plane.manager.controller(LAMP, lamp -> Plan.children(tasks(lamp)).status(new LampStatus(true, "done")));
        plane.start().apply(lamp("hall", 2));

        assertThat(plane.store.snapshot().version()).isEqualTo(2);
        assertThat(plane.store.snapshot().all())
                .extracting(resource -> resource.metadata().version())
                .containsOnly(2L);
    }

    @Test
    void aChildNoLongerListedIsDeleted() {
        plane.manager.controller(LAMP, lamp -> Plan.children(tasks(lamp)));
        plane.start().apply(lamp("hall", 3)).apply(lamp("hall", 1));

        assertThat(plane.names(TASK)).containsExactly("hall-0", "hall-1", "hall-2");
        assertThat(plane.get(TASK, "hall-0").metadata().terminating()).isFalse();
        assertThat(plane.get(TASK, "hall-1").metadata().terminating()).isTrue();
        assertThat(plane.get(TASK, "hall-2").metadata().deletion()).contains(new Deletion(Stores.START, ofSeconds(30)));
    }

    @Test
    void aKeptChildIsNeitherWrittenNorDeleted() {
        plane.manager.controller(
                LAMP,
                lamp -> lamp.children(TASK).isEmpty()
                        ? Plan.children(task("a"), task("b"))
                        : Plan.<LampStatus>children().keep(lamp.children(TASK)));
        plane.start().apply(lamp("hall", 3)).apply(lamp("hall", 4));

        assertThat(plane.get(TASK, "a").metadata().version()).isEqualTo(2);
        assertThat(plane.get(TASK, "b").metadata().terminating()).isFalse();
    }

    @Test
    void aKindMayBeLeftUnpruned() {
        plane.manager.controller(
                LAMP,
                lamp -> lamp.spec().brightness() == 1
                        ? Plan.children(task("a"), Declared.of(Server.KIND, "s", new ServerSpec(1, "")))
                        : Plan.<LampStatus>children().withoutPruning(TASK));
        plane.start().apply(lamp("hall", 1)).apply(lamp("hall", 2));

        assertThat(plane.get(TASK, "a").metadata().terminating()).isFalse();
        assertThat(plane.names(Server.KIND)).isEmpty();
    }

    @Test
    void aPlanMayDeleteAChildWithAGraceOfItsOwnAndHastenOneBeingDeleted() {
        plane.manager.controller(LAMP, lamp -> {
            Plan<LampStatus> plan = Plan.children();
            if (lamp.children(TASK).isEmpty()) {
                return Plan.children(task("a"));
            }
            Duration grace = ofSeconds(lamp.spec().brightness());
            return plan.delete(lamp.children(TASK).get(0), grace);
        });
        plane.start().apply(lamp("hall", 1)).apply(lamp("hall", 20));
        assertThat(plane.get(TASK, "a").metadata().deletion()).contains(new Deletion(Stores.START, ofSeconds(20)));

        plane.apply(lamp("hall", 2));
        assertThat(plane.get(TASK, "a").metadata().deletion()).contains(new Deletion(Stores.START, ofSeconds(2)));
    }

    @Test
    void aChildStillBeingDeletedIsCreatedOnceItIsGone() {
        plane.manager.controller(LAMP, lamp -> Plan.children(tasks(lamp)));
        plane.start().apply(lamp("hall", 1)).delete(TASK, "hall-0");
        Resource<?, ?> marked = plane.get(TASK, "hall-0");
        assertThat(marked.metadata().terminating()).isTrue();

        plane.store.remove(marked);
        plane.settle();
        Metadata again = plane.get(TASK, "hall-0").metadata();
        assertThat(again.terminating()).isFalse();
        assertThat(again.uid()).isNotEqualTo(marked.metadata().uid());
    }

    @Test
    void aChildThatVanishesIsReplaced() {
        plane.manager.controller(WEBSITE, WebSites::reconcile);
        plane.start().apply(site("home", 3)).delete(Server.KIND, "home");

        assertThat(plane.names(Server.KIND)).containsExactly("home");
    }

    @Test
    void aChildThatSomebodyChangesIsPutBack() {
        plane.manager.controller(WEBSITE, WebSites::reconcile);
        plane.start().apply(site("home", 3));
        plane.store.update(plane.get(Server.KIND, "home").spec(new ServerSpec(99, "/etc")));
        plane.settle();

        assertThat(plane.get(Server.KIND, "home").spec()).isEqualTo(new ServerSpec(3, "/srv/home"));
    }

    @Test
    void whatAPlanLeavesOpenInAChildMayBeFilledByOthers() {
        plane.manager.controller(
                WEBSITE, site -> Plan.children(lamp(site.name(), site.spec().copies())));
        plane.start().apply(site("home", 3));
        plane.store.update(plane.get(LAMP, "home").spec(bright(3).room("blue")));
        plane.settle().apply(site("home", 4));

        assertThat(plane.get(LAMP, "home").spec()).isEqualTo(bright(4).room("blue"));
    }

    @Test
    void theChildOfAnotherIsNotTakenAndTheClaimIsShown() {
        plane.manager.controller(WEBSITE, WebSites::reconcile);
        plane.store.apply(Server.named("home")).orThrow();
        plane.start().apply(site("home", 3));

        assertThat(plane.get(Server.KIND, "home").spec().replicas()).isEqualTo(1);
        assertThat(plane.manager.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.error())
                        .isInstanceOf(AlreadyOwned.class)
                        .hasMessage("WebSite default/home wants Server default/home as its child, but that belongs to"
                                + " nobody: choose another name or delete it"));
    }

    @Test
    void ownWritesWakeNobodyButOthers() {
        plane.manager.controller(LAMP, lamp -> {
            passes.add(lamp.name());
            return Plan.children(tasks(lamp)).status(new LampStatus(true, "pass " + passes.size()));
        });
        plane.start().apply(lamp("hall", 2));

        assertThat(passes).containsExactly("hall");
    }

    @Test
    void aStatusThatSomebodyElseWritesIsNoReasonToLookAgainButLabelsAre() {
        plane.manager.controller(LAMP, this::noted);
        plane.start().apply(lamp("hall", 1));
        plane.store.updateStatus(plane.get(LAMP, "hall").status(new LampStatus(true, "by hand")));
        plane.settle();
        assertThat(passes).hasSize(1);

        plane.store.update(plane.get(LAMP, "hall").labels(Map.of("floor", "1")));
        plane.settle();
        assertThat(passes).hasSize(2);
    }

    @Test
    void anotherKindWakesBothSidesOfAMovedReference() {
        plane.manager.controller(
                LAMP,
                this::noted,
                options -> options.watches(
                        WEBSITE, site -> List.of(Key.of(site.spec().directory()))));
        plane.start().apply(lamp("old", 1)).apply(lamp("new", 1));
        plane.apply(Declared.of(WEBSITE, "home", new WebSites.WebSiteSpec("old", 1)));
        passes.clear();
        plane.apply(Declared.of(WEBSITE, "home", new WebSites.WebSiteSpec("new", 1)));

        assertThat(passes).containsExactlyInAnyOrder("old", "new");
    }

    @Test
    void aMapperThatThrowsIsShownAndEndsNothing() {
        plane.manager.controller(
                LAMP,
                this::noted,
                options -> options.watches(WEBSITE, site -> {
                    throw new IllegalStateException("on purpose");
                }));
        plane.start().apply(site("home", 1)).apply(lamp("hall", 1));

        assertThat(passes).containsExactly("hall");
        assertThat(plane.manager.events())
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo("WatchFailed"));
    }

    @Test
    void aPassThatThrowsIsRepeatedUnderBackOffAndDisturbsNoOtherKey() {
        plane.manager.controller(LAMP, lamp -> {
            noted(lamp);
            if (lamp.name().equals("bad") && passes.size() < 6) {
                throw new IOException("on purpose");
            }
            return Plan.children(tasks(lamp));
        });
        plane.start().apply(lamp("bad", 1)).apply(lamp("good", 1));

        assertThat(plane.names(TASK)).containsExactly("good-0");
        assertThat(plane.manager.failures())
                .singleElement()
                .isEqualTo(new Failure(
                        "Lamp",
                        Key.of("bad"),
                        1,
                        Stores.START,
                        plane.manager.failures().get(0).error()));

        plane.advance(ofMillis(30));
        assertThat(plane.manager.failures().get(0).attempts()).isEqualTo(3);
        plane.advance(ofSeconds(1));
        assertThat(plane.manager.failures()).isEmpty();
        assertThat(plane.names(TASK)).containsExactly("bad-0", "good-0");
    }

    @Test
    void anErrorEndsNoLoop() {
        plane.manager.controller(LAMP, lamp -> {
            if (noted(lamp).status().isEmpty() && passes.size() == 1) {
                throw new StackOverflowError("on purpose");
            }
            return Plan.children();
        });
        plane.start().apply(lamp("hall", 1)).advance(ofSeconds(1));

        assertThat(passes).hasSize(2);
        assertThat(plane.manager.failures()).isEmpty();
        assertThat(plane.manager.healthy()).isTrue();
        assertThat(plane.manager.events())
                .singleElement()
                .satisfies(event -> assertThat(event.message()).contains("StackOverflowError"));
    }

    @Test
    void aRefusedChildWaitsForAChangeInsteadOfBeingTriedAgain() {
        plane.manager.controller(WEBSITE, site -> {
            passes.add(site.name());
            return Plan.children(lamp("lamp", site.spec().copies()));
        });
        plane.start().apply(site("home", 101)).advance(Duration.ofHours(1));
        assertThat(passes).hasSize(1);
        assertThat(plane.manager.failures().get(0).error()).isInstanceOf(InvalidSpec.class);

        plane.apply(site("home", 100));
        assertThat(plane.names(LAMP)).containsExactly("lamp");
        assertThat(plane.manager.failures()).isEmpty();
    }

    @Test
    void aWakeUpBringsAnotherPass() {
        plane.manager.controller(LAMP, lamp -> noted(lamp).wakeAfter(ofSeconds(10)));
        plane.start().apply(lamp("hall", 1)).advance(ofMillis(9_999));
        assertThat(passes).hasSize(1);

        plane.advance(ofMillis(1));
        assertThat(passes).hasSize(2);
    }

    @Test
    void everyResourceIsLookedAtAgainAfterHalfADay() {
        plane.manager.controller(LAMP, this::noted);
        plane.start().apply(lamp("hall", 1)).advance(Duration.ofHours(9).minusSeconds(1));
        assertThat(passes).hasSize(1);

        plane.advance(Duration.ofHours(2).plusSeconds(1));
        assertThat(passes).hasSize(2);
        plane.advance(Duration.ofHours(11));
        assertThat(passes).hasSize(3);
    }

    @Test
    void aPlanIsDroppedAndMadeAgainIfTheSpecChangesDuringThePass() {
        plane.manager.controller(LAMP, lamp -> {
            if (noted(lamp).status().isEmpty() && passes.size() == 1) {
                plane.store.apply(lamp("hall", 2)).orThrow();
            }
            return Plan.children(tasks(lamp));
        });
        plane.start().apply(lamp("hall", 1));

        assertThat(plane.names(TASK)).containsExactly("hall-0", "hall-1");
        assertThat(plane.manager.failures()).isEmpty();
    }

    @Test
    void aPlanOutdatedFourTimesInARowIsAFailure() {
        plane.manager.controller(LAMP, lamp -> {
            noted(lamp);
            if (passes.size() <= 4) {
                plane.store.apply(lamp("hall", passes.size() + 1)).orThrow();
            }
            return Plan.children(tasks(lamp));
        });
        plane.store.apply(lamp("hall", 1));
        plane.manager.start();
        plane.tasks.runAll();

        assertThat(plane.manager.events())
                .extracting(Event::reason, Event::message)
                .singleElement()
                .asString()
                .contains("PassFailed", "PlanOutdated", "its spec has changed");
        assertThat(plane.names(TASK)).hasSize(5);
    }

    @Test
    void aResourceBeingDeletedIsNotReconciled() {
        plane.manager.controller(TASK, task -> {
            passes.add(task.name());
            return Plan.children();
        });
        plane.start().apply(task("dig"));
        plane.delete(TASK, "dig");

        assertThat(passes).hasSize(1);
    }

    @Test
    void whatAPlanTellsIsCounted() {
        plane.manager.controller(
                LAMP, lamp -> Plan.children().event("Lit", "let there be light").status(lamp.status()));
        plane.start().apply(lamp("hall", 1));
        plane.clock.advance(ofSeconds(9));
        plane.apply(lamp("hall", 2));

        assertThat(plane.manager.events())
                .containsExactly(new Event(
                        Event.Type.NORMAL,
                        "Lamp",
                        "Lamp",
                        Key.of("hall"),
                        "Lit",
                        "let there be light",
                        2,
                        Stores.START,
                        Stores.START.plusSeconds(9),
                        "Lamp-2"));
    }

    private Plan<LampStatus> noted(Context<LampSpec, LampStatus> lamp) {
        passes.add(lamp.name());
        return Plan.children();
    }

    private static List<Declared<Stores.TaskSpec, Stores.TaskStatus>> tasks(Context<LampSpec, LampStatus> lamp) {
        return IntStream.range(0, lamp.spec().brightness())
                .mapToObj(i -> task(lamp.name() + "-" + i))
                .toList();
    }
}
