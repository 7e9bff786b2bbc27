package dev.corral.reconcile.plane;

import dev.corral.CorralException;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.workload.Revision;
import java.io.Serial;
import java.util.List;

/** There is nothing to go back to: no such revision, or nothing that has any. Nothing was changed. */
public final class NoSuchRevision extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    private NoSuchRevision(String message) {
        super(message);
    }

    static NoSuchRevision absent(Declared<?, ?> workload) {
        return new NoSuchRevision("there is no " + title(workload) + ": apply it first");
    }

    static NoSuchRevision before(Declared<?, ?> workload) {
        return new NoSuchRevision(
                title(workload) + " has no revision before the present one: its template has not changed,"
                        + " or its revisionHistoryLimit is 0");
    }

    static NoSuchRevision of(Declared<?, ?> workload, long number, List<Revision> history) {
        return new NoSuchRevision(title(workload) + " has no revision " + number + ", or not any more: it has "
                + history.stream().map(Revision::number).toList());
    }

    private static String title(Declared<?, ?> workload) {
        return workload.kind().name() + " " + workload.name();
    }
}
