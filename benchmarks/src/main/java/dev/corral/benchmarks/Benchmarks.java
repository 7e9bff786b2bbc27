package dev.corral.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures topics and writes docs/performance.md: {@code Benchmarks TOPIC,TOPIC LAUNCHES PAGE}; {@code all} for all topics. */
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Topic> topics = new LinkedHashMap<>();
        int launches = Integer.parseInt(arguments[1]);
        topics.put("launch", page -> new LaunchBenchmark().run(launches, page));
        topics.put("cgroups", page -> new CgroupBenchmark().run(page));
        topics.put("engine", page -> new EngineBenchmark().run(page));
        topics.put("workloads", page -> new WorkloadBenchmark().run(page));
        List<String> wanted =
                arguments[0].equals("all") ? List.copyOf(topics.keySet()) : List.of(arguments[0].split(",", -1));
        Page page = new Page(Path.of(arguments[2]), User.current());
        for (String name : wanted) {
            Topic topic = topics.get(name);
            if (topic == null) {
                throw new IllegalArgumentException("topic " + name + ": there are " + topics.keySet());
            }
            topic.run(page);
        }
    }
}
