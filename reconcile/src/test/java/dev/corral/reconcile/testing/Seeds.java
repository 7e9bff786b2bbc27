package dev.corral.reconcile.testing;

/** How much a test tries: little in every build, and as much as it is asked for where there is time. */
final class Seeds {
    /** In how many scenarios each kind is tried with all faults. */
    private static final int OF_DEPLOYMENTS = 8;

    private static final int OF_STATEFUL_SETS = 9;
    private static final int OF_DAEMON_SETS = 2;
    private static final int OF_JOBS = 16;
    private static final int OF_CRON_JOBS = 6;
    private static final int OF_PODS = 3;

    private Seeds() {}

    /** {@code -Dseeds=1000} for each scenario. */
    static int orAsAsked(int few) {
        return Integer.getInteger("seeds", few);
    }

    static int ofDeployments(int few) {
        return share(few, OF_DEPLOYMENTS);
    }

    static int ofStatefulSets(int few) {
        return share(few, OF_STATEFUL_SETS);
    }

    static int ofDaemonSets(int few) {
        return share(few, OF_DAEMON_SETS);
    }

    static int ofJobs(int few) {
        return share(few, OF_JOBS);
    }

    static int ofCronJobs(int few) {
        return share(few, OF_CRON_JOBS);
    }

    static int ofPods(int few) {
        return share(few, OF_PODS);
    }

    /** {@code -Dworlds=10000} for each kind, in equal parts for the scenarios that know all faults. */
    private static int share(int few, int scenarios) {
        int worlds = Integer.getInteger("worlds", 0);
        return worlds == 0 ? orAsAsked(few) : (worlds + scenarios - 1) / scenarios;
    }

    /** Where there is time, each commit of the scenario goes wrong in turn, too. */
    static Trials exhaustiveIfAsked(Trials trials) {
        return Integer.getInteger("seeds") == null ? trials : trials.exhaustive();
    }
}
