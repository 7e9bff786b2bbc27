package dev.corral.reconcile;

/** Work for the executor or a timer that says what it is. */
record Task(String label, Runnable body) implements Runnable {
    @Override
    public void run() {
        body.run();
    }

    @Override
    public String toString() {
        return label;
    }
}
