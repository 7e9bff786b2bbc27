package dev.corral.reconcile;

import java.util.Optional;
import jdk.jfr.FlightRecorder;

/**
 * What Flight Recorder is told, in JVMs that use it. In one that never did it takes some 60 ms to get ready, as soon as the first
 * class of events is touched, and every pass would wait for that.
 */
final class Recordings {
    private Recordings() {}

    /** A pass that begins now. */
    static Optional<PassRecording> pass() {
        return FlightRecorder.isInitialized() ? Optional.of(PassRecording.begun()) : Optional.empty();
    }

    /** An effect that begins now. */
    static Optional<EffectRecording> effect() {
        return FlightRecorder.isInitialized() ? Optional.of(EffectRecording.begun()) : Optional.empty();
    }
}
