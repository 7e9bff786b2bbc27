package dev.corral.privileges;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** A set of capabilities; immutable. Source: capabilities(7). */
public final class CapabilitySet {
    private static final long KNOWN =
            EnumSet.allOf(Capability.class).stream().mapToLong(Capability::bit).reduce(0, (a, b) -> a | b);

    private final long mask;

    private CapabilitySet(long mask) {
        this.mask = mask;
    }

    /** The empty set. */
    public static CapabilitySet none() {
        return new CapabilitySet(0);
    }

    /** All that this library knows, up to CAP_CHECKPOINT_RESTORE. What the running kernel does not know is left out there. */
    public static CapabilitySet all() {
        return new CapabilitySet(KNOWN);
    }

    /** The set of these. */
    public static CapabilitySet of(Capability first, Capability... more) {
        return of(EnumSet.of(first, more));
    }

    /** The set of these; of none, if there are none. */
    public static CapabilitySet of(Collection<Capability> capabilities) {
        return new CapabilitySet(
                capabilities.stream().mapToLong(Capability::bit).reduce(0, (a, b) -> a | b));
    }

    /**
     * The set with these bits, as {@code /proc/PID/status} gives them in hexadecimal. A bit beyond CAP_CHECKPOINT_RESTORE is an
     * IllegalArgumentException.
     */
    public static CapabilitySet ofMask(long mask) {
        if ((mask & ~KNOWN) != 0) {
            throw new IllegalArgumentException("capability mask 0x" + Long.toHexString(mask)
                    + " has bits that are not known: it must lie within 0x" + Long.toHexString(KNOWN));
        }
        return new CapabilitySet(mask);
    }

    /**
     * Reads what {@link #toString} writes: {@code none}, {@code all}, or names in any case, with or without {@code CAP_},
     * separated by commas or white space. Another name is an IllegalArgumentException.
     */
    public static CapabilitySet parse(String text) {
        String list = text.strip();
        if (list.isEmpty() || list.equals("none")) {
            return none();
        }
        if (list.equals("all")) {
            return all();
        }
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        for (String name : list.split("\\s*,\\s*|\\s+", -1)) {
            capabilities.add(Capability.of(name)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "capability \"" + name + "\" is not known: see capabilities(7)")));
        }
        return of(capabilities);
    }

    /** One bit for each capability, by its number. */
    public long mask() {
        return mask;
    }

    /** Whether it has no capability. */
    public boolean isEmpty() {
        return mask == 0;
    }

    /** Whether a capability is in it. */
    public boolean contains(Capability capability) {
        return (mask & capability.bit()) != 0;
    }

    /** Whether every capability of the other set is in this one. */
    public boolean containsAll(CapabilitySet other) {
        return (other.mask & ~mask) == 0;
    }

    /** With these as well. */
    public CapabilitySet and(Capability first, Capability... more) {
        return new CapabilitySet(mask | of(first, more).mask);
    }

    /** Without these. */
    public CapabilitySet without(Capability first, Capability... more) {
        return new CapabilitySet(mask & ~of(first, more).mask);
    }

    /** The same of a mask from which bits beyond those known are left out. */
    static CapabilitySet known(long mask) {
        return new CapabilitySet(mask & KNOWN);
    }

    /** What is in both sets. */
    CapabilitySet common(CapabilitySet other) {
        return new CapabilitySet(mask & other.mask);
    }

    /** What is in this set and not in the other. */
    CapabilitySet minus(CapabilitySet other) {
        return new CapabilitySet(mask & ~other.mask);
    }

    /** The capabilities in the order of their numbers; unmodifiable. */
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.allOf(Capability.class);
        all.removeIf(capability -> !contains(capability));
        return Collections.unmodifiableSet(all);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CapabilitySet that && mask == that.mask;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(mask);
    }

    /** {@code none}, {@code all}, or the names separated by commas: what {@link #parse} reads. */
    @Override
    public String toString() {
        if (mask == 0) {
            return "none";
        }
        return mask == KNOWN
                ? "all"
                : capabilities().stream().map(Capability::name).collect(Collectors.joining(","));
    }
}
