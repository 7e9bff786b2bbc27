package dev.corral.network;

import org.jspecify.annotations.Nullable;

/**
 * A network up to the moment at which the child is there: what the calling thread's network and privilege are needed for.
 * Closed by whoever made it; that does nothing once a child has it.
 */
abstract class Prepared implements AutoCloseable {
    private final Undo undo;
    private volatile @Nullable Attachment attached;

    /** @param undo what has been made so far */
    Prepared(Undo undo) {
        this.undo = undo;
    }

    static Prepared of(Network network) {
        Undo undo = new Undo();
        try {
            if (network instanceof BridgeNetwork bridge) {
                return BridgeAttach.prepare(bridge, undo);
            }
            if (network instanceof VethNetwork veth) {
                return VethAttach.prepare(veth, undo);
            }
            if (network instanceof UserModeNetwork userMode) {
                return UserModeAttach.prepare(userMode, undo);
            }
            return LoopbackAttach.prepare((LoopbackNetwork) network, undo);
        } catch (RuntimeException | Error failed) {
            undo.after(failed);
            throw failed;
        }
    }

    /** Gives it to a child; once, and from any thread. Nothing is left when it fails. */
    final Attachment attach(long pid) {
        try {
            Attachment attachment = connect(pid, undo);
            attached = attachment;
            return attachment;
        } catch (RuntimeException | Error failed) {
            undo.after(failed);
            throw failed;
        }
    }

    /** @param undo takes what is made, to be given back by the attachment */
    abstract Attachment connect(long pid, Undo undo);

    @Override
    public final void close() {
        if (attached == null) {
            undo.close();
        }
    }

    /** The child has ended: what it was connected by ends with it, whenever it is closed. */
    final void end() {
        Attachment given = attached;
        if (given != null) {
            given.closeQuietly();
        }
    }
}
