package dev.corral.benchmarks;

/** What is measured together and has a section of the page. */
@FunctionalInterface
interface Topic {
    /** Measures and writes it down. */
    void run(Page page) throws Exception;
}
