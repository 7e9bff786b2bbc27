package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What labels and the keys of annotations may look like. Source: Kubernetes, "Labels and Selectors". */
final class LabelRule {
    private static final int LONGEST = 63;
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");

    private LabelRule() {}

    static List<Problem> problems(Map<String, String> labels, Map<String, String> annotations) {
        List<Problem> problems = new ArrayList<>();
        labels.forEach((key, value) -> {
            String field = "metadata.labels[" + key + "]";
            key(field, key, problems);
            if (!value.isEmpty() && !word(value)) {
                problems.add(new Problem(
                        field,
                        "value '" + value + "' is neither empty nor 1 to 63 letters, digits, '-', '_' and '.',"
                                + " beginning and ending with a letter or digit"));
            }
        });
        annotations.keySet().forEach(key -> key("metadata.annotations[" + key + "]", key, problems));
        return problems;
    }

    private static void key(String field, String key, List<Problem> problems) {
        int slash = key.indexOf('/');
        if (slash >= 0) {
            NameRule.DNS_SUBDOMAIN
                    .complaint(key.substring(0, slash))
                    .ifPresent(complaint -> problems.add(new Problem(field, "prefix " + complaint)));
        }
        if (!word(key.substring(slash + 1))) {
            problems.add(new Problem(
                    field,
                    "key '" + key + "' is not, behind an optional DNS subdomain and '/', 1 to 63 letters, digits,"
                            + " '-', '_' and '.', beginning and ending with a letter or digit"));
        }
    }

    private static boolean word(String text) {
        return text.length() <= LONGEST && WORD.matcher(text).matches();
    }
}
