package dev.corral.examples.readme;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.corral.Applied;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Result;
import dev.corral.cgroups.Limits;
import dev.corral.namespaces.IdMap;
import dev.corral.namespaces.IdMapRefused;
import dev.corral.namespaces.Isolation;
import org.junit.jupiter.api.Test;

/** The samples of the page on ordinary users. */
class RootlessTest {
    @Test
    void rootInsideAndNobodySpecialOutside() throws InterruptedException {
        // README
        Result result = Command.of("id", "-u").with(Isolation.full()).run();
        System.out.println(result.output().text()); // 0: root inside
        // end
        assertThat(result.orThrow().output().text()).isEqualTo("0\n");
    }

    @Test
    void moreThanOneId() throws InterruptedException {
        Result result = mapped();
        assertThat(result.orThrow().output().lines().get(0).strip()).startsWith("0 ");
        assertThat(result.output().text()).contains("65536");
    }

    private static Result mapped() throws InterruptedException {
        try {
            // README
            IdMap many = IdMap.subordinate(); // from /etc/subuid and /etc/subgid
            Result result = Command.of("cat", "/proc/self/uid_map")
                    .with(Isolation.full().idMap(many))
                    .run();
            System.out.println(result.output().text()); // inside, outside, how many
            // end
            return result;
        } catch (IdMapRefused refused) {
            return abort(refused.getMessage());
        }
    }

    @Test
    void limitsWhereTheyCanBeHad() {
        // README
        try (Child child = Command.of("sleep", "60")
                .with(Limits.none().memory(mebibytes(64)).bestEffort())
                .start()) {
            for (Applied.Entry dropped : child.applied().dropped()) {
                System.out.println(dropped.feature() + ": " + dropped.note()); // why, and how to get a delegation
                assertThat(dropped.note()).isNotEmpty(); // hidden
            }
            assertThat(child.isAlive()).isTrue(); // hidden
        }
        // end
    }
}
