package dev.corral.reconcile.workload;

import java.util.Map;

/** What the Jobs of a CronJob look like. Source: Kubernetes API, {@code JobTemplateSpec}. */
public record JobTemplate(Map<String, String> labels, Map<String, String> annotations, JobSpec spec) {
    public JobTemplate {
        labels = Copies.sorted(labels);
        annotations = Copies.sorted(annotations);
    }

    static JobTemplate of(Job job) {
        return new JobTemplate(job.labels(), job.annotations(), job.spec());
    }

    Job job(String name) {
        return new Job(name, labels, annotations, spec);
    }

    void validate(Problems problems) {
        problems.labels("metadata.labels", labels);
        annotations
                .keySet()
                .forEach(key ->
                        problems.at("metadata.annotations").require(Names.isLabelKey(key), key, Names.LABEL_KEY_HINT));
        JobRules.validate(spec, problems.at("spec"));
    }
}
