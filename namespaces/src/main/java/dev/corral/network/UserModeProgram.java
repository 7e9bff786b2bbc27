package dev.corral.network;

import dev.corral.internal.linux.FileNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A program that makes a network for a child out of ordinary sockets. */
public enum UserModeProgram {
    /** slirp4netns(1), from version 1.0 on. */
    SLIRP4NETNS("slirp4netns"),
    /** pasta(1), of the package passt. */
    PASTA("pasta");

    private final String executable;

    UserModeProgram(String executable) {
        this.executable = executable;
    }

    /** The name of its file. */
    public String executable() {
        return executable;
    }

    /** Where it is: in the {@code PATH}, or where distributions put it; empty if it is not installed. */
    public Optional<Path> installed() {
        return find(System.getenv().getOrDefault("PATH", ""));
    }

    /** Looks for it in the directories of a {@code PATH}, and where distributions put it. */
    Optional<Path> find(String path) {
        return Stream.concat(Stream.of(path.split(":", -1)), Stream.of("/usr/local/bin", "/usr/bin", "/usr/sbin"))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> FileNames.path(directory).resolve(executable))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
