package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The directories of a StatefulSet's pods. One that shall outlive the set belongs to nobody; one that goes with the set, or is
 * about to go since its pod is gone for good, belongs to the set.
 */
final class StorageClaims {
    private final Context<StatefulSetSpec, StatefulSetStatus> set;
    private final StatefulSetSpec spec;
    private final Set<Integer> pods;
    private final List<Declared<?, ?>> wanted = new ArrayList<>();
    private final List<Resource<?, ?>> kept = new ArrayList<>();
    private boolean again;

    /** @param pods the ordinals for which there is a pod, those that are going included */
    StorageClaims(Context<StatefulSetSpec, StatefulSetStatus> set, Set<Integer> pods) {
        this.set = set;
        this.spec = set.spec();
        this.pods = pods;
        for (VolumeClaimTemplate template : spec.volumeClaimTemplates()) {
            for (int position = 0; position < spec.replicas(); position++) {
                wanted.add(belonging(claim(template, spec.startOrdinal() + position)));
            }
            String prefix = template.name() + "-" + set.name();
            set.list(PersistentVolumeClaim.KIND, claim -> true).forEach(claim -> {
                OptionalInt ordinal = StatefulSetController.ordinal(prefix, claim.name());
                if (ordinal.isPresent() && !spec.wants(ordinal.getAsInt())) {
                    surplus(claim, ordinal.getAsInt());
                }
            });
        }
    }

    List<Declared<?, ?>> wanted() {
        return wanted;
    }

    List<Resource<?, ?>> kept() {
        return kept;
    }

    /** Whether another pass has to go on. */
    boolean again() {
        return again;
    }

    private PersistentVolumeClaim claim(VolumeClaimTemplate template, int ordinal) {
        String pod = StatefulSetController.podName(set.name(), ordinal);
        Map<String, String> labels = Copies.with(spec.selector().matchLabels(), StatefulSet.POD_NAME_LABEL, pod);
        return new PersistentVolumeClaim(template.name() + "-" + pod, labels, template.spec());
    }

    private Declared<?, ?> belonging(PersistentVolumeClaim claim) {
        return spec.retentionPolicy().whenDeleted() == RetentionPolicy.Retention.DELETE
                ? claim.adoptedIfThere()
                : claim.outlivingItsOwner();
    }

    /** A claim that no wanted pod uses. Once the pod is gone it is made a child, and a child that isn't listed is deleted. */
    private void surplus(Resource<PersistentVolumeClaimSpec, PersistentVolumeClaimStatus> claim, int ordinal) {
        PersistentVolumeClaim declared =
                new PersistentVolumeClaim(claim.name(), claim.metadata().labels(), claim.spec());
        boolean mine = claim.metadata().ownedBy(set.metadata());
        boolean goes =
                spec.retentionPolicy().whenScaled() == RetentionPolicy.Retention.DELETE && !pods.contains(ordinal);
        if (!goes) {
            wanted.add(belonging(declared));
        } else if (!mine && claim.metadata().owner().isEmpty()) {
            wanted.add(declared.adoptedIfThere());
            again = true;
        } else if (!mine) {
            kept.add(claim);
        }
    }
}
