package dev.corral.reconcile;

/** What a pass is about. */
record Subject(Kind<?, ?> kind, Key key) {
    static Subject of(Resource<?, ?> resource) {
        return new Subject(resource.kind(), resource.key());
    }

    @Override
    public String toString() {
        return kind + " " + key;
    }
}
