package dev.corral.examples.readme;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Backoff;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Problem;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.plane.ControlPlane;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The code of the guide for controllers. */
class ControllersTest {
    // README
    record ZoneSpec(String domain, Map<String, String> addresses) {}

    record ZoneStatus(int published, Conditions conditions) {}

    static final Kind<ZoneSpec, ZoneStatus> ZONE = Kind.of("Zone", ZoneSpec.class, ZoneStatus.class)
            .validating(zone ->
                    zone.domain().isBlank() ? List.of(new Problem("spec.domain", "must not be blank")) : List.of());

    record EntrySpec(String name, String address) {}

    record EntryStatus() {}

    static final Kind<EntrySpec, EntryStatus> ENTRY = Kind.of("Entry", EntrySpec.class, EntryStatus.class);
    // end

    /** Something outside that a controller acts on. */
    private static final class Dns {
        private final Map<String, String> entries = new ConcurrentHashMap<>();

        String publish(String name, String address) {
            entries.put(name, address);
            return address;
        }

        String withdraw(String name) {
            entries.remove(name);
            return "";
        }
    }

    private final Dns dns = new Dns();

    // README
    static Plan<ZoneStatus> reconcile(Context<ZoneSpec, ZoneStatus> zone) {
        List<Declared<EntrySpec, EntryStatus>> entries = new TreeMap<>(
                        zone.spec().addresses())
                .entrySet().stream()
                        .map(entry -> Declared.of(
                                ENTRY,
                                zone.name() + "-"
                                        + entry.getKey(), // follows from owner and position, never from chance
                                new EntrySpec(entry.getKey() + "." + zone.spec().domain(), entry.getValue())))
                        .toList();
        boolean empty = entries.isEmpty();
        return Plan.children(entries)
                .status(new ZoneStatus(
                        entries.size(),
                        zone.status()
                                .conditions()
                                .with(zone.condition("Ready", !empty, empty ? "NoAddress" : "Published", ""))));
    }
    // end

    // README
    Plan<EntryStatus> publish(Context<EntrySpec, EntryStatus> entry) {
        EntrySpec spec = entry.spec();
        String once = spec.name() + "=" + spec.address(); // another address is another effect
        return Plan.<EntryStatus>children().effect(once, () -> dns.publish(spec.name(), spec.address()));
    }

    Plan<EntryStatus> withdraw(Context<EntrySpec, EntryStatus> entry) {
        return Plan.<EntryStatus>children()
                .effect("withdraw", () -> dns.withdraw(entry.spec().name()));
    }
    // end

    @Test
    void aZoneIsPublishedChangedAndWithdrawn() throws Exception {
        // README
        try (ControlPlane plane = ControlPlane.local()
                .controller(ZONE, ControllersTest::reconcile)
                .controller(
                        ENTRY,
                        this::publish,
                        options -> options.cleanup(this::withdraw)
                                .retry(Backoff.exponential(ofSeconds(1), ofMinutes(5)))
                                .timeout(ofSeconds(30)))
                .start()) {
            plane.apply(zone(Map.of("www", "10.0.0.1")));
            plane.require(ZONE, "example", zone -> zone.status().conditions().holds("Ready"), ofMinutes(1));
            System.out.println(plane.plan(zone(Map.of("www", "10.0.0.2")))); // what would change, nothing is done
            followChanges(plane); // hidden
        }
        // end
    }

    private void followChanges(ControlPlane plane) throws InterruptedException {
        Store store = plane.store();
        until(store, () -> dns.entries.equals(Map.of("www.example.com", "10.0.0.1")));
        plane.apply(zone(Map.of("www", "10.0.0.2")));
        until(store, () -> dns.entries.equals(Map.of("www.example.com", "10.0.0.2")));
        plane.delete(ZONE, "example");
        until(store, () -> dns.entries.isEmpty() && plane.list(ENTRY).isEmpty());
    }

    @Test
    void resourcesAreFoundByLabels() {
        Store store = Store.inMemory();
        store.create(Declared.of(ENTRY, "a", Map.of("tier", "front"), new EntrySpec("a", "1")))
                .orThrow();
        store.create(Declared.of(ENTRY, "b", new EntrySpec("b", "2"))).orThrow();
        // README
        LabelSelector front = LabelSelector.parse("tier in (front,edge), !canary");
        store.snapshot().list(ENTRY, front).forEach(entry -> System.out.println(entry.title()));
        // end
        assertThat(store.snapshot().list(ENTRY, front)).hasSize(1);
    }

    @Test
    void whatElseWakesAController() throws Exception {
        Store store = Store.inMemory();
        try (ControllerManager manager = ControllerManager.over(store)) {
            // README
            manager.controller(
                    ZONE,
                    ControllersTest::reconcile,
                    options -> options.watches(
                                    ENTRY, entry -> List.of(Key.of(entry.spec().name())))
                            .workers(4));
            // end
            assertThat(manager.knows(ENTRY).start().healthy()).isTrue();
        }
    }

    private static Declared<ZoneSpec, ZoneStatus> zone(Map<String, String> addresses) {
        return Declared.of(ZONE, "example", new ZoneSpec("example.com", addresses));
    }

    private static void until(Store store, BooleanSupplier holds) throws InterruptedException {
        try (var watch = store.watchAll()) {
            for (int changes = 0; !holds.getAsBoolean(); changes++) {
                assertThat(watch.await(ofMinutes(1))).as("change %s", changes).isNotEmpty();
            }
        }
    }
}
