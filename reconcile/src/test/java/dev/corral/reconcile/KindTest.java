package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KindTest {
    private record Inner(String text, double share) {}

    private record Zeros(
            int number,
            long big,
            boolean flag,
            String text,
            Optional<Instant> when,
            Duration spent,
            List<String> list,
            Map<String, String> map,
            Inner inner,
            Conditions conditions) {}

    private record Unborn(Instant since) {}

    @Test
    void aNewResourceHasTheZeroStatus() {
        assertThat(Kind.of("Thing", String.class, Zeros.class).initialStatus())
                .isEqualTo(new Zeros(
                        0,
                        0,
                        false,
                        "",
                        Optional.empty(),
                        Duration.ZERO,
                        List.of(),
                        Map.of(),
                        new Inner("", 0),
                        Conditions.none()));
    }

    @Test
    void aKindMaySayWhatANewResourceHas() {
        Unborn status = new Unborn(Instant.EPOCH);
        assertThat(Kind.of("Thing", String.class, Unborn.class)
                        .initially(status)
                        .initialStatus())
                .isSameAs(status);
    }

    @Test
    void aStatusWithoutZeroIsRefusedWithTheWayOut() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Kind.of("Thing", String.class, Unborn.class).initialStatus())
                .withMessageContaining("because java.time.Instant has none: say with initially(status)");
    }

    @Test
    void aKindsNameIsAWord() {
        for (String name : List.of("", "thing", "Thing-1", "Two Words")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Kind.of(name, String.class, Inner.class));
        }
    }

    @Test
    void kindsAreEqualByNameAndClassesWhateverTheirRules() {
        Kind<String, Inner> kind = Kind.of("Thing", String.class, Inner.class);

        assertThat(kind.graceful(spec -> Duration.ZERO)).isEqualTo(kind).hasSameHashCodeAs(kind);
        assertThat(Kind.of("Thing", Integer.class, Inner.class)).isNotEqualTo(kind);
        assertThat(kind).hasToString("Thing");
    }

    @Test
    void namesFollowTheirRule() {
        assertThat(NameRule.DNS_LABEL.complaint("web-0")).isEmpty();
        assertThat(NameRule.DNS_LABEL.complaint("a".repeat(63))).isEmpty();
        assertThat(NameRule.DNS_SUBDOMAIN.complaint("a.b-c.0")).isEmpty();
        for (String name : List.of("", "-a", "a-", "A", "a_b", "a.b", "ä", "a".repeat(64), "a\n")) {
            assertThat(NameRule.DNS_LABEL.complaint(name)).as(name).isPresent();
        }
        for (String name : List.of("", ".a", "a.", "a..b", "a.-b", "a".repeat(254))) {
            assertThat(NameRule.DNS_SUBDOMAIN.complaint(name)).as(name).isPresent();
        }
    }

    @Test
    void labelsFollowTheirRule() {
        assertThat(LabelRule.problems(
                        Map.of("app", "", "example.com/App_1.x", "v1", "pod-template-hash", "5d8"),
                        Map.of("example.com/note", "any text at all")))
                .isEmpty();
        for (String key : List.of("", "/a", "Upper.com/a", "a/", "a/b/c", "a".repeat(64))) {
            assertThat(LabelRule.problems(Map.of(key, "x"), Map.of())).as(key).isNotEmpty();
            assertThat(LabelRule.problems(Map.of(), Map.of(key, "x"))).as(key).isNotEmpty();
        }
        for (String value : List.of("-a", "a b", "a".repeat(64))) {
            assertThat(LabelRule.problems(Map.of("a", value), Map.of()))
                    .as(value)
                    .hasSize(1);
        }
    }
}
