package dev.corral.reconcile.testing;

/** How many seeds a test tries: few in every build, and as many as {@code -Dseeds=10000} says where there is time. */
final class Seeds {
    private Seeds() {}

    static int orAsAsked(int few) {
        return Integer.getInteger("seeds", few);
    }
}
