package dev.corral.reconcile.workload;

import java.util.Map;

/** {@code $(NAME)} in commands, arguments and variables. Source: Kubernetes API, {@code Container.command}. */
final class Expansion {
    private Expansion() {}

    /** Replaces each {@code $(NAME)} that is known and leaves the others as they are; {@code $$} gives one {@code $}. */
    static String expand(String text, Map<String, String> variables) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            int close = next == '(' ? text.indexOf(')', at + 2) : -1;
            if (text.charAt(at) != '$' || (next != '$' && close < 0)) {
                out.append(text.charAt(at++));
            } else if (next == '$') {
                out.append('$');
                at += 2;
            } else {
                String reference = text.substring(at, close + 1);
                out.append(variables.getOrDefault(text.substring(at + 2, close), reference));
                at = close + 1;
            }
        }
        return out.toString();
    }
}
