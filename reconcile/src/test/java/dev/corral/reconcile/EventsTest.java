package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.testing.ManualClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventsTest {
    private final ManualClock clock = Stores.clock();
    private final List<Event> heard = new ArrayList<>();
    private final Events events = new Events(clock, new EngineListener() {
        @Override
        public void told(Event event) {
            heard.add(event);
        }
    });

    private void tell(String key, String reason, String message) {
        events.tell(Event.Type.NORMAL, "Lamp", new Subject(LAMP, Key.of(key)), reason, message);
    }

    @Test
    void theSameCountsUpAndMovesToTheEnd() {
        tell("a", "Lit", "on");
        tell("b", "Lit", "on");
        clock.advance(ofSeconds(1));
        tell("a", "Lit", "on");
        assertThat(events.latest())
                .extracting(event -> event.key().name(), Event::count)
                .hasToString("[(\"b\", 1), (\"a\", 2)]");
        assertThat(heard).hasSize(3);
    }

    @Test
    void moreThanTenSimilarOnesWithinTenMinutesBecomeOne() {
        for (int i = 1; i <= 15; i++) {
            tell("a", "Flicker", "flicker " + i);
        }
        assertThat(events.latest()).hasSize(11);
        assertThat(events.latest().get(10).message()).isEqualTo("(several similar) Flicker");
        assertThat(events.latest().get(10).count()).isEqualTo(5);

        clock.advance(ofMinutes(60));
        tell("a", "Flicker", "flicker again");
        assertThat(events.latest()).last().extracting(Event::message).isEqualTo("flicker again");
    }

    @Test
    void whoeverTellsTooMuchOfOneObjectIsCutOff() {
        for (int i = 0; i < 100; i++) {
            tell("noisy", "Reason" + i, "x");
        }
        tell("quiet", "Lit", "on");
        assertThat(events.latest()).hasSize(26);
        clock.advance(ofMinutes(5));
        tell("noisy", "Later", "x");
        tell("noisy", "TooSoon", "x");
        assertThat(events.latest()).hasSize(27).last().extracting(Event::reason).isEqualTo("Later");
    }

    @Test
    void onlyTheLatestAreKept() {
        for (int i = 0; i < 2000; i++) {
            tell("lamp-" + i, "Lit", "on");
        }
        assertThat(events.latest()).hasSize(1024);
        assertThat(events.latest().get(0).key()).isEqualTo(Key.of("lamp-976"));
    }
}
