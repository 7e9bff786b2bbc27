package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** What labels and the keys of annotations and finalizers may look like. Source: Kubernetes, "Labels and Selectors". */
final class LabelRule {
    private static final int LONGEST = 63;
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

    private LabelRule() {}

    static List<Problem> problems(Map<String, String> labels, Map<String, String> annotations) {
        if (labels.isEmpty() && annotations.isEmpty()) {
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        labels.forEach((key, value) -> {
            add(problems, "labels", key, keyComplaint(key));
            add(problems, "labels", key, valueComplaint(value));
        });
        annotations.forEach((key, value) -> add(problems, "annotations", key, keyComplaint(key)));
        return problems;
    }

    static List<Problem> finalizerProblems(Set<String> finalizers) {
        if (finalizers.isEmpty()) {
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        finalizers.forEach(name -> add(problems, "finalizers", name, keyComplaint(name)));
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

    /** An integer of 64 bits; empty if it is none. Kubernetes compares labels as such. */
    static OptionalLong integer(String text) {
        try {
            return INTEGER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
        } catch (NumberFormatException tooLarge) {
            return OptionalLong.empty();
        }
    }

    private static void add(List<Problem> problems, String field, String key, Optional<String> complaint) {
        if (complaint.isPresent()) {
            problems.add(new Problem("metadata." + field + "[" + key + "]", complaint.get()));
        }
    }

    private static boolean word(String text) {
        int length = text.length();
        if (length == 0
                || length > LONGEST
                || !alphanumeric(text.charAt(0))
                || !alphanumeric(text.charAt(length - 1))) {
            return false;
        }
        for (int i = 1; i < length - 1; i++) {
            char c = text.charAt(i);
            if (!alphanumeric(c) && c != '-' && c != '_' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean alphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
