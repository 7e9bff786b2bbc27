package dev.corral.cgroups;

import dev.corral.ByteSize;

/** How much swap space a group with a memory limit may use. */
public sealed interface SwapPolicy {
    /** No swap at all: the memory limit is a hard one. */
    SwapPolicy NONE = new None();

    /** As much swap as the machine has. */
    SwapPolicy UNLIMITED = new Unlimited();

    /**
     * Memory and swap together.
     *
     * <p>Version 1 bounds the sum. Version 2 bounds swap alone, by the total less the memory limit, so that a group can't use
     * more swap than that even while memory is free.
     *
     * @param sum at least the memory limit
     */
    static SwapPolicy total(ByteSize sum) {
        return new Total(sum);
    }

    record None() implements SwapPolicy {
        @Override
        public String toString() {
            return "none";
        }
    }

    record Unlimited() implements SwapPolicy {
        @Override
        public String toString() {
            return "unlimited";
        }
    }

    record Total(ByteSize sum) implements SwapPolicy {
        @Override
        public String toString() {
            return sum + " with memory";
        }
    }
}
