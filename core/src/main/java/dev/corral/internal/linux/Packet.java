package dev.corral.internal.linux;

/**
 * One packet: its bytes (none at end of file), the descriptors that came with it, the sender's pid or 0, and whether
 * descriptors were lost because this process may not open any more.
 */
public final class Packet {
    private final byte[] bytes;
    private final int[] descriptors;
    private final int sender;
    private final boolean truncated;

    Packet(byte[] bytes, int[] descriptors, int sender, boolean truncated) {
        this.bytes = bytes;
        this.descriptors = descriptors;
        this.sender = sender;
        this.truncated = truncated;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int[] descriptors() {
        return descriptors;
    }

    public int sender() {
        return sender;
    }

    public boolean truncated() {
        return truncated;
    }

    public boolean end() {
        return bytes.length == 0;
    }
}
