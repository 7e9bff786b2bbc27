/**
 * A network of its own for a child, and ports of it published on the host. Start reading at {@link
 * dev.corral.network.Network}.
 */
@NullMarked
package dev.corral.network;

import org.jspecify.annotations.NullMarked;
