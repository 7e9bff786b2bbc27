package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What labels and the keys of annotations and finalizers may look like. Source: Kubernetes, "Labels and Selectors". */
final class LabelRule {
    private static final int LONGEST = 63;
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");

    private LabelRule() {}

    static List<Problem> problems(Map<String, String> labels, Map<String, String> annotations) {
        List<Problem> problems = new ArrayList<>();
        labels.forEach((key, value) -> {
            String field = "metadata.labels[" + key + "]";
            add(problems, field, keyComplaint(key));
            add(problems, field, valueComplaint(value));
        });
        annotations.keySet().forEach(key -> add(problems, "metadata.annotations[" + key + "]", keyComplaint(key)));
        return problems;
    }

    static List<Problem> finalizerProblems(Set<String> finalizers) {
        List<Problem> problems = new ArrayList<>();
        finalizers.forEach(name -> add(problems, "metadata.finalizers[" + name + "]", keyComplaint(name)));
        return problems;
    }

    /** What is wrong with a key; empty if nothing is. */
    static Optional<String> keyComplaint(String key) {
        int slash = key.indexOf('/');
        if (slash >= 0) {
            Optional<String> prefix = NameRule.DNS_SUBDOMAIN.complaint(key.substring(0, slash));
            if (prefix.isPresent()) {
                return prefix.map(complaint -> "prefix " + complaint);
            }
        }
        return word(key.substring(slash + 1))
                ? Optional.empty()
                : Optional.of(
                        "key '" + key + "' is not, behind an optional DNS subdomain and '/', 1 to 63 letters, digits,"
                                + " '-', '_' and '.', beginning and ending with a letter or digit");
    }

    /** What is wrong with a label's value; empty if nothing is. */
    static Optional<String> valueComplaint(String value) {
        return value.isEmpty() || word(value)
                ? Optional.empty()
                : Optional.of("value '" + value + "' is neither empty nor 1 to 63 letters, digits, '-', '_' and '.',"
                        + " beginning and ending with a letter or digit");
    }

    private static void add(List<Problem> problems, String field, Optional<String> complaint) {
        complaint.ifPresent(text -> problems.add(new Problem(field, text)));
    }

    private static boolean word(String text) {
        return text.length() <= LONGEST && WORD.matcher(text).matches();
    }
}
