package dev.corral.network;

import dev.corral.internal.linux.ErrnoException;
import java.util.List;
import java.util.concurrent.Callable;

/** Looks at network interfaces, as {@code ip addr} does. */
public final class Links {
    private Links() {}

    /** Those of the calling thread's network, by index; a snapshot. */
    public static List<Link> list() {
        return read("listing interfaces", Rtnetlink::open);
    }

    /**
     * Those of the network that a process is in, by index; a snapshot.
     *
     * @throws ProcessGone if there is no such process
     * @throws NetworkDenied if this JVM may not enter another network: it takes CAP_SYS_ADMIN
     */
    public static List<Link> of(long pid) {
        try (ChildNamespace namespace = ChildNamespace.any(pid)) {
            return read("listing interfaces of pid " + pid, () -> namespace.call(Rtnetlink::open));
        }
    }

    private static List<Link> read(String doing, Callable<Rtnetlink> opening) {
        try (Rtnetlink open = opening.call()) {
            return open.links();
        } catch (NetlinkRefused refused) {
            throw NetworkErrors.of(doing, refused);
        } catch (ErrnoException refused) {
            throw NetworkErrors.of(doing, refused);
        } catch (RuntimeException plain) {
            throw plain;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
