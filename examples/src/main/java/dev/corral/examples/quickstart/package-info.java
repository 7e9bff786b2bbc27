/**
 * The main job of Corral, shown on the kernel at hand: start reading at {@link dev.corral.examples.quickstart.Quickstart}.
 * Each thing that is claimed is checked against the kernel, not against what Corral says of itself.
 */
@NullMarked
package dev.corral.examples.quickstart;

import org.jspecify.annotations.NullMarked;
