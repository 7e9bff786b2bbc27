/** The samples of the guide page on workloads: {@code docs/workloads.md}. */
@NullMarked
package dev.corral.examples.kinds;

import org.jspecify.annotations.NullMarked;
