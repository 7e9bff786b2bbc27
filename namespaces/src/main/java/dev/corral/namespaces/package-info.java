@NullMarked
package dev.corral.namespaces;

import org.jspecify.annotations.NullMarked;
