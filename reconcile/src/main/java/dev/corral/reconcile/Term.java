package dev.corral.reconcile;

/**
 * One of the things that resources are found by besides their path: a controller, another owner, a label and its value, or a value of an
 * index. Ordered by hash, which is quick to compare and as good an order as any.
 */
final class Term implements Comparable<Term> {
    /** What it is about. */
    private enum Family {
        CONTROLLED,
        BELONGING,
        LABEL,
        FIELD
    }

    private final Family family;
    private final String kind;
    private final String name;
    private final String value;
    private final int hash;

    private Term(Family family, String kind, String name, String value) {
        this.family = family;
        this.kind = kind;
        this.name = name;
        this.value = value;
        this.hash = 31 * (31 * (31 * family.name().hashCode() + kind.hashCode()) + name.hashCode()) + value.hashCode();
    }

    static Term controlled(String ownerUid) {
        return new Term(Family.CONTROLLED, "", "", ownerUid);
    }

    static Term belonging(String ownerUid) {
        return new Term(Family.BELONGING, "", "", ownerUid);
    }

    static Term of(OwnerReference owner) {
        return owner.controller() ? controlled(owner.uid()) : belonging(owner.uid());
    }

    static Term label(String label, String value) {
        return new Term(Family.LABEL, "", label, value);
    }

    static Term field(Kind<?, ?> kind, String index, String value) {
        return new Term(Family.FIELD, /* kind= */ kind.name(), /* name= */ index, value);
    }

    @Override
    public int compareTo(Term other) {
        if (hash != other.hash) {
            return hash < other.hash ? -1 : 1;
        }
        int byValue = value.compareTo(other.value);
        if (byValue != 0) {
            return byValue;
        }
        int byName = name.compareTo(other.name);
        if (byName != 0) {
            return byName;
        }
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : family.compareTo(other.family);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Term term && compareTo(term) == 0;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return family + " " + kind + " " + name + " " + value;
    }
}
