/**
 * Workloads by example, one program in one file each: {@link dev.corral.examples.workloads.RollingServers}, {@link
 * dev.corral.examples.workloads.OrderedStore}, {@link dev.corral.examples.workloads.HundredItems} and {@link
 * dev.corral.examples.workloads.Nightly}.
 */
@NullMarked
package dev.corral.examples.workloads;

import org.jspecify.annotations.NullMarked;
