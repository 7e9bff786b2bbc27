package dev.corral.benchmarks;

import java.util.Collection;
import java.util.List;

/** What is told of many measurements. */
final class Statistics {
    private Statistics() {}

    /** The middle one, or what lies between the two in the middle. */
    static double median(Collection<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /**
     * The value that so many of them do not exceed.
     *
     * @param share above 0 to 1
     */
    static double percentile(Collection<? extends Number> values, double share) {
        double[] sorted =
                values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
