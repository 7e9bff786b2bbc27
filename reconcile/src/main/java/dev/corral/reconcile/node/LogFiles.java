package dev.corral.reconcile.node;

import dev.corral.reconcile.workload.LogLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one run in files: a line is its time, a space and its text. The newest file has the given name, older ones that
 * name and {@code .1}, {@code .2}, … Safe for any thread.
 */
final class LogFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);

    private final Path newest;
    private final long size;
    private final int count;
    private @Nullable OutputStream out;
    private long written;
    private boolean failed;

    /** Makes the files when there is something to write. */
    LogFiles(Path newest, long size, int count) {
        this.newest = newest;
        this.size = size;
        this.count = count;
    }

    synchronized void write(LogLine line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (out != null && written + bytes.length > size) {
                rotate();
            }
            OutputStream open = out == null ? open() : out;
            open.write(bytes);
            written += bytes.length;
        } catch (IOException broken) {
            if (!failed) {
                failed = true; // once: a full disk would fill the log of the JVM as well
                LOG.warn("{} can't be written: lines of the container are lost", newest, broken);
            }
        }
    }

    private OutputStream open() throws IOException {
        Files.createDirectories(Objects.requireNonNull(newest.getParent()));
        OutputStream made = Files.newOutputStream(newest, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        out = made;
        written = Files.size(newest);
        return made;
    }

    private void rotate() throws IOException {
        end();
        for (int number = count - 1; number >= 1; number--) {
            Path from = file(number - 1);
            if (Files.exists(from)) {
                Files.move(from, file(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (count == 1) {
            Files.deleteIfExists(newest);
        }
    }

    private Path file(int number) {
        return number == 0 ? newest : newest.resolveSibling(newest.getFileName() + "." + number);
    }

    /** Closes the file; it is opened again for more. */
    synchronized void end() {
        OutputStream open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException lost) {
                LOG.warn("closing {} failed", newest, lost);
            }
        }
    }

    /** A line that a full disk has cut within a character must not take the others with it. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** All lines that are kept, oldest first. */
    synchronized List<LogLine> lines() {
        List<LogLine> all = new ArrayList<>();
        for (int number = count - 1; number >= 0; number--) {
            try {
                // Not by a reader of lines: a carriage return is part of one.
                for (String line : text(file(number)).split("\n", -1)) {
                    parse(line).ifPresent(all::add);
                }
            } catch (NoSuchFileException none) {
                LOG.trace("there are fewer files than {}", count);
            } catch (IOException unreadable) {
                LOG.warn("{} can't be read", file(number), unreadable);
            }
        }
        return all;
    }

    /** Empty for what is no line of a log. */
    static Optional<LogLine> parse(String line) {
        int space = line.indexOf(' ');
        try {
            return space < 0
                    ? Optional.empty()
                    : Optional.of(new LogLine(Instant.parse(line.substring(0, space)), line.substring(space + 1)));
        } catch (DateTimeParseException other) {
            return Optional.empty();
        }
    }
}
