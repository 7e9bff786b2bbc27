package dev.corral.reconcile;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a kind's names may look like. Source: Kubernetes, "Object Names and IDs". */
public enum NameRule {
    /** Up to 63 lower-case letters, digits and hyphens, none at either end: for names that become host names. RFC 1123. */
    DNS_LABEL(63, Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?")) {
        @Override
        String rule() {
            return "a DNS label: 1 to 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit";
        }
    },
    /** A label of up to 52 characters, which leaves room for a number at the end. */
    DNS_LABEL_52(52, Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?")) {
        @Override
        String rule() {
            return "a DNS label of up to 52 of a-z, 0-9 and '-', beginning and ending with a letter or digit";
        }
    },
    /** Labels joined by dots, up to 253 characters. RFC 1123. */
    DNS_SUBDOMAIN(253, Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")) {
        @Override
        String rule() {
            return "a DNS subdomain: up to 253 characters, labels of a-z, 0-9 and '-' joined by '.',"
                    + " each beginning and ending with a letter or digit";
        }
    };

    private final int longest;
    private final Pattern pattern;

    NameRule(int longest, Pattern pattern) {
        this.longest = longest;
        this.pattern = pattern;
    }

    abstract String rule();

    /** What is wrong with a name, naming the rule; empty if nothing is. */
    public Optional<String> complaint(String name) {
        return name.length() <= longest && pattern.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("'" + name + "' is not " + rule());
    }
}
