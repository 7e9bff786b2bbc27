package dev.corral.namespaces;

import dev.corral.ByteSize;
import java.util.List;

/**
 * What a copy has made.
 *
 * @param files regular files
 * @param directories those that were not there before
 * @param links symbolic links
 * @param bytes content of all files
 * @param skipped paths below the source, or the source itself, of devices, pipes and sockets;
 *     the first thousand of them
 */
public record Copied(long files, long directories, long links, ByteSize bytes, List<String> skipped) {
    public Copied {
        skipped = List.copyOf(skipped);
    }
}
