package dev.corral.reconcile;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** An effect as Flight Recorder shows it. */
@Name("dev.corral.Effect")
@Label("Effect")
@Category("Corral")
@Description("One run of an effect that a plan has declared")
@StackTrace(false)
final class EffectRecording extends Event {
    @Label("Owner")
    String owner = "";

    @Label("Effect")
    String effect = "";

    @Label("Outcome")
    String outcome = "";

    static EffectRecording begun() {
        EffectRecording recording = new EffectRecording();
        recording.begin();
        return recording;
    }

    void ended(Subject subject, String key, String how) {
        end();
        if (shouldCommit()) {
            owner = subject.toString();
            effect = key;
            outcome = how;
            commit();
        }
    }
}
