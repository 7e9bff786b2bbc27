package dev.corral.reconcile.workload;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a pod refers to in other objects, as they are at one moment.
 *
 * @param configMaps their data, by name
 * @param secrets their data, by name
 * @param missing what is not there and without which the pod can't start, a sentence for each
 */
public record PodContents(
        Map<String, Map<String, Content>> configMaps, Map<String, Map<String, Content>> secrets, List<String> missing) {
    public PodContents {
        configMaps = Copies.sorted(configMaps);
        secrets = Copies.sorted(secrets);
        missing = List.copyOf(missing);
    }

    /** Of a pod that refers to nothing. */
    public static PodContents none() {
        return new PodContents(Map.of(), Map.of(), List.of());
    }

    /** Looks up all that a pod of a namespace refers to. */
    public static PodContents of(PodSpec pod, String namespace, Snapshot snapshot) {
        Search search = new Search(namespace, snapshot);
        pod.volumes().forEach(volume -> search.volume(volume.source()));
        for (Container container : pod.allContainers()) {
            container.envFrom().forEach(from -> search.object(from.source()));
            container.env().forEach(variable -> variable.valueFrom().ifPresent(search::variable));
        }
        return new PodContents(
                search.configMaps,
                search.secrets,
                search.missing.stream().distinct().toList());
    }

    /** The value of a variable; empty if it is optional and there is nothing. */
    Optional<String> value(EnvSource source, ContainerRuntime.Identity identity, PodSpec pod) {
        if (source instanceof EnvSource.ConfigMapKey from) {
            return text(configMaps, from.name(), from.key());
        }
        if (source instanceof EnvSource.SecretKey from) {
            return text(secrets, from.name(), from.key());
        }
        return Optional.of(
                switch (((EnvSource.PodField) source).fieldPath()) {
                    case "metadata.name" -> identity.pod();
                    case "metadata.uid" -> identity.uid();
                    default -> pod.nodeName().orElse("");
                });
    }

    /** The data behind a source of variables; nothing if it is optional and not there. */
    Map<String, Content> data(EnvFrom.Source source) {
        return (source instanceof EnvFrom.OfConfigMap ? configMaps : secrets).getOrDefault(source.name(), Map.of());
    }

    private static Optional<String> text(Map<String, Map<String, Content>> objects, String name, String key) {
        return Optional.ofNullable(objects.getOrDefault(name, Map.of()).get(key))
                .map(Content::text);
    }

    private static final class Search {
        private final String namespace;
        private final Snapshot snapshot;
        private final Map<String, Map<String, Content>> configMaps = new TreeMap<>();
        private final Map<String, Map<String, Content>> secrets = new TreeMap<>();
        private final List<String> missing = new ArrayList<>();

        Search(String namespace, Snapshot snapshot) {
            this.namespace = namespace;
            this.snapshot = snapshot;
        }

        void volume(VolumeSource source) {
            if (source instanceof VolumeSource.FromConfigMap from) {
                boolean there = configMap(from.name(), from.optional());
                items(from.items(), "ConfigMap", from.name(), configMaps, there && !from.optional());
            } else if (source instanceof VolumeSource.FromSecret from) {
                boolean there = secret(from.secretName(), from.optional());
                items(from.items(), "Secret", from.secretName(), secrets, there && !from.optional());
            } else if (source instanceof VolumeSource.FromClaim claim
                    && exists(PersistentVolumeClaim.KIND, claim.claimName()).isEmpty()) {
                missing.add("there is no PersistentVolumeClaim " + claim.claimName());
            }
        }

        void object(EnvFrom.Source source) {
            if (source instanceof EnvFrom.OfConfigMap) {
                configMap(source.name(), source.optional());
            } else {
                secret(source.name(), source.optional());
            }
        }

        void variable(EnvSource source) {
            if (source instanceof EnvSource.ConfigMapKey from) {
                boolean there = configMap(from.name(), from.optional());
                key("ConfigMap", from.name(), from.key(), configMaps, there && !from.optional());
            } else if (source instanceof EnvSource.SecretKey from) {
                boolean there = secret(from.name(), from.optional());
                key("Secret", from.name(), from.key(), secrets, there && !from.optional());
            }
        }

        private boolean configMap(String name, boolean optional) {
            return found(
                    "ConfigMap", name, exists(ConfigMap.KIND, name).map(ConfigMapSpec::data), configMaps, optional);
        }

        private boolean secret(String name, boolean optional) {
            return found("Secret", name, exists(Secret.KIND, name).map(SecretSpec::data), secrets, optional);
        }

        private boolean found(
                String kind,
                String name,
                Optional<Map<String, Content>> data,
                Map<String, Map<String, Content>> into,
                boolean optional) {
            data.ifPresent(content -> into.put(name, content));
            if (data.isEmpty() && !optional) {
                missing.add("there is no " + kind + " " + name);
            }
            return data.isPresent();
        }

        private void items(
                List<KeyToPath> items,
                String kind,
                String name,
                Map<String, Map<String, Content>> objects,
                boolean required) {
            items.forEach(item -> key(kind, name, item.key(), objects, required));
        }

        private void key(
                String kind, String name, String key, Map<String, Map<String, Content>> objects, boolean required) {
            if (required && !objects.getOrDefault(name, Map.of()).containsKey(key)) {
                missing.add(kind + " " + name + " has no key " + key);
            }
        }

        private <S, T> Optional<S> exists(Kind<S, T> kind, String name) {
            return snapshot.get(kind, new Key(namespace, name)).map(found -> found.spec());
        }
    }
}
