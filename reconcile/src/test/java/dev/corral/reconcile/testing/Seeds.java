package dev.corral.reconcile.testing;

/** How much a test tries: little in every build, and as many seeds as {@code -Dseeds=10000} says where there is time. */
final class Seeds {
    private Seeds() {}

    static int orAsAsked(int few) {
        return Integer.getInteger("seeds", few);
    }

    /** Where there is time, each commit of the scenario goes wrong in turn, too. */
    static Trials exhaustiveIfAsked(Trials trials) {
        return Integer.getInteger("seeds") == null ? trials : trials.exhaustive();
    }
}
