package dev.corral.namespaces;

import java.util.AbstractList;
import java.util.List;

/**
 * The namespaces that the JVM could see at one time, the oldest number first; immutable.
 *
 * <p>Processes come and go while they are looked at; one that has gone is not in the list. A namespace is seen if a process
 * that may be looked into is in it, if a bind mount in the JVM's mount namespace keeps it, or if it is the parent or owner of
 * such a one. One that only an open descriptor or another thread than a process's first is in is not seen. Processes that
 * /proc hides (its option hidepid) are not even counted as unreadable.
 */
public final class NamespaceList extends AbstractList<NamespaceInfo> {
    private final List<NamespaceInfo> namespaces;
    private final int unreadable;

    NamespaceList(List<NamespaceInfo> namespaces, int unreadable) {
        this.namespaces = List.copyOf(namespaces);
        this.unreadable = unreadable;
    }

    /**
     * How many processes the JVM might not look into, because they belong to somebody else or have raised privileges: what
     * they are in may be missing from the list, and they are missing from its numbers. 0 for a JVM with all privileges.
     */
    public int unreadable() {
        return unreadable;
    }

    @Override
    public NamespaceInfo get(int index) {
        return namespaces.get(index);
    }

    @Override
    public int size() {
        return namespaces.size();
    }
}
