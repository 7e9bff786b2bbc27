package dev.corral.archives;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** An archive in the making, entry after entry, good ones and bad ones. */
final class Tar {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream output = new TarArchiveOutputStream(bytes, UTF_8.name());

    Tar() {
        output.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        output.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    Tar file(String name, String content) {
        return file(name, content.getBytes(UTF_8), 0644);
    }

    Tar file(String name, byte[] content, int mode) {
        return entry(name, TarConstants.LF_NORMAL, content, entry -> entry.setMode(mode));
    }

    Tar directory(String name) {
        return entry(name + "/", TarConstants.LF_DIR, new byte[0], entry -> entry.setMode(0755));
    }

    Tar symlink(String name, String text) {
        return entry(name, TarConstants.LF_SYMLINK, new byte[0], entry -> entry.setLinkName(text));
    }

    Tar link(String name, String existing) {
        return entry(name, TarConstants.LF_LINK, new byte[0], entry -> entry.setLinkName(existing));
    }

    Tar entry(String name, byte type, byte[] content, Consumer<TarArchiveEntry> more) {
        try {
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setSize(content.length);
            more.accept(entry);
            output.putArchiveEntry(entry);
            output.write(content);
            output.closeArchiveEntry();
            return this;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    byte[] bytes() {
        try {
            output.finish();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    Path in(Path directory) throws IOException {
        return Files.write(directory.resolve("archive.tar"), bytes());
    }
}
