package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What happens to a group. All methods do nothing unless overridden; they are called one after the other on the executor given to
 * {@link Cgroup#on(CgroupEvents, java.util.concurrent.Executor)}, in the order in which Corral has heard of it. An exception is
 * logged.
 *
 * <p>The kernel tells that something has changed, not how often: events that come in quick succession may come as one. What was undone
 * before Corral looked, such as a process that came and went within a moment, may go unheard.
 */
public interface CgroupEvents {
    /**
     * A process in the group or below was killed for want of memory. In version 1 only kills by the limit of this group or of
     * one above it are heard of.
     */
    default void oomKill(OomKill kill) {}

    /** The last process of the group and of those below it has ended or left. */
    default void empty() {}

    /** The first process has come into the group or one below it. */
    default void populated() {}

    /** All processes stand still. */
    default void frozen() {}

    /** They go on after they had stood still. */
    default void thawed() {}

    /** A process or thread was refused in the group, or in one that shares the limit. */
    default void pidsLimit(ForkRefused refused) {}

    /**
     * Usage went above {@code memory.high}, and the group was slowed down for it. Version 2 only.
     *
     * @param times how often, since the last time this was called
     */
    default void memoryHigh(long times) {}

    /**
     * A trigger went off.
     *
     * @param newStall how much time was lost since it went off before, or was set; at least its threshold
     */
    default void pressure(PsiTrigger trigger, Duration newStall) {}

    /**
     * Usage has crossed a threshold, upwards or downwards. Version 1 only.
     *
     * @param usage shortly after
     */
    default void threshold(ByteSize threshold, ByteSize usage) {}

    /** The group was removed. Nothing is heard of it from then on. */
    default void removed() {}

    /** Corral can't go on listening; nothing is heard of the group from then on. */
    default void failed(CgroupException why) {}

    /**
     * A kill for want of memory. It says nothing about how many were killed.
     *
     * @param victim the group of the process; empty if that is gone already
     * @param limit the limit that was reached; empty when no visible group reached one, so that it was a group above those or
     *     the whole machine
     * @param peak the most memory charged to the victim's group at once; empty before Linux 5.19 on version 2
     * @param owner the group whose limit was reached; empty together with {@code limit}
     */
    record OomKill(Optional<Path> victim, Optional<ByteSize> limit, Optional<ByteSize> peak, Optional<Path> owner) {}

    /**
     * A process or thread that could not be made.
     *
     * @param limit how many there may be; empty when no visible group is full
     * @param owner the group whose limit it is; empty together with {@code limit}
     */
    record ForkRefused(Optional<Long> limit, Optional<Path> owner) {}
}
