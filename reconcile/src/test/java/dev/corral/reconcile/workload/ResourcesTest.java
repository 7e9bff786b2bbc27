package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourcesTest {
    private static int problems(String resource, String most) {
        Problems problems = Problems.in("resources");
        Resources.unlimited().limit(resource, Quantity.parse(most)).validate(problems);
        return problems.list().size();
    }

    @ParameterizedTest
    @CsvSource({"memory, 1", "memory, 256Mi", "memory, 7Ei", "cpu, 10m", "cpu, 0.5", "pids, 1", "pids, 4194304"})
    void whatTheKernelTakesIsFine(String resource, String most) {
        assertThat(problems(resource, most)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "memory, 0",
        "memory, -1Gi",
        "memory, 8Ei",
        "memory, 16Ei",
        "memory, 10E",
        "cpu, 0",
        "cpu, -1",
        "cpu, 9m",
        "pids, 0",
        "pids, 4194305",
        "hugepages, 1"
    })
    void whatItWouldRefuseOrReadAsSomethingElseIsAProblem(String resource, String most) {
        assertThat(problems(resource, most)).isEqualTo(1);
    }

    @ParameterizedTest(name = "{1} of {0} requested, limit {2}: {3} problems")
    @CsvSource({
        "memory, 1Gi, 1Gi, 0",
        "memory, 1025Mi, 1Gi, 1",
        "memory, 1Gi, -, 0",
        "cpu, 0, -, 0",
        "cpu, -1m, -, 1",
        "hugepages, 1, -, 1"
    })
    void aRequestIsOfSomethingKnownAndNotAboveItsLimit(String resource, String needed, String most, int wrong) {
        Resources resources = Resources.unlimited().request(resource, Quantity.parse(needed));
        Problems problems = Problems.in("resources");
        (most.equals("-") ? resources : resources.limit(resource, Quantity.parse(most))).validate(problems);
        assertThat(problems.list()).hasSize(wrong);
    }

    @Test
    void ofTimeAndMemoryALimitIsRequestedUnlessARequestSaysOtherwise() {
        Resources limited = Resources.unlimited()
                .limit("cpu", Quantity.parse("2"))
                .limit("memory", Quantity.parse("1Gi"))
                .limit("pids", Quantity.of(50));
        assertThat(limited.effectiveRequests())
                .isEqualTo(Map.of("cpu", Quantity.parse("2"), "memory", Quantity.parse("1Gi")));
        assertThat(limited.request("cpu", Quantity.of(0))
                        .request("pids", Quantity.of(5))
                        .effectiveRequests())
                .isEqualTo(Map.of("cpu", Quantity.of(0), "memory", Quantity.parse("1Gi"), "pids", Quantity.of(5)));
        assertThat(limited.requests()).as("the spec stays as it was declared").isEmpty();
    }
}
