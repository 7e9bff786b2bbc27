/** The code of the README and the guide, compiled and run: {@link dev.corral.examples.readme.ReadmeTest} compares the two. */
@NullMarked
package dev.corral.examples.readme;

import org.jspecify.annotations.NullMarked;
