package dev.corral.reconcile.testing;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.StoreEvent;
import dev.corral.reconcile.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * A watch on which faults strike. Whatever it doesn't tell now it tells later, or finds when it lists again, and then has its
 * reader woken; it never loses anything for good.
 */
final class FaultyWatch<S, T> implements Watch<S, T> {
    private final Watch<S, T> watch;
    private final FaultyStore store;
    private List<StoreEvent<S, T>> heldBack = new ArrayList<>();
    private List<StoreEvent<S, T>> missed = new ArrayList<>();
    private boolean listing;

    FaultyWatch(Watch<S, T> watch, FaultyStore store) {
        this.watch = watch;
        this.store = store;
    }

    @Override
    public List<StoreEvent<S, T>> poll() {
        store.life().check();
        List<StoreEvent<S, T>> told = watch.poll();
        if (!heldBack.isEmpty()) {
            told = joined(heldBack, told);
            heldBack = new ArrayList<>();
        }
        if (listing) {
            // What was missed comes first: a list shows each resource once, as it was then.
            missed.addAll(told);
            told = new ArrayList<>(Missed.listed(missed));
            missed = new ArrayList<>();
            listing = false;
        }
        if (!missed.isEmpty() || store.cache().lags()) {
            told = new ArrayList<>(told);
            missWhatFollows(told);
            holdBack(told);
        }
        if (!told.isEmpty()) {
            for (Strike strike : store.strikes(Site.DELIVERY)) {
                told = told.isEmpty() ? told : struck(strike, told);
            }
        }
        return told;
    }

    private static <E> List<E> joined(List<E> first, List<E> second) {
        List<E> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private void holdBack(List<StoreEvent<S, T>> told) {
        told.removeIf(event -> {
            boolean later = store.cache().holdsBack(event);
            if (later) {
                heldBack.add(event);
            }
            return later;
        });
    }

    /** A list can't be older than what was told of a resource, so its later changes are missed with the first. */
    private void missWhatFollows(List<StoreEvent<S, T>> told) {
        if (missed.isEmpty()) {
            return;
        }
        Set<String> uids = missed.stream().map(FaultyWatch::uid).collect(Collectors.toSet());
        told.removeIf(event -> uids.contains(uid(event)) && missed.add(event));
    }

    private List<StoreEvent<S, T>> struck(Strike strike, List<StoreEvent<S, T>> told) {
        SplittableRandom random = new SplittableRandom(strike.index());
        List<StoreEvent<S, T>> changed = new ArrayList<>(told);
        switch (strike.trouble()) {
            case DROP_EVENT -> drop(changed, random.nextInt(told.size()), strike.duration());
            case DUPLICATE_EVENT -> {
                int chosen = random.nextInt(told.size());
                changed.add(chosen, told.get(chosen));
            }
            case COALESCE -> changed = new ArrayList<>(Missed.coalesced(told));
            case WATCH_BREAK -> {
                if (heldBack.isEmpty() && missed.isEmpty()) {
                    throw new StoreFailure("the watch is broken");
                }
                changed = new ArrayList<>(Missed.listed(told));
            }
            case REORDER_ACROSS_KINDS -> {
                Map<String, Integer> rank = new HashMap<>();
                changed.forEach(event -> rank.computeIfAbsent(kind(event), any -> random.nextInt()));
                changed.sort(Comparator.comparingInt(event -> rank.getOrDefault(kind(event), 0)));
            }
            default -> throw new AssertionError(strike + " does not befall a watch");
        }
        return changed;
    }

    private void drop(List<StoreEvent<S, T>> told, int chosen, Duration until) {
        StoreEvent<S, T> dropped = told.remove(chosen);
        if (dropped.latest().isEmpty()) {
            told.add(chosen, dropped);
            return;
        }
        missed.add(dropped);
        store.later("a watch lists again", until, () -> listing = true);
    }

    private static String uid(StoreEvent<?, ?> event) {
        return event.latest().map(resource -> resource.metadata().uid()).orElse("");
    }

    private static String kind(StoreEvent<?, ?> event) {
        return event.latest().map(Resource::kind).map(Object::toString).orElse("");
    }

    /** Nobody waits on one thread: what is there is told. */
    @Override
    public List<StoreEvent<S, T>> await(Duration timeout) {
        return poll();
    }

    @Override
    public void close() {
        watch.close();
    }
}
