package dev.corral.reconcile.testing;

import dev.corral.Signal;
import java.util.Optional;

/** How a process ends that nobody asked to. */
record Death(int exitCode, Optional<Signal> signal) {
    /** From an exit code or the name of a signal. */
    static Death of(String text) {
        if (Character.isDigit(text.charAt(0))) {
            return new Death(Integer.parseInt(text), Optional.empty());
        }
        Signal signal = Signal.named(text)
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is neither an exit code nor a signal"));
        return new Death(128 + signal.number(), Optional.of(signal));
    }

    void befall(ScriptedRuntime runtime, int position) {
        runtime.end(position, exitCode, signal);
    }
}
