package dev.corral.reconcile.plane;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerPort;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a ready pod can be reached, at one moment: it may go at any time, unless it is leased.
 *
 * @param pod the pod's name
 * @param uid the pod's
 * @param ports the numbers of its ports on loopback by name, in the order in which its containers name them
 */
public record Endpoint(String pod, String uid, Map<String, Integer> ports) {
    public Endpoint {
        ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
    }

    static Endpoint of(Resource<PodSpec, PodStatus> pod) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        List<Container> all = new ArrayList<>(pod.spec().containers());
        all.addAll(pod.spec().initContainers()); // a sidecar may be what is reached
        for (Container container : all) {
            Map<String, Integer> numbers = pod.status()
                    .container(container.name())
                    .map(ContainerStatus::ports)
                    .orElse(Map.of());
            for (ContainerPort port : container.ports()) {
                Integer number = numbers.get(port.name());
                if (number != null) {
                    ports.putIfAbsent(port.name(), number);
                }
            }
        }
        return new Endpoint(pod.name(), pod.metadata().uid(), ports);
    }

    /** The address of its first port. An IllegalStateException if its containers name no port. */
    public InetSocketAddress address() {
        return ports.values().stream()
                .findFirst()
                .map(Endpoint::onLoopback)
                .orElseThrow(() -> new IllegalStateException("pod " + pod + " names no port"));
    }

    /** The address of a port. An IllegalArgumentException if its containers name no such port. */
    public InetSocketAddress address(String port) {
        Integer number = ports.get(port);
        if (number == null) {
            throw new IllegalArgumentException("pod " + pod + " names no port '" + port + "', only " + ports.keySet());
        }
        return onLoopback(number);
    }

    private static InetSocketAddress onLoopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
