package dev.corral.reconcile.node;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.workload.ContainerRuntime;
import java.util.concurrent.Executor;

/**
 * What an agent takes from the outside.
 *
 * @param runtime starts containers
 * @param prober asks them whether they are ready
 * @param executor runs what may block: starts, ends and probes
 */
public record Seams(ContainerRuntime runtime, Prober prober, Clock clock, Executor executor) {}
