package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.lamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Stores.LampStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of the engine's work. */
class ListenerTest {
    @Test
    void everyPassIsTold() {
        List<PassEnded> passes = new ArrayList<>();
        List<String> queue = new ArrayList<>();
        try (Plane plane = new Plane()) {
            plane.manager.listener(new EngineListener() {
                @Override
                public void passEnded(PassEnded pass) {
                    passes.add(pass);
                }

                @Override
                public void queueChanged(String loop, int ready, int busy) {
                    if (loop.equals("Lamp")) {
                        queue.add(ready + " ready, " + busy + " busy");
                    }
                }
            });
            plane.manager.controller(LAMP, lamp -> Plan.children());
            plane.start().apply(lamp("hall", 1));
        }
        assertThat(passes).singleElement().satisfies(pass -> {
            assertThat(pass.loop()).isEqualTo("Lamp");
            assertThat(pass.key()).isEqualTo(Key.of("hall"));
            assertThat(pass.id()).isEqualTo("Lamp-1");
            assertThat(pass.outcome()).isEqualTo(new Outcome.Done());
        });
        assertThat(queue).contains("1 ready, 1 busy", "0 ready, 1 busy").last().isEqualTo("0 ready, 0 busy");
    }

    @Test
    void aListenerThatThrowsDisturbsNobody() {
        try (Plane plane = new Plane()) {
            plane.manager.listener(new EngineListener() {
                @Override
                public void passEnded(PassEnded pass) {
                    throw new IllegalStateException("on purpose");
                }

                @Override
                public void queueChanged(String loop, int ready, int busy) {
                    throw new IllegalStateException("on purpose");
                }
            });
            plane.manager.controller(LAMP, lamp -> Plan.children().status(new LampStatus(true, "")));
            plane.start().apply(lamp("hall", 1));
            assertThat(plane.get(LAMP, "hall").status().on()).isTrue();
        }
    }

    @Test
    void flightRecorderShowsPassesAndEffects(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("engine.jfr");
        try (Recording recording = new Recording();
                Plane plane = new Plane()) {
            recording.enable("dev.corral.Pass");
            recording.enable("dev.corral.Effect");
            recording.start();
            plane.manager.controller(LAMP, lamp -> Plan.<LampStatus>children().effect("wire", () -> "done"));
            plane.start().apply(lamp("hall", 1));
            recording.stop();
            recording.dump(file);
        }
        Set<String> seen = RecordingFile.readAllEvents(file).stream()
                .map(event -> event.getEventType().getName() + " " + text(event))
                .collect(Collectors.toSet());
        assertThat(seen).contains("dev.corral.Pass Lamp default/hall done", "dev.corral.Effect Lamp default/hall done");
    }

    private static String text(RecordedEvent event) {
        return event.getString(event.hasField("key") ? "key" : "owner") + " " + event.getString("outcome");
    }

    @Test
    void everyLoopShowsItsState() {
        try (Plane plane = new Plane()) {
            plane.manager.controller(LAMP, lamp -> Plan.children());
            assertThat(plane.manager.ready()).isFalse();
            plane.store.apply(lamp("hall", 1)).orThrow();
            plane.manager.start();
            assertThat(plane.manager.ready()).isTrue();
            assertThat(plane.manager.loopStates()).contains(new LoopState("Lamp", true, 1, 0, 1, 0, Optional.empty()));
            plane.settle();
            assertThat(plane.manager.loopStates())
                    .as("the safety net waits")
                    .contains(new LoopState("Lamp", true, 0, 1, 0, 0, Optional.empty()));
            assertThat(plane.manager.healthy()).isTrue();
        }
    }
}
