/**
 * Reconcilers that are wrong on purpose, each in one way that is known to happen, beside a right twin. The simulation has to find
 * every wrong one, and nothing in a right one.
 */
@NullMarked
package dev.corral.reconcile.testing.wrong;

import org.jspecify.annotations.NullMarked;
