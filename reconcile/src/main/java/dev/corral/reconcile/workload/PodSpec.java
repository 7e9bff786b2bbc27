package dev.corral.reconcile.workload;

import dev.corral.reconcile.NameRule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What runs together as one pod. Source: Kubernetes API, {@code PodSpec}.
 *
 * @param initContainers run before the containers, one after the other, each once the one before has succeeded; a sidecar among
 *     them, whose restart policy is {@link RestartPolicy#ALWAYS}, runs on, and the next one begins once it has started
 * @param containers at least one; all start at once
 * @param restartPolicy what happens when one has ended
 * @param activeDeadline from when its agent saw it first until it fails and what runs of it is ended, at least a second; empty for
 *     no such bound
 * @param readinessGates types of conditions that must hold as well before it is ready
 * @param terminationGracePeriod from the deletion of the pod until what still runs is killed, 0 or more
 * @param nodeName the node it runs on; empty until the scheduler has found one, and then never changed
 * @param nodeSelector labels that its node must have
 * @param affinity what else its node must be like
 * @param tolerations which taints its node may have
 * @param hostname the host name inside, a DNS label; the pod's name if empty
 * @param subdomain what its host name belongs to, a DNS label
 * @param extension what Kubernetes has no word for; empty for nothing of that
 * @param volumes files for its containers, names unique
 * @param securityContext who its containers run as, unless one says otherwise
 * @param hostNetwork false for a network of the pod's own, with a loopback device and nothing else; true, and empty, for the host's
 * @param hostPID whether its containers see the host's processes
 * @param hostIPC whether its containers use the host's shared memory and message queues
 * @param shareProcessNamespace whether its containers see each other's processes
 */
public record PodSpec(
        List<Container> initContainers,
        List<Container> containers,
        RestartPolicy restartPolicy,
        Optional<Duration> activeDeadline,
        List<String> readinessGates,
        Duration terminationGracePeriod,
        Optional<String> nodeName,
        Map<String, String> nodeSelector,
        Optional<Affinity> affinity,
        List<Toleration> tolerations,
        Optional<String> hostname,
        Optional<String> subdomain,
        Optional<PodExtension> extension,
        List<Volume> volumes,
        Optional<PodSecurityContext> securityContext,
        Optional<Boolean> hostNetwork,
        Optional<Boolean> hostPID,
        Optional<Boolean> hostIPC,
        Optional<Boolean> shareProcessNamespace) {
    private static final String ANEW = ": delete the pod and apply it anew";

    public PodSpec {
        initContainers = List.copyOf(initContainers);
        containers = List.copyOf(containers);
        readinessGates = List.copyOf(readinessGates);
        nodeSelector = Copies.sorted(nodeSelector);
        tolerations = List.copyOf(tolerations);
        volumes = List.copyOf(volumes);
    }

    /** A pod without containers yet: restarted always, 30 s of grace. */
    public static PodSpec empty() {
        return new PodSpec(
                List.of(),
                List.of(),
                RestartPolicy.ALWAYS,
                Optional.empty(),
                List.of(),
                Duration.ofSeconds(30),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public PodSpec restartPolicy(RestartPolicy policy) {
        return with(fields -> fields.restartPolicy = policy);
    }

    public PodSpec terminationGracePeriod(Duration grace) {
        return with(fields -> fields.terminationGracePeriod = grace);
    }

    /** Fails and is ended so long after its agent saw it first. */
    public PodSpec activeDeadline(Duration limit) {
        return with(fields -> fields.activeDeadline = Optional.of(limit));
    }

    /** Ready only while its status has a condition of this type that holds, besides its containers' readiness. */
    public PodSpec readinessGate(String conditionType) {
        return with(fields -> fields.readinessGates = Copies.with(readinessGates, conditionType));
    }

    /** What else is started again when a container is. */
    public PodSpec siblingRestarts(SiblingRestarts restarts) {
        return extension(new PodExtension(restarts, beyond().giveUp(), confines()));
    }

    /**
     * Fails for good, with the reason {@code RestartLimitExceeded}, instead of one restart more than so many within a window.
     *
     * @param window longer than what so many restarts in a row wait for
     */
    public PodSpec giveUpAfter(int restarts, Duration window) {
        return extension(
                new PodExtension(beyond().siblingRestarts(), Optional.of(new GiveUp(restarts, window)), confines()));
    }

    private PodSpec extension(PodExtension other) {
        return with(fields -> fields.extension = Optional.of(other));
    }

    /** What Kubernetes has no word for, with its defaults. */
    PodExtension beyond() {
        return extension.orElseGet(PodExtension::none);
    }

    /** On this node, without asking a scheduler. */
    public PodSpec nodeName(String node) {
        return with(fields -> fields.nodeName = Optional.of(node));
    }

    /** Only on nodes that have this label, besides others asked for. */
    public PodSpec nodeSelector(String key, String value) {
        return with(fields -> fields.nodeSelector = Copies.with(nodeSelector, key, value));
    }

    /** Only on nodes that one of these terms matches, which replace those from before; the node selector holds besides. */
    public PodSpec nodeAffinity(NodeSelectorTerm... terms) {
        return with(fields -> fields.affinity = Optional.of(Affinity.required(List.of(terms))));
    }

    /** Also on nodes that have such a taint. */
    public PodSpec toleration(Toleration toleration) {
        return tolerations.contains(toleration)
                ? this
                : with(fields -> fields.tolerations = Copies.with(tolerations, toleration));
    }

    /** The host name inside. */
    public PodSpec hostname(String label) {
        return with(fields -> fields.hostname = Optional.of(label));
    }

    /** What the host name belongs to. */
    public PodSpec subdomain(String label) {
        return with(fields -> fields.subdomain = Optional.of(label));
    }

    /** With one more volume; one of the same name keeps its place. */
    public PodSpec volume(Volume volume) {
        List<Volume> all = Copies.replacing(volumes, old -> old.name().equals(volume.name()), volume);
        return with(fields -> fields.volumes = all);
    }

    /** Edits who its containers run as. */
    public PodSpec securityContext(UnaryOperator<PodSecurityContext> edit) {
        PodSecurityContext edited = edit.apply(securityContext.orElseGet(PodSecurityContext::unset));
        return with(fields -> fields.securityContext = Optional.of(edited));
    }

    /** On the host's network, or on one of the pod's own. */
    public PodSpec hostNetwork(boolean shared) {
        return with(fields -> fields.hostNetwork = Optional.of(shared));
    }

    /** Whether its containers see the host's processes. */
    public PodSpec hostPID(boolean shared) {
        return with(fields -> fields.hostPID = Optional.of(shared));
    }

    /** Whether its containers use the host's shared memory and message queues. */
    public PodSpec hostIPC(boolean shared) {
        return with(fields -> fields.hostIPC = Optional.of(shared));
    }

    /** Whether its containers see each other's processes. */
    public PodSpec shareProcessNamespace(boolean shared) {
        return with(fields -> fields.shareProcessNamespace = Optional.of(shared));
    }

    /** The same for equal specs, in every JVM, and another one for any other: SHA-256 over a canonical text, in hexadecimal. */
    public String digest() {
        try {
            byte[] text = CanonicalText.of(this).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The init containers, and then the others. */
    public List<Container> allContainers() {
        return Stream.concat(initContainers.stream(), containers.stream()).toList();
    }

    /** Edits how its containers are confined beyond what Kubernetes has words for. */
    public PodSpec confines(UnaryOperator<Confines> edit) {
        Confines edited = edit.apply(confines().orElseGet(Confines::unset));
        return extension(new PodExtension(beyond().siblingRestarts(), beyond().giveUp(), Optional.of(edited)));
    }

    /** How its containers are confined, as far as Kubernetes has no word for it. */
    public Optional<Confines> confines() {
        return extension.flatMap(PodExtension::confines);
    }

    /** Edits the only container, named {@code main} if there was none; with several it is an IllegalArgumentException. */
    public PodSpec container(UnaryOperator<Container> edit) {
        if (containers.size() > 1) {
            throw new IllegalArgumentException("there are " + containers.size() + " containers, "
                    + containers.stream().map(Container::name).toList() + ": say which one to edit");
        }
        return container(containers.isEmpty() ? "main" : containers.get(0).name(), edit);
    }

    /** Edits the container of a name, adding it if absent. */
    public PodSpec container(String name, UnaryOperator<Container> edit) {
        return with(fields -> fields.containers = edited(containers, name, edit));
    }

    /** Edits the init container of a name, adding it after the others if absent. */
    public PodSpec initContainer(String name, UnaryOperator<Container> edit) {
        return with(fields -> fields.initContainers = edited(initContainers, name, edit));
    }

    /** Edits the sidecar of a name, adding it after the other init containers if absent: it is restarted always. */
    public PodSpec sidecar(String name, UnaryOperator<Container> edit) {
        return initContainer(name, container -> edit.apply(container).restartPolicy(RestartPolicy.ALWAYS));
    }

    private static List<Container> edited(List<Container> containers, String name, UnaryOperator<Container> edit) {
        Container old = containers.stream()
                .filter(container -> container.name().equals(name))
                .findFirst()
                .orElseGet(() -> Container.named(name));
        return Copies.replacing(new ArrayList<>(containers), any -> any.name().equals(name), edit.apply(old));
    }

    /** As in Kubernetes the containers of a pod stay the same ones; what each of them is may change. */
    void validateChange(Problems problems, PodSpec before) {
        Set<String> names = new TreeSet<>(names(containers));
        Set<String> namesBefore = new TreeSet<>(names(before.containers));
        problems.at("containers")
                .require(
                        names.equals(namesBefore),
                        names,
                        "containers can't be added nor removed, it has " + namesBefore + ANEW);
        problems.at("initContainers")
                .require(
                        roles(initContainers).equals(roles(before.initContainers)),
                        roles(initContainers),
                        "init containers can't be added, removed, put in another order nor made sidecars, it has "
                                + roles(before.initContainers) + ANEW);
        problems.unchanged("restartPolicy", before.restartPolicy, restartPolicy);
        problems.unchanged("terminationGracePeriod", before.terminationGracePeriod, terminationGracePeriod);
        problems.unchanged("readinessGates", before.readinessGates, readinessGates);
        problems.at("activeDeadline")
                .require(
                        before.activeDeadline.isEmpty()
                                || activeDeadline
                                        .filter(limit -> limit.compareTo(before.activeDeadline.get()) <= 0)
                                        .isPresent(),
                        activeDeadline.map(Duration::toString).orElse("none"),
                        "it can only become less than " + before.activeDeadline.orElse(Duration.ZERO));
        problems.unchanged("extension", before.beyond(), beyond());
        problems.at("nodeName")
                .require(
                        before.nodeName.isEmpty() || nodeName.equals(before.nodeName),
                        nodeName.orElse("none"),
                        "a pod stays on its node, " + before.nodeName.orElse(""));
        problems.unchanged("nodeSelector", before.nodeSelector, nodeSelector);
        problems.at("affinity").require(affinity.equals(before.affinity), "another", Problems.UNCHANGEABLE);
        problems.at("tolerations")
                .require(tolerations.containsAll(before.tolerations), tolerations, "they can only be added to");
        problems.unchanged("hostname", before.hostname, hostname);
        problems.unchanged("subdomain", before.subdomain, subdomain);
        problems.at("volumes").require(volumes.equals(before.volumes), "another", Problems.UNCHANGEABLE);
        problems.at("securityContext")
                .require(securityContext.equals(before.securityContext), "another", Problems.UNCHANGEABLE);
        problems.unchanged("hostNetwork", before.hostNetwork, hostNetwork);
        problems.unchanged("hostPID", before.hostPID, hostPID);
        problems.unchanged("hostIPC", before.hostIPC, hostIPC);
        problems.unchanged("shareProcessNamespace", before.shareProcessNamespace, shareProcessNamespace);
    }

    private static List<String> names(List<Container> containers) {
        return containers.stream().map(Container::name).toList();
    }

    private static List<String> roles(List<Container> initContainers) {
        return initContainers.stream()
                .map(container -> container.name() + (container.restartsAlways() ? " (sidecar)" : ""))
                .toList();
    }

    void validate(Problems problems) {
        problems.at("containers").require(!containers.isEmpty(), containers, "a pod needs a container");
        problems.each("initContainers", initContainers, (each, at) -> each.validateInit(at, terminationGracePeriod));
        problems.each("containers", containers, (each, at) -> each.validate(at, terminationGracePeriod));
        Set<String> names = new HashSet<>();
        Set<String> ports = new HashSet<>();
        for (String field : List.of("initContainers", "containers")) {
            problems.each(field, field.equals("containers") ? containers : initContainers, (container, at) -> {
                at.at("name").require(names.add(container.name()), container.name(), "this name is taken already");
                at.each(
                        "ports",
                        container.ports(),
                        (port, here) -> here.at("name")
                                .require(ports.add(port.name()), port.name(), "another port has this name"));
            });
        }
        activeDeadline.ifPresent(limit -> problems.at("activeDeadline")
                .require(limit.compareTo(Duration.ofSeconds(1)) >= 0, limit, "it must be at least 1 s"));
        problems.each(
                "readinessGates",
                readinessGates,
                (type, at) -> at.require(Names.isLabelKey(type), type, Names.CONDITION_HINT));
        extension.ifPresent(beyond -> beyond.validate(problems.at("extension")));
        problems.at("terminationGracePeriod")
                .require(!terminationGracePeriod.isNegative(), terminationGracePeriod, "it must be 0 or more");
        nodeName.ifPresent(name -> problems.at("nodeName").rule(NameRule.DNS_SUBDOMAIN, name));
        problems.labels("nodeSelector", nodeSelector);
        affinity.ifPresent(wanted -> wanted.validate(problems.at("affinity")));
        problems.each("tolerations", tolerations, Toleration::validate);
        hostname.ifPresent(name -> problems.at("hostname").rule(NameRule.DNS_LABEL, name));
        subdomain.ifPresent(name -> problems.at("subdomain").rule(NameRule.DNS_LABEL, name));
        problems.each("volumes", volumes, Volume::validate);
        problems.unique("volumes", volumes.stream().map(Volume::name).toList());
        securityContext.ifPresent(context -> context.validate(problems.at("securityContext")));
        problems.at("shareProcessNamespace")
                .require(
                        !shareProcessNamespace.orElse(false) || !hostPID.orElse(false),
                        true,
                        "with hostPID there are no processes of the pod's own");
        problems.each("initContainers", initContainers, (container, here) -> container.validateIn(this, here));
        problems.each("containers", containers, (container, here) -> container.validateIn(this, here));
    }

    private PodSpec with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.spec();
    }

    /** A copy that can be changed, so that each change names its field only. */
    private static final class Fields {
        List<Container> initContainers;
        List<Container> containers;
        RestartPolicy restartPolicy;
        Optional<Duration> activeDeadline;
        List<String> readinessGates;
        Duration terminationGracePeriod;
        Optional<String> nodeName;
        Map<String, String> nodeSelector;
        Optional<Affinity> affinity;
        List<Toleration> tolerations;
        Optional<String> hostname;
        Optional<String> subdomain;
        Optional<PodExtension> extension;
        List<Volume> volumes;
        Optional<PodSecurityContext> securityContext;
        Optional<Boolean> hostNetwork;
        Optional<Boolean> hostPID;
        Optional<Boolean> hostIPC;
        Optional<Boolean> shareProcessNamespace;

        Fields(PodSpec spec) {
            initContainers = spec.initContainers;
            containers = spec.containers;
            restartPolicy = spec.restartPolicy;
            activeDeadline = spec.activeDeadline;
            readinessGates = spec.readinessGates;
            terminationGracePeriod = spec.terminationGracePeriod;
            nodeName = spec.nodeName;
            nodeSelector = spec.nodeSelector;
            affinity = spec.affinity;
            tolerations = spec.tolerations;
            hostname = spec.hostname;
            subdomain = spec.subdomain;
            extension = spec.extension;
            volumes = spec.volumes;
            securityContext = spec.securityContext;
            hostNetwork = spec.hostNetwork;
            hostPID = spec.hostPID;
            hostIPC = spec.hostIPC;
            shareProcessNamespace = spec.shareProcessNamespace;
        }

        PodSpec spec() {
            return new PodSpec(
                    initContainers,
                    containers,
                    restartPolicy,
                    activeDeadline,
                    readinessGates,
                    terminationGracePeriod,
                    nodeName,
                    nodeSelector,
                    affinity,
                    tolerations,
                    hostname,
                    subdomain,
                    extension,
                    volumes,
                    securityContext,
                    hostNetwork,
                    hostPID,
                    hostIPC,
                    shareProcessNamespace);
        }
    }
}
