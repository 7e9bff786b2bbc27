package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.lamp;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What Flight Recorder shows is in {@link ListenerTest}. */
class FlightRecorderTest {
    /** It took 60 ms to get ready, for which all passes stood still. */
    @Test
    void whereNothingIsRecordedFlightRecorderIsNotMadeReady() throws Exception {
        assertThat(OtherProgram.lines(Program.class, "-Xlog:class+load"))
                .contains("done")
                .anyMatch(line -> line.contains(Passes.class.getName()))
                .noneMatch(line -> line.contains("jdk.jfr.internal.MetadataRepository"));
    }

    /** A pass and an effect. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            try (Plane plane = new Plane()) {
                plane.manager.controller(
                        LAMP,
                        lamp -> Plan.<Stores.LampStatus>children().effect("wire", () -> {
                            System.out.println("done");
                            return "";
                        }));
                plane.start().apply(lamp("hall", 1));
            }
        }
    }
}
