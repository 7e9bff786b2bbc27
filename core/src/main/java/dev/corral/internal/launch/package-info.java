/**
 * How a launch is carried out: plan, protocol, launcher process, wait for the end. Not part of the API. Start reading at
 * {@link dev.corral.internal.launch.Launcher}.
 */
@NullMarked
package dev.corral.internal.launch;

import org.jspecify.annotations.NullMarked;
