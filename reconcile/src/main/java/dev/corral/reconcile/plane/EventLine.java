package dev.corral.reconcile.plane;

import dev.corral.reconcile.Event;
import dev.corral.reconcile.Printable;
import java.time.temporal.ChronoUnit;

/** An event in a line, as in {@code 2026-01-01T10:00:05Z Warning Pod/web-0 Error: container main: exited 1 (x3)}. */
final class EventLine {
    private EventLine() {}

    static String of(Event event) {
        String count = event.count() == 1 ? "" : " (x" + event.count() + ")";
        return Printable.line(event.last().truncatedTo(ChronoUnit.SECONDS) + " "
                + Columns.title(event.type().name()) + " " + event.kind() + "/"
                + event.key().name() + " "
                + event.reason() + ": " + event.message() + count);
    }
}
