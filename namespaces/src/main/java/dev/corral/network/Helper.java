package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.ProcessCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that connects one child. It is started before the child is there and then told the pid, so that whatever keeps it
 * from starting is known before a launch.
 *
 * <p>Its descriptors: 0 is kept open by the JVM for as long as it may run, {@link #READY} is where it says that the network
 * is there, 1 and 2 what else it has to say.
 */
final class Helper implements AutoCloseable {
    static final int READY = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Helper.class);
    /** The shell becomes the program; the words of the command line stay words. */
    private static final String SCRIPT =
            "IFS= read -r pid && after=$1 && shift && exec \"$@\" \"$pid\" $after " + READY + ">&1 1>&2";

    private static final int LONGEST_TEXT = 1000;

    private final String name;
    private final Child child;
    private final Thread reader;
    /** Its last words; written by the reader alone. */
    private volatile String said = "";

    private Helper(String name, Child child) {
        this.name = name;
        this.child = child;
        // Somebody has to read, or a talkative program would stand still one day.
        this.reader = Threads.daemon("corral-" + name + "-" + child.pid(), this::listen);
    }

    /**
     * @param line the program, a path, and its words up to the pid
     * @param after the word that follows the pid, without blanks; empty for none
     */
    static Helper start(List<String> line, String after) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh", after));
        words.addAll(line);
        String file = line.get(0);
        Helper helper = new Helper(
                file.substring(file.lastIndexOf('/') + 1), Command.of(words).start());
        try {
            helper.reader.start();
            return helper;
        } catch (Error noThread) {
            helper.close();
            throw noThread;
        }
    }

    private void listen() {
        byte[] bytes = new byte[512];
        try (InputStream error = child.getErrorStream()) {
            int n;
            while ((n = error.read(bytes)) >= 0) {
                String text = new String(bytes, 0, n, UTF_8);
                LOG.debug("{}: {}", name, text);
                String all = said + text;
                said = all.substring(Math.max(0, all.length() - LONGEST_TEXT));
            }
        } catch (IOException closed) {
            LOG.trace("{}", name, closed);
        }
    }

    /** Tells it whom to connect and waits until it has. */
    void connect(long pid, Duration timeout) {
        CompletableFuture<Void> alarm = new CompletableFuture<>();
        // On a thread of its own: that of the timer is everybody's. Closing also ends the reading below.
        CompletableFuture<Void> ignored = alarm.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((nothing, late) -> {
                    if (late != null) {
                        Threads.daemon("corral-" + name + "-late", this::close).start();
                    }
                });
        boolean ready = tell(pid);
        if (!alarm.complete(null)) {
            throw new UserModeTimeout(
                    name + " has not connected pid " + pid + " within " + timeout.toMillis() + " ms" + words(),
                    "",
                    null);
        }
        if (!ready) {
            String words = words(); // before the close, which cuts the reader off
            close();
            throw new UserModeFailed(name + " can't connect pid " + pid + words, "", null);
        }
    }

    private boolean tell(long pid) {
        try {
            OutputStream input = child.getOutputStream();
            input.write((pid + "\n").getBytes(UTF_8));
            input.flush();
            return child.getInputStream().read() >= 0;
        } catch (InterruptedIOException interrupted) {
            close();
            throw new UserModeFailed("interrupted while " + name + " connects pid " + pid, "", interrupted);
        } catch (IOException closed) {
            LOG.debug("{} ended before it was ready", name, closed);
            return false;
        }
    }

    /** What it has said, less what pasta says about a system log that is not there. */
    private String words() {
        try {
            reader.join(1000);
        } catch (InterruptedException later) {
            Thread.currentThread().interrupt();
        }
        List<String> lines = said.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.endsWith("bytes to syslog"))
                .toList();
        return lines.isEmpty() ? "" : ": " + String.join("; ", lines);
    }

    /** Kills the program and what it has started. */
    @Override
    public void close() {
        if (child.isAlive()) {
            try {
                // The group has the number of its leader, which nobody else can get while that is alive.
                ProcessCalls.kill((int) -child.pid(), ProcessCalls.SIGKILL);
            } catch (ErrnoException notOurs) {
                LOG.debug("{}", name, notOurs);
            }
        }
        child.close();
    }
}
