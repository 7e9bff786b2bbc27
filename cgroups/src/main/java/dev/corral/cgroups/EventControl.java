package dev.corral.cgroups;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.PollCalls;

/**
 * An eventfd that version 1 makes readable: for {@code memory.oom_control}, and for a threshold of {@code memory.usage_in_bytes}.
 * It is also readable once the group was removed. Source: cgroup-v1/memory.rst, "Memory thresholds".
 */
abstract class EventControl extends EventSource {
    private static final String CONTROL = "cgroup.event_control";

    /**
     * Registers.
     *
     * @param argument behind the numbers; empty for none
     */
    EventControl(Subscription subscription, GroupDirectory group, String file, String argument) {
        super(subscription, group, new Fd(PollCalls.eventfd()), PollCalls.POLLIN);
        // the kernel keeps what it needs of the file
        try (Fd target = open(group, file)) {
            group.write(CONTROL, (number() + " " + target.number() + " " + argument).strip());
        } catch (RuntimeException | Error e) {
            super.close(); // what a source adds is not made yet
            throw e;
        }
    }

    @Override
    void react() {
        drain();
        if (group.alive()) {
            happened();
        } else {
            subscription.gone();
        }
    }

    abstract void happened();
}
