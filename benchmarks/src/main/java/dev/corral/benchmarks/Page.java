package dev.corral.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * docs/performance.md. What is measured stands between two marks; the text around them is kept.
 *
 * @param file is made if it is missing
 */
record Page(Path file, User user) {
    private static final String END = "\n<!-- end -->\n";

    /**
     * Puts the figures of a topic in place of those that the same user had with the same JDK, or at the end.
     *
     * @param topic such as "control groups"; empty for the first one of the page
     * @param tables what was measured
     * @param how what was done how often
     * @param tools versions of other tools
     * @param missing reasons why something was not measured
     */
    void put(String topic, List<Table> tables, String how, List<String> tools, List<String> missing)
            throws IOException {
        List<String> parts = new ArrayList<>();
        tables.forEach(table -> parts.add(table + "\n"));
        List<String> host = new ArrayList<>(Host.describe());
        host.addAll(tools);
        parts.add("Measured on " + LocalDate.now(ZoneOffset.UTC) + " as " + user + ", " + how + ". "
                + String.join("; ", host) + ".");
        missing.forEach(reason -> parts.add("Not measured: " + reason.replace('\n', ' ') + "."));
        String section = String.join("\n", parts);
        System.out.println(section);
        String which = "as " + user + ", JDK " + Runtime.version().feature();
        put(topic.isEmpty() ? which : topic + " " + which, section);
    }

    private void put(String which, String section) throws IOException {
        String begin = "<!-- measured " + which + " -->\n";
        String text = Files.exists(file) ? Files.readString(file) : "# Performance\n";
        int from = text.indexOf(begin);
        String before = from < 0 ? text + "\n## " + capitalized(which) + "\n\n" : text.substring(0, from);
        String after = from < 0 ? "" : text.substring(text.indexOf(END, from) + END.length());
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, before + begin + "\n" + section + "\n" + END + after);
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
