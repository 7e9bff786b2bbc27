package dev.corral.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of a page in Markdown: the first column is text, the others are numbers, unless they have no name. */
final class Table {
    private final List<String> lines = new ArrayList<>();

    private Table(String... names) {
        lines.add(line(names));
        lines.add("| --- |"
                + String.join(
                        "",
                        Arrays.stream(names)
                                .skip(1)
                                .map(name -> name.isEmpty() ? " --- |" : " ---: |")
                                .toList()));
    }

    static Table of(String... names) {
        return new Table(names);
    }

    Table row(String... cells) {
        lines.add(line(cells));
        return this;
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }

    private static String line(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }
}
