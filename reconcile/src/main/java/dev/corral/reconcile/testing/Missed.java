package dev.corral.reconcile.testing;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.StoreEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Events told otherwise than they happened: merged, or found by a list only. */
final class Missed {
    private Missed() {}

    /** Several changes of a resource as one, in the place of the last of them. A resource and its successor are two. */
    static <S, T> List<StoreEvent<S, T>> coalesced(List<StoreEvent<S, T>> events) {
        Map<String, StoreEvent<S, T>> merged = new LinkedHashMap<>();
        List<StoreEvent<S, T>> result = new ArrayList<>();
        for (StoreEvent<S, T> event : events) {
            Optional<String> uid =
                    event.latest().map(resource -> resource.metadata().uid());
            StoreEvent<S, T> earlier = uid.map(merged::get).orElse(null);
            StoreEvent<S, T> told = event;
            if (earlier != null) {
                result.remove(earlier);
                String author = earlier.author().equals(event.author()) ? event.author() : "";
                // What came and went is told to be gone: a snapshot has shown it, and somebody may have counted it.
                Optional<Resource<S, T>> before = event.after().isPresent()
                        ? earlier.before()
                        : earlier.before().or(earlier::latest);
                Optional<StoreEvent<S, T>> one = change(before, event.after(), event.version(), author);
                if (one.isEmpty()) {
                    merged.remove(uid.get());
                    continue;
                }
                told = one.get();
            }
            StoreEvent<S, T> added = told;
            uid.ifPresent(known -> merged.put(known, added));
            result.add(told);
        }
        return result;
    }

    /** What a list finds of events that were missed: what differs, without an author. */
    static <S, T> List<StoreEvent<S, T>> listed(List<StoreEvent<S, T>> events) {
        List<StoreEvent<S, T>> result = new ArrayList<>();
        for (StoreEvent<S, T> event : coalesced(events)) {
            change(event.before(), event.after(), event.version(), "").ifPresent(result::add);
        }
        return result;
    }

    private static <S, T> Optional<StoreEvent<S, T>> change(
            Optional<Resource<S, T>> before, Optional<Resource<S, T>> after, long version, String author) {
        if (before.isPresent() && after.isPresent()) {
            return before.equals(after)
                    ? Optional.empty()
                    : Optional.of(new StoreEvent.Modified<>(before.get(), after.get(), version, author));
        }
        return after.<StoreEvent<S, T>>map(added -> new StoreEvent.Added<>(added, version, author))
                .or(() -> before.map(gone -> new StoreEvent.Deleted<>(gone, version, author)));
    }
}
