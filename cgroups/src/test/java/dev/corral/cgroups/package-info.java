@NullMarked
package dev.corral.cgroups;

import org.jspecify.annotations.NullMarked;
