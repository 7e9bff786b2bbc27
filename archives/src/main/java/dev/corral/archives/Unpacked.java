package dev.corral.archives;

import dev.corral.ByteSize;
import java.util.List;

/**
 * What came out of an archive.
 *
 * @param entries all that the archive has, skipped ones included
 * @param bytes content of all files
 * @param remarks what is not as the archive has it, an entry each: devices and pipes left out, set-user-ID bits dropped; the
 *     first thousand of them
 */
public record Unpacked(long entries, ByteSize bytes, List<String> remarks) {
    public Unpacked {
        remarks = List.copyOf(remarks);
    }
}
