package dev.corral.reconcile.testing;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.workload.Probe;
import java.time.Instant;
import java.util.List;

/** What a simulated process answers to one of its probes, in order. */
final class Answers {
    private final Clock clock;
    private final Instant from;
    private final List<Boolean> inOrder;
    private int asked;
    private int same;
    private boolean last;
    private int deaf;
    private int turn;

    /**
     * Answers nobody has asked for yet.
     *
     * @param from before this instant it is always no
     * @param inOrder from then on; the last one is repeated, and an empty list is yes
     */
    Answers(Clock clock, Instant from, List<Boolean> inOrder) {
        this.clock = clock;
        this.from = from;
        this.inOrder = inOrder;
    }

    /** The next ones are no, whatever is scripted. */
    void deafen(int answers) {
        deaf += answers;
    }

    boolean next() {
        boolean answer = scripted();
        same = asked > 0 && answer == last ? same + 1 : 1;
        last = answer;
        asked++;
        return answer;
    }

    private boolean scripted() {
        if (deaf > 0) {
            deaf--;
            return false;
        }
        if (clock.now().isBefore(from)) {
            return false;
        }
        return inOrder.isEmpty() || inOrder.get(Math.min(turn++, inOrder.size() - 1));
    }

    /**
     * Whether all further answers are as the last ones, and have counted.
     *
     * @param once whether nobody asks any more once the answer was yes
     */
    boolean steady(Probe probe, boolean once) {
        if (once && asked > 0 && last) {
            return true;
        }
        boolean changing = deaf > 0 || turn < inOrder.size() || clock.now().isBefore(from);
        boolean next = inOrder.isEmpty() || inOrder.get(inOrder.size() - 1);
        int needed = next ? probe.successThreshold() : probe.failureThreshold();
        return !changing && asked > 0 && last == next && same >= needed;
    }
}
