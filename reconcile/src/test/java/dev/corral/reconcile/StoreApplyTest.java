package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.bright;
import static dev.corral.reconcile.Stores.lamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Stores.LampSpec;
import dev.corral.reconcile.Stores.LampStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreApplyTest {
    private final Store store = Stores.on(Stores.clock());

    @Test
    void applyCreatesThenUpdates() {
        assertThat(store.apply(lamp("hall", 1)).orThrow().metadata().generation())
                .isEqualTo(1);
        assertThat(store.apply(lamp("hall", 2)).orThrow().metadata().generation())
                .isEqualTo(2);
        assertThat(stored().spec()).isEqualTo(bright(2));
    }

    @Test
    void applyTwiceIsApplyOnce() {
        store.apply(lamp("hall", 1));
        store.apply(lamp("hall", 1));

        assertThat(store.snapshot().version()).isEqualTo(1);
    }

    @Test
    void whatTheDeclarationLeavesOpenStaysAsOthersWroteIt() {
        store.apply(lamp("hall", 1));
        store.update(stored().spec(bright(1).room("blue"))).orThrow();
        store.apply(lamp("hall", 2));

        assertThat(stored().spec()).isEqualTo(bright(2).room("blue"));
    }

    @Test
    void whatTheDeclarationSetsIsPutBack() {
        store.apply(lamp("hall", 1));
        store.update(stored().spec(bright(77))).orThrow();
        store.apply(lamp("hall", 1));

        assertThat(stored().spec()).isEqualTo(bright(1));
    }

    @Test
    void whatTheDeclarationNoLongerSetsIsTakenBack() {
        store.apply(lamp("hall", bright(1).room("blue")));
        store.apply(lamp("hall", bright(1)));

        assertThat(stored().spec()).isEqualTo(bright(1));
    }

    @Test
    void labelsOfOthersStayAndOwnOnesNoLongerSetGo() {
        store.apply(lamp("hall", Map.of("floor", "1", "side", "north")));
        store.update(stored().labels(Map.of("floor", "9", "side", "north", "seen", "yes")))
                .orThrow();
        store.apply(lamp("hall", Map.of("floor", "1")));

        assertThat(stored().metadata().labels()).isEqualTo(Map.of("floor", "1", "seen", "yes"));
    }

    private Resource<LampSpec, LampStatus> stored() {
        return store.snapshot().get(LAMP, Key.of("hall")).orElseThrow();
    }
}
