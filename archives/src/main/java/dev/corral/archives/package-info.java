/** Root file systems out of archives. Start from {@link dev.corral.archives.TarArchive}. */
@NullMarked
package dev.corral.archives;

import org.jspecify.annotations.NullMarked;
