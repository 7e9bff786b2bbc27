/**
 * The classic exercises with namespaces, control groups and workloads, one program in one file each: {@link
 * dev.corral.examples.classic.NetworkNamespace} is a good one to begin with.
 */
@NullMarked
package dev.corral.examples.classic;

import org.jspecify.annotations.NullMarked;
