package dev.corral.benchmarks;

/**
 * Something that is launched again and again, and waited for.
 *
 * @param name as the table shows it
 */
record Candidate(String name, Launchable launchable) {
    /** One launch, from the call to the end of the program. */
    @FunctionalInterface
    interface Launchable {
        /** Throws when the program did not run, or ended with another code than 0. */
        void launch() throws Exception;
    }
}
