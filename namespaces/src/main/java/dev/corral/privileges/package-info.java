/**
 * What a child may do: which capabilities it has ({@link dev.corral.privileges.Privileges}), which system calls it may make
 * ({@link dev.corral.privileges.Seccomp}), which files and ports it may reach ({@link dev.corral.privileges.Landlock}). Each
 * is an immutable value for {@code Command.with(...)}.
 */
@NullMarked
package dev.corral.privileges;

import org.jspecify.annotations.NullMarked;
