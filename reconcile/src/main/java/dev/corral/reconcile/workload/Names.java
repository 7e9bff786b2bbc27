package dev.corral.reconcile.workload;

import dev.corral.reconcile.NameRule;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** The forms of names, as Kubernetes has them. */
final class Names {
    static final String PORT_HINT =
            "it must be 1 to 15 of a-z, 0-9 and single '-', with a letter, and a letter or digit at both ends";
    static final String LABEL_KEY_HINT =
            "a label key is an optional DNS subdomain and '/', then 1 to 63 of A-Z, a-z, 0-9, '-', '_' and '.'";
    static final String LABEL_VALUE_HINT = "a label value is empty or 1 to 63 of A-Z, a-z, 0-9, '-', '_' and '.'";

    static final String CONDITION_HINT =
            "a condition's type has the form of a label key: an optional DNS subdomain and '/', then 1 to 63 of A-Z, a-z, 0-9, '-', '_' and '.'";

    private static final Pattern PORT = Pattern.compile("(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern QUALIFIED = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");

    private Names() {}

    static boolean isPortName(String text) {
        return text.length() <= 15 && PORT.matcher(text).matches();
    }

    static boolean isLabelKey(String text) {
        int slash = text.indexOf('/');
        String prefix = slash < 0 ? "x" : text.substring(0, slash);
        return NameRule.DNS_SUBDOMAIN.complaint(prefix).isEmpty()
                && QUALIFIED.matcher(text.substring(slash + 1)).matches();
    }

    static boolean isLabelValue(String text) {
        return text.isEmpty() || QUALIFIED.matcher(text).matches();
    }

    /** Of 64 bits, as Kubernetes compares labels. */
    static boolean isInteger(String text) {
        return INTEGER.matcher(text).matches() && new BigInteger(text).bitLength() < Long.SIZE;
    }

    /** The name of a child: its owner's and a suffix. The owner's is cut so that the whole has at most so many characters. */
    static String child(String owner, String suffix, int longest) {
        String begin = owner.substring(0, Math.min(owner.length(), longest - suffix.length() - 1));
        int end = begin.length();
        while (end > 0 && begin.charAt(end - 1) == '-') {
            end--;
        }
        return begin.substring(0, end) + "-" + suffix;
    }
}
