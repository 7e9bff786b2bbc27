package dev.corral.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;

/**
 * What several candidates took, run by run.
 *
 * @param nanos for each candidate a list of runs, each a list of measurements
 */
record Figures(Map<String, List<List<Long>>> nanos) {
    /**
     * Measures. Within a run the candidates have their turns, in an order that changes from round to round: other load
     * of the machine hits all of them alike, and what one leaves behind (caches, namespaces that are torn down later) hits
     * not always the same next one.
     */
    static Figures measure(List<Candidate> candidates, int runs, int rounds) throws Exception {
        Map<String, List<List<Long>>> nanos = new LinkedHashMap<>();
        candidates.forEach(candidate -> nanos.put(candidate.name(), new ArrayList<>()));
        List<Candidate> order = new ArrayList<>(candidates);
        Random random = new Random(1);
        for (int run = 0; run < runs; run++) {
            nanos.values().forEach(all -> all.add(new ArrayList<>()));
            for (int round = 0; round < rounds; round++) {
                Collections.shuffle(order, random);
                for (Candidate candidate : order) {
                    Objects.requireNonNull(nanos.get(candidate.name()))
                            .get(run)
                            .add(candidate.sample().nanos());
                }
            }
        }
        return new Figures(nanos);
    }

    /** The median of the runs' medians, in milliseconds. */
    double median(Candidate candidate) {
        return Statistics.median(runs(candidate).stream()
                .map(run -> Statistics.median(millis(run)))
                .toList());
    }

    /** The shortest of all, in milliseconds. */
    double minimum(Candidate candidate) {
        return runs(candidate).stream()
                .flatMap(List::stream)
                .mapToDouble(nanos -> nanos / 1e6)
                .min()
                .orElseThrow();
    }

    /** By how many milliseconds one takes longer than another, run by run; the median of that. */
    double difference(Candidate longer, Candidate shorter) {
        return compared(longer, shorter, (a, b) -> a - b);
    }

    /** How many times as long one takes as another, run by run; the median of that. */
    double ratio(Candidate longer, Candidate shorter) {
        return compared(longer, shorter, (a, b) -> a / b);
    }

    private double compared(Candidate one, Candidate other, DoubleBinaryOperator how) {
        List<Double> all = new ArrayList<>();
        for (int run = 0; run < runs(one).size(); run++) {
            all.add(how.applyAsDouble(
                    Statistics.median(millis(runs(one).get(run))),
                    Statistics.median(millis(runs(other).get(run)))));
        }
        return Statistics.median(all);
    }

    private List<List<Long>> runs(Candidate candidate) {
        return nanos.getOrDefault(candidate.name(), List.of());
    }

    private static List<Double> millis(List<Long> nanos) {
        return nanos.stream().map(each -> each / 1e6).toList();
    }
}
