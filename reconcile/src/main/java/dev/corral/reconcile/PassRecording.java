package dev.corral.reconcile;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A pass as Flight Recorder shows it. */
@Name("dev.corral.Pass")
@Label("Pass")
@Category("Corral")
@Description("One pass of a controller or loop over one key")
@StackTrace(false)
final class PassRecording extends Event {
    @Label("Loop")
    String loop = "";

    @Label("Key")
    String key = "";

    @Label("Id")
    String id = "";

    @Label("Outcome")
    String outcome = "";

    @Label("Attempt")
    int attempt;

    @Label("Waited")
    @Timespan
    long waited;

    static PassRecording begun() {
        PassRecording recording = new PassRecording();
        recording.begin();
        return recording;
    }

    void ended(PassEnded pass) {
        end();
        if (shouldCommit()) {
            loop = pass.loop();
            key = pass.kind() + " " + pass.key();
            id = pass.id();
            outcome = pass.outcome().name();
            attempt = pass.attempt();
            waited = pass.waited().toNanos();
            commit();
        }
    }
}
