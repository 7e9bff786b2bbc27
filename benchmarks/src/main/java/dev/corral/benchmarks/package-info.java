/**
 * How long it takes to launch a child, beside other tools in the same run. Start from {@link
 * dev.corral.benchmarks.LaunchBenchmark}.
 */
@NullMarked
package dev.corral.benchmarks;

import org.jspecify.annotations.NullMarked;
