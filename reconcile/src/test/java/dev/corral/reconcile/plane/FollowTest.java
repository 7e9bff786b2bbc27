package dev.corral.reconcile.plane;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.reconcile.Subscription;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FollowTest {
    private static final Deployment WEB = Deployment.named("web")
            .container(c -> c.command("serve").port("http"))
            .rollingUpdate(maxSurge(1), maxUnavailable(0));

    private final Cluster cluster = new Cluster();
    private final List<String> lines = new ArrayList<>();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void tellsARolloutStepByStep() {
        cluster.apply(WEB).apply(Pod.named("other").container(c -> c.command("serve")));
        cluster.plane.follow(WEB, lines::add);
        cluster.settle();
        assertThat(lines).contains("2026-01-01T00:00:00Z Deployment/web: 1 of 1 updated, 1 available; complete");
        lines.clear();
        cluster.apply(WEB.container(c -> c.env("VERSION", "2"))).advance(Duration.ofMinutes(1));
        assertThat(lines)
                .noneMatch(line -> line.contains("other"))
                .anyMatch(line -> line.matches(".* Normal Pod/web-[a-z0-9]+-0 Started: container main runs, start 1"))
                .anyMatch(line -> line.matches(".* Pod/web-[a-z0-9]+-0 is gone"));
        assertThat(lines.stream().filter(line -> line.contains("Deployment/web:")))
                .last()
                .asString()
                .endsWith("1 of 1 updated, 1 available; complete");
    }

    @Test
    void tellsEverythingUntilItIsClosed() {
        Subscription following = cluster.plane.follow(lines::add);
        cluster.apply(Pod.named("one").container(c -> c.command("serve")));
        assertThat(lines).anyMatch(line -> line.endsWith("Pod/one: 1/1 Running"));
        following.close();
        lines.clear();
        cluster.apply(Pod.named("two").container(c -> c.command("serve")));
        assertThat(lines).isEmpty();
    }

    @Test
    void whoThrowsIsToldTheNextLineAllTheSame() {
        cluster.plane.follow(line -> {
            lines.add(line);
            throw new IllegalStateException("tired of lines");
        });
        cluster.apply(Pod.named("one").container(c -> c.command("serve")));
        assertThat(lines).hasSizeGreaterThan(2);
        assertThat(cluster.pod("one").ready()).isTrue();
    }

    @Test
    void aClosedPlaneIsNotFollowed() {
        cluster.close();
        assertThatThrownBy(() -> cluster.plane.follow(lines::add)).isInstanceOf(PlaneClosed.class);
    }
}
