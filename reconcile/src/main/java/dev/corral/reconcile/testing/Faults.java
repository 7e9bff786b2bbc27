package dev.corral.reconcile.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What may go wrong in a simulated world. Immutable. */
public final class Faults {
    private static final Set<Trouble> OF_PROCESSES =
            EnumSet.of(Trouble.PROCESS_DIES, Trouble.START_FAILS, Trouble.IGNORES_SIGTERM, Trouble.PROBE_FLAPS);

    private final List<Fault> list;

    private Faults(List<Fault> list) {
        this.list = list;
    }

    /** Nothing goes wrong. */
    public static Faults none() {
        return new Faults(List.of());
    }

    /** Each kind of fault that there is, but for {@link Fault#agentCrash}, after which no pod is what it was. */
    public static Faults all() {
        return new Faults(Arrays.stream(Trouble.values())
                .filter(trouble -> trouble != Trouble.AGENT_CRASH)
                .map(Fault::of)
                .toList());
    }

    /** All that befalls controllers and the store, while processes do as their scripts say. */
    public static Faults ofControllers() {
        return new Faults(all().list.stream()
                .filter(fault -> !OF_PROCESSES.contains(fault.trouble()))
                .toList());
    }

    /** All that befalls processes, while controllers and the store are well. */
    public static Faults ofProcesses() {
        return new Faults(all().list.stream()
                .filter(fault -> OF_PROCESSES.contains(fault.trouble()))
                .toList());
    }

    /** These may strike, and no others. */
    public static Faults of(Fault... faults) {
        return new Faults(List.of(faults));
    }

    /** These and another one; in place of one of the same kind that is there without an exact occasion. */
    public Faults with(Fault fault) {
        List<Fault> more = new ArrayList<>(list);
        more.removeIf(
                known -> known.trouble() == fault.trouble() && known.indexes().isEmpty());
        more.add(fault);
        return new Faults(List.copyOf(more));
    }

    /** These but those of the same kind as one. */
    public Faults without(Fault fault) {
        return new Faults(list.stream()
                .filter(known -> known.trouble() != fault.trouble())
                .toList());
    }

    List<Fault> list() {
        return list;
    }
}
