package dev.corral.examples.readme;

import dev.corral.examples.quickstart.payload.Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A web server in a jar of its own that everybody may read.
 *
 * @param directory holds {@code shop.jar} and nothing else
 */
record ShopJar(Path directory) implements AutoCloseable {
    static ShopJar made() throws IOException {
        ShopJar shop = new ShopJar(Files.createTempDirectory("corral-shop-"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Server.class.getName());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(shop.path()), manifest)) {
            for (String name : List.of("Server", "Server$Answer", "WhoAmI")) {
                String entry = Server.class.getPackageName().replace('.', '/') + "/" + name + ".class";
                jar.putNextEntry(new JarEntry(entry));
                try (InputStream in = Server.class.getResourceAsStream("/" + entry)) {
                    if (in == null) {
                        throw new IOException("no class " + entry);
                    }
                    in.transferTo(jar);
                }
            }
        }
        Files.setPosixFilePermissions(shop.path(), PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(shop.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        return shop;
    }

    Path path() {
        return directory.resolve("shop.jar");
    }

    @Override
    public void close() throws IOException {
        Files.delete(path());
        Files.delete(directory);
    }
}
