package dev.corral.reconcile.node;

import java.util.Map;

/**
 * A question to a container that is asked by code of this JVM: a probe names it. Used by many threads at once; it is interrupted
 * when the probe's timeout is over. One that goes on for all that fails, is not asked again about the same run before it has
 * returned, and holds up the end of its plane by 20 s.
 */
@FunctionalInterface
public interface ProbeFunction {
    /** Whether the container is well. An exception means that it is not. */
    boolean ask(Target target) throws Exception;

    /**
     * Who is asked.
     *
     * @param pod the pod's name
     * @param container the container's name
     * @param ports the numbers of its ports on loopback, by name
     */
    record Target(String pod, String container, Map<String, Integer> ports) {
        public Target {
            ports = Map.copyOf(ports);
        }
    }
}
