package dev.corral.examples.quickstart;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a child has told of itself: lines {@code name value}.
 *
 * @param values by name
 */
record Inside(Map<String, String> values) {
    Inside {
        values = Map.copyOf(values);
    }

    static Inside parse(String text) {
        return new Inside(text.lines()
                .map(line -> line.split(" ", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    }

    /** Its pid as it sees it. */
    long pid() {
        return Long.parseLong(value("pid"));
    }

    /** The host name as it sees it. */
    String hostname() {
        return value("hostname");
    }

    /** The link of a namespace such as {@code net}: {@code net:[4026531840]}. */
    String namespace(String name) {
        return value("ns/" + name);
    }

    private String value(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a child told no " + name + ", only " + values);
        }
        return value;
    }
}
