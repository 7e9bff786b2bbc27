package dev.corral.reconcile;

import java.util.Optional;

/** What a kind's names may look like. Source: Kubernetes, "Object Names and IDs". */
public enum NameRule {
    /** Up to 63 lower-case letters, digits and hyphens, none at either end: for names that become host names. RFC 1123. */
    DNS_LABEL(63, false) {
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
    DNS_SUBDOMAIN(253, true) {
        @Override
        String rule() {
            return "a DNS subdomain: up to 253 characters, labels of a-z, 0-9 and '-' joined by '.',"
                    + " each beginning and ending with a letter or digit";
        }
    };

    private final int longest;
    private final boolean dots;

    NameRule(int longest, boolean dots) {
        this.longest = longest;
        this.dots = dots;
    }

    abstract String rule();

    /** What is wrong with a name, naming the rule; empty if nothing is. */
    public Optional<String> complaint(String name) {
        return name.length() <= longest && isMadeOfLabels(name)
                ? Optional.empty()
                : Optional.of("'" + name + "' is not " + rule());
    }

    /** Whether each label begins and ends with a letter or digit; there is more than one only where dots are allowed. */
    private boolean isMadeOfLabels(String name) {
        boolean inside = false;
        boolean hyphen = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                inside = true;
                hyphen = false;
            } else if (c == '-' && inside) {
                hyphen = true;
            } else if (c == '.' && dots && inside && !hyphen) {
                inside = false;
            } else {
                return false;
            }
        }
        return inside && !hyphen;
    }
}
