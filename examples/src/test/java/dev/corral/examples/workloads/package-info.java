@NullMarked
package dev.corral.examples.workloads;

import org.jspecify.annotations.NullMarked;
