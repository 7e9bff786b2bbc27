package dev.corral.reconcile.workload;

import java.time.Instant;

/**
 * A template that a Deployment, StatefulSet or DaemonSet has or had, under its number: what it can go back to. A snapshot.
 *
 * @param number 1 or more; the largest is the newest, and a template that comes back gets a new one
 * @param name of the ReplicaSet or ControllerRevision that keeps it
 * @param template without what tells the pods of one revision from those of another
 * @param created when the template came up for the first time
 * @param present whether it is the template that is declared now
 */
public record Revision(long number, String name, PodTemplate template, Instant created, boolean present) {}
