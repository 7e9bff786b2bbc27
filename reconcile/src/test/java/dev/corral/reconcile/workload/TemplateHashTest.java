package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateHashTest {
    private static final PodTemplate TEMPLATE = new PodTemplate(
            Map.of("app", "web"),
            PodSpec.empty()
                    .container(c ->
                            c.command("java", "-jar", "shop.jar").port("http").cpu("500m")));

    @Test
    void isFowlerNollVo() {
        assertThat(TemplateHash.fnv1a("")).isEqualTo(0x811c9dc5);
        assertThat(TemplateHash.fnv1a("a")).isEqualTo(0xe40c292c);
        assertThat(TemplateHash.fnv1a("foobar")).isEqualTo(0xbf9cf968);
    }

    @Test
    void hasNoVowels() {
        for (int i = 0; i < 1000; i++) {
            assertThat(TemplateHash.of("template " + i)).matches("[bcdfghj-np-tv-xz2456789]{1,7}");
        }
    }

    @Test
    void equalTemplatesHaveEqualHashes() {
        PodTemplate twin = TEMPLATE.spec(spec -> spec.container(c -> c.cpu("0.5")));
        assertThat(twin).isEqualTo(TEMPLATE);
        assertThat(twin.hash(0)).isEqualTo(TEMPLATE.hash(0));
        assertThat(TEMPLATE.label(PodTemplate.HASH_LABEL, "x").hash(0)).isEqualTo(TEMPLATE.hash(0));
    }

    @Test
    void followsFromTheTextAlone() {
        assertThat(CanonicalText.of(TEMPLATE))
                .isEqualTo("PodTemplate[labels={\"app\"=\"web\"}, spec=PodSpec[containers=[Container[name=\"main\", "
                        + "command=[\"java\", \"-jar\", \"shop.jar\"], ports=[ContainerPort[name=\"http\"]], "
                        + "resources=Resources[limits={\"cpu\"=0.5}]]], restartPolicy=ALWAYS, "
                        + "terminationGracePeriod=PT30S]]");
    }

    @Test
    void anyDifferenceAndAnyCollisionChangesIt() {
        PodTemplate other = TEMPLATE.spec(spec -> spec.container(c -> c.env("VERSION", "2")));
        assertThat(other.hash(0)).isNotEqualTo(TEMPLATE.hash(0));
        assertThat(TEMPLATE.hash(1)).isNotEqualTo(TEMPLATE.hash(0));
    }

    @Test
    void quotesKeepValuesApart() {
        assertThat(CanonicalText.of(new EnvVar("A", "1\", value=\"2")))
                .isNotEqualTo(CanonicalText.of(new EnvVar("A\", value=\"1", "2")));
    }
}
