/**
 * What a child sees of the system: namespaces of its own. Start reading at {@link dev.corral.namespaces.Isolation}.
 */
@NullMarked
package dev.corral.namespaces;

import org.jspecify.annotations.NullMarked;
