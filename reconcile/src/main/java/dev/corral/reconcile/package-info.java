@NullMarked
package dev.corral.reconcile;

import org.jspecify.annotations.NullMarked;
