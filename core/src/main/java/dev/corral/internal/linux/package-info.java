/**
 * The one room that talks to the kernel through JNA. Not part of the API: it may change in any release. Start reading at
 * {@link dev.corral.internal.linux.LibC}.
 */
@NullMarked
package dev.corral.internal.linux;

import org.jspecify.annotations.NullMarked;
