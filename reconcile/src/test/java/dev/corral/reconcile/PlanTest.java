package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.START;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.reconcile.WebSites.Server;
import dev.corral.reconcile.WebSites.WebSiteSpec;
import dev.corral.reconcile.WebSites.WebSiteStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void theEarliestWakeUpCounts() {
        Plan<Object> plan = Plan.children()
                .wakeAfter(ofSeconds(30))
                .wakeAt(START.plusSeconds(10))
                .wakeAfter(ofSeconds(20));

        assertThat(plan.wake(START)).contains(START.plusSeconds(10));
        assertThat(Plan.children().wake(START)).isEmpty();
    }

    @Test
    void aChildIsListedOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Plan.children(lamp("a", 1), task("a"), lamp("a", 2)))
                .withMessage("the plan lists Lamp 'a' twice");
    }

    @Test
    void addingToAPlanLeavesThePlanAlone() {
        Plan<Object> plan = Plan.children(List.of(task("a")));
        Plan<String> more = plan.status("fine").event("Told", "something");

        assertThat(plan.status()).isEmpty();
        assertThat(plan.told()).isEmpty();
        assertThat(more.listed()).isEqualTo(plan.listed());
        assertThat(more.status()).contains("fine");
    }

    @Test
    void aReconcilerIsAFunctionThatATestCanCall() throws Exception {
        Store store = Stores.on(Stores.clock());
        Resource<WebSiteSpec, WebSiteStatus> home =
                store.create(WebSites.site("home", 3)).orThrow();

        Plan<WebSiteStatus> plan = WebSites.reconcile(Context.of(store.snapshot(), home, START));

        assertThat(plan.listed())
                .isEqualTo(List.of(Server.named("home").replicas(3).directory("/srv/home")));
        assertThat(plan.status()).contains(new WebSiteStatus(0));
    }
}
