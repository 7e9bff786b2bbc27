package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessPlanTest {
    @Test
    void portsAreToldByVariables() {
        Container container = Container.named("main")
                .command("serve", "--listen", "$(PORT)")
                .args("--admin=$(PORT_ADMIN_UI)", "--keep=$(UNKNOWN)")
                .port("http")
                .port("admin-ui", 9000);
        ProcessPlan plan = ProcessPlan.of(container, Map.of("http", 41234, "admin-ui", 9000));
        assertThat(plan.command()).containsExactly("serve", "--listen", "41234", "--admin=9000", "--keep=$(UNKNOWN)");
        assertThat(plan.env())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("PORT", "41234", "PORT_HTTP", "41234", "PORT_ADMIN_UI", "9000"));
    }

    @Test
    void variablesMayReferToThoseBeforeThem() {
        Container container = Container.named("main")
                .command("serve")
                .env("URL", "http://localhost:$(PORT)/")
                .env("HEALTH", "$(URL)healthz")
                .env("EARLY", "$(LATE)")
                .env("LATE", "$$(PORT)")
                .port("http")
                .workingDir(Path.of("/srv"));
        ProcessPlan plan = ProcessPlan.of(container, Map.of("http", 80));
        assertThat(plan.env())
                .containsEntry("URL", "http://localhost:80/")
                .containsEntry("HEALTH", "http://localhost:80/healthz")
                .containsEntry("EARLY", "$(LATE)")
                .containsEntry("LATE", "$(PORT)");
        assertThat(plan.workingDir()).contains("/srv");
    }

    @Test
    void aContainerMayChooseItsPortVariableItself() {
        Container container =
                Container.named("main").command("serve").env("PORT", "7").port("http");
        assertThat(ProcessPlan.of(container, Map.of("http", 80)).env()).containsEntry("PORT", "7");
    }
}
