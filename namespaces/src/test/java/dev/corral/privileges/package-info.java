@NullMarked
package dev.corral.privileges;

import org.jspecify.annotations.NullMarked;
