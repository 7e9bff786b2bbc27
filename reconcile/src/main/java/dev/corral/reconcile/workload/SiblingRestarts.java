package dev.corral.reconcile.workload;

/** What else is started again when a container of a pod is. Names and meanings are those of supervisors in Erlang/OTP. */
public enum SiblingRestarts {
    /** Nothing else. */
    ONE_FOR_ONE,
    /** The whole pod: all containers are ended in the reverse order of their start, and it begins again with its init containers. */
    ONE_FOR_ALL,
    /** The containers that are declared after it. */
    REST_FOR_ONE
}
