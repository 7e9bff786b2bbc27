/**
 * The programs that the quickstart keeps running as children: a small web server, and one that takes memory without end.
 * They need nothing but the JDK.
 */
@NullMarked
package dev.corral.examples.quickstart.payload;

import org.jspecify.annotations.NullMarked;
