package dev.corral.namespaces;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The identity of a namespace: two processes are in the same one exactly when these are equal. The number is used again
 * once the namespace is gone. Source: the links in {@code /proc/PID/ns}.
 *
 * @param type its kind
 * @param inode its number in the kernel's nsfs
 */
public record Namespace(NamespaceType type, long inode) {
    private static final Pattern LINK = Pattern.compile("([a-z]+):\\[([0-9]+)]");

    /** Reads a link such as {@code net:[4026531840]}; empty for a kind that is not known here, or for other text. */
    static Optional<Namespace> parse(String link) {
        Matcher matcher = LINK.matcher(link);
        return matcher.matches()
                ? NamespaceType.of(matcher.group(1))
                        .map(type -> new Namespace(type, Long.parseUnsignedLong(matcher.group(2))))
                : Optional.empty();
    }

    /** As the kernel's links spell it: {@code net:[4026531840]}. */
    @Override
    public String toString() {
        return type.kernelName() + ":[" + inode + "]";
    }
}
