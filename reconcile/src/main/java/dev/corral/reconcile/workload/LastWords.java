package dev.corral.reconcile.workload;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** What a container leaves for its status. Source: Kubernetes API, {@code terminationMessagePath} and {@code -Policy}. */
public final class LastWords {
    private static final int MOST_BYTES = 2048;
    private static final int MOST_LINES = 80;

    private LastWords() {}

    /**
     * The message of an end: what it left in its file; else, if its policy says so and it has failed, the end of what it wrote,
     * 80 lines and 2048 bytes at most; else what is known of the end.
     *
     * @param file the content of the file, empty text if there is none
     * @param output what it wrote
     */
    public static String of(Container container, String file, String output, ContainerRuntime.Ended ended) {
        if (!file.isEmpty()) {
            return file;
        }
        boolean fallBack = container
                .terminationMessagePolicy()
                .equals(Optional.of(TerminationMessagePolicy.FALLBACK_TO_LOGS_ON_ERROR));
        String tail = fallBack && ended.exitCode() != 0 ? tail(output) : "";
        return tail.isEmpty() ? ended.message() : tail;
    }

    private static String tail(String output) {
        byte[] bytes = output.strip().getBytes(StandardCharsets.UTF_8);
        int from = Math.max(0, bytes.length - MOST_BYTES);
        while (from < bytes.length && from > 0 && (bytes[from] & 0xC0) == 0x80) {
            from++; // not in the middle of a character
        }
        String[] lines =
                new String(Arrays.copyOfRange(bytes, from, bytes.length), StandardCharsets.UTF_8).split("\n", -1);
        return String.join("\n", Arrays.asList(lines).subList(Math.max(0, lines.length - MOST_LINES), lines.length));
    }
}
