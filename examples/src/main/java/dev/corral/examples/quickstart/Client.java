package dev.corral.examples.quickstart;

import dev.corral.reconcile.plane.Endpoints;
import dev.corral.reconcile.plane.Lease;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client that asks leased endpoints for their version, one request after the other, until it is stopped. */
final class Client implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int THREADS = 2;

    private final Endpoints endpoints;
    private final Http http;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Integer> answers = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    private Client(Endpoints endpoints, Http http) {
        this.endpoints = endpoints;
        this.http = http;
    }

    /**
     * What came back.
     *
     * @param answers how many requests each version has answered
     * @param failures what went wrong, a line for each request
     */
    record Seen(Map<String, Integer> answers, List<String> failures) {
        Seen {
            answers = Collections.unmodifiableMap(new TreeMap<>(answers));
            failures = List.copyOf(failures);
        }

        @Override
        public String toString() {
            int all = answers.values().stream().mapToInt(Integer::intValue).sum() + failures.size();
            List<String> versions = new ArrayList<>();
            answers.forEach((version, count) -> versions.add(count + " by version " + version));
            return all + " requests, " + failures.size() + " failed; answered " + String.join(", ", versions);
        }
    }

    static Client start(Endpoints endpoints, Http http) {
        Client client = new Client(endpoints, http);
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(client::ask, "client-" + i);
            client.threads.add(thread);
            thread.start();
        }
        return client;
    }

    /** Waits for so many more answers. */
    void awaitAnswers(int more) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (answers) {
            int wanted = count() + more;
            while (count() < wanted) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                Claim.check(left > 0, "no " + more + " answers within " + PATIENCE + "; failed: " + failures);
                answers.wait(left);
            }
        }
    }

    /** Ends the client after its present requests, and tells what it saw. */
    Seen stop() throws InterruptedException {
        stop.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        synchronized (answers) {
            return new Seen(answers, failures);
        }
    }

    private void ask() {
        try {
            do {
                try (Lease lease = endpoints
                        .acquire(PATIENCE)
                        .orElseThrow(() -> new IOException("no endpoint to lease within " + PATIENCE))) {
                    answered(http.get(lease.address(), "/version"));
                } catch (IOException e) {
                    failed(e);
                }
            } while (!stop.await(2, TimeUnit.MILLISECONDS));
        } catch (InterruptedException | RuntimeException e) {
            failed(e);
        }
    }

    private void answered(String version) {
        synchronized (answers) {
            answers.merge(version, 1, Integer::sum);
            answers.notifyAll();
        }
    }

    private void failed(Exception e) {
        synchronized (answers) {
            failures.add(e.toString());
        }
    }

    private int count() {
        return answers.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public void close() {
        stop.countDown();
    }
}
