package dev.corral.privileges;

import static dev.corral.privileges.Capability.CAP_KILL;
import static dev.corral.privileges.Capability.CAP_NET_BIND_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PrivilegesTest {
    private static final CapabilitySet NONE = CapabilitySet.none();
    private static final CapabilitySet BIND = CapabilitySet.of(CAP_NET_BIND_SERVICE);
    private static final CapabilitySet KILL = CapabilitySet.of(CAP_KILL);
    private static final CapabilitySet BOTH = KILL.and(CAP_NET_BIND_SERVICE);

    @Test
    void noneIsEmptyInAllFive() {
        assertThat(Privileges.none()).isEqualTo(new Privileges(NONE, NONE, NONE, NONE, NONE));
    }

    @Test
    void givenOnesAreNotInheritedUnlessAskedFor() {
        assertThat(Privileges.of(CAP_NET_BIND_SERVICE)).isEqualTo(new Privileges(BIND, BIND, BIND, NONE, NONE));
        assertThat(Privileges.of(BIND).acrossExec()).isEqualTo(new Privileges(BIND, BIND, BIND, BIND, BIND));
    }

    @Test
    void eachSetCanBeChosen() {
        Privileges chosen = Privileges.none()
                .bounding(BOTH)
                .permitted(BOTH)
                .effective(KILL)
                .inheritable(BOTH)
                .ambient(BIND);
        assertThat(chosen).isEqualTo(new Privileges(BOTH, BOTH, KILL, BOTH, BIND));
    }

    @Test
    void whatTheKernelWouldRefuseIsRefused() {
        refused(() -> Privileges.none().permitted(KILL), "permitted", "bounding");
        refused(() -> Privileges.none().bounding(KILL).effective(KILL), "effective", "permitted");
        refused(() -> Privileges.none().inheritable(KILL), "inheritable", "bounding");
        refused(() -> Privileges.of(KILL).ambient(KILL), "ambient", "inheritable");
        refused(() -> Privileges.none().bounding(KILL).inheritable(KILL).ambient(KILL), "ambient", "permitted");
        refused(() -> Privileges.of(BOTH).bounding(BIND), "permitted", "bounding");
        refused(() -> Privileges.of(BOTH).acrossExec().inheritable(KILL), "ambient", "inheritable");
    }

    private static void refused(Runnable attempt, String set, String limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(attempt::run)
                .withMessageStartingWith("the " + set + " set has CAP_")
                .withMessageContaining("the " + limit + " set");
    }
}
