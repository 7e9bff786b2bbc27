package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.ByteSize;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;

/** Notes what it hears, in order. */
final class Heard implements CgroupEvents {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Queue<Object> events = new ConcurrentLinkedQueue<>();

    /** A trigger that went off. */
    record Stalled(PsiTrigger trigger, Duration newStall) {}

    List<Object> all() {
        return List.copyOf(events);
    }

    <E> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void await(int count, Class<?> type) {
        Awaitility.await().atMost(PATIENCE).until(() -> all(type).size() >= count);
    }

    /** Until these have come, in this order, among others. */
    void await(String... words) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(all()).containsSubsequence((Object[]) words));
    }

    @Override
    public void oomKill(OomKill kill) {
        events.add(kill);
    }

    @Override
    public void empty() {
        events.add("empty");
    }

    @Override
    public void populated() {
        events.add("populated");
    }

    @Override
    public void frozen() {
        events.add("frozen");
    }

    @Override
    public void thawed() {
        events.add("thawed");
    }

    @Override
    public void pidsLimit(ForkRefused refused) {
        events.add(refused);
    }

    @Override
    public void memoryHigh(long times) {
        events.add("high");
    }

    @Override
    public void pressure(PsiTrigger trigger, Duration newStall) {
        events.add(new Stalled(trigger, newStall));
    }

    @Override
    public void threshold(ByteSize threshold, ByteSize usage) {
        events.add("threshold " + threshold);
    }

    @Override
    public void removed() {
        events.add("removed");
    }

    @Override
    public void failed(CgroupException why) {
        events.add(why);
    }
}
