package dev.corral.reconcile;

import org.jspecify.annotations.Nullable;

/**
 * The entries of waiting keys by key: a hash table whose chains run through the entries themselves. A million keys are taken out in the
 * order of time, which is no order to any hash: each node between the table and an entry would be one more wait for memory.
 */
final class WaitingTable<K> {
    private static final int SMALLEST = 16;

    private WaitingKeys.@Nullable Entry<K>[] chains = chains(SMALLEST);
    private int size;

    /** Of a key; its lower bits tell apart what differs in the higher ones too. */
    static int hash(Object key) {
        int hash = key.hashCode();
        return hash ^ (hash >>> 16);
    }

    int size() {
        return size;
    }

    WaitingKeys.@Nullable Entry<K> get(K key) {
        int hash = hash(key);
        WaitingKeys.Entry<K> entry = chains[hash & (chains.length - 1)];
        while (entry != null && !(entry.hash == hash && entry.key.equals(key))) {
            entry = entry.next;
        }
        return entry;
    }

    /** Adds an entry whose key has none. */
    void add(WaitingKeys.Entry<K> entry) {
        if (size == chains.length) {
            grow();
        }
        link(chains, entry);
        size++;
    }

    /** Removes this very entry, which is there. */
    @SuppressWarnings("ReferenceEquality") // an entry is one object
    void remove(WaitingKeys.Entry<K> entry) {
        int chain = entry.hash & (chains.length - 1);
        WaitingKeys.Entry<K> before = null;
        WaitingKeys.Entry<K> found = chains[chain];
        while (found != null && found != entry) {
            before = found;
            found = found.next;
        }
        if (found == null) {
            return;
        }
        if (before == null) {
            chains[chain] = entry.next;
        } else {
            before.next = entry.next;
        }
        entry.next = null;
        size--;
    }

    void clear() {
        chains = chains(SMALLEST);
        size = 0;
    }

    private void grow() {
        WaitingKeys.@Nullable Entry<K>[] wider = chains(chains.length * 2);
        for (WaitingKeys.Entry<K> chain : chains) {
            WaitingKeys.Entry<K> entry = chain;
            while (entry != null) {
                WaitingKeys.Entry<K> next = entry.next;
                link(wider, entry);
                entry = next;
            }
        }
        chains = wider;
    }

    private static <K> void link(WaitingKeys.@Nullable Entry<K>[] chains, WaitingKeys.Entry<K> entry) {
        int chain = entry.hash & (chains.length - 1);
        entry.next = chains[chain];
        chains[chain] = entry;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic class can't be made otherwise
    private static <K> WaitingKeys.@Nullable Entry<K>[] chains(int length) {
        return new WaitingKeys.Entry[length];
    }
}
