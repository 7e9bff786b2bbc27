/** Tests of networks: the kernel's messages against what ip sends, and real namespaces that stand in for a host. */
@NullMarked
package dev.corral.network;

import org.jspecify.annotations.NullMarked;
