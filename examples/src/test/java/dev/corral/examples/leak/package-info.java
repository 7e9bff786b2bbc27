/** Whether a child leaves anything behind when everything that Corral can do to it comes together. */
@NullMarked
package dev.corral.examples.leak;

import org.jspecify.annotations.NullMarked;
