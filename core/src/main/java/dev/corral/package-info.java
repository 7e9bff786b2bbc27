/**
 * Starts child processes and tells how they ended. Start reading at {@link dev.corral.Command}.
 */
@NullMarked
package dev.corral;

import org.jspecify.annotations.NullMarked;
