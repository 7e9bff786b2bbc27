package dev.corral.reconcile;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** All that the engine takes from the outside, its store apart. */
record World(Clock clock, Executor executor, RandomGenerator random, Leadership leadership) {}
