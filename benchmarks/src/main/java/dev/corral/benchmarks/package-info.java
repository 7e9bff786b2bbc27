/**
 * What Corral costs, beside C and other tools in the same run, and what JMH sees inside the JVM. Start from {@link
 * dev.corral.benchmarks.Benchmarks}: a topic measures {@link dev.corral.benchmarks.Candidate}s with {@link
 * dev.corral.benchmarks.Figures} or {@link dev.corral.benchmarks.Jmh}, compares them with {@link dev.corral.benchmarks.Goal}s and puts
 * both on the {@link dev.corral.benchmarks.Page}.
 */
@NullMarked
package dev.corral.benchmarks;

import org.jspecify.annotations.NullMarked;
