package org.smp4j.campaign;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.smp4j.campaign.json.ManifestJson;

/** Hashes of the code that a campaign runs: all its shards must run the same. */
final class CodeHash {
    private CodeHash() {
    }

    /** {@return the hash of smp4j's own classes, from a jar or a folder} */
    static String own() throws IOException {
        try {
            return of(Path.of(CodeHash.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
        } catch (URISyntaxException e) {
            throw new IOException("smp4j's own classes can't be found: " + e.getMessage(), e);
        }
    }

    /** {@return the hash of a file, or of all files of a folder with their names} */
    static String of(Path path) throws IOException {
        MessageDigest digest = ManifestJson.digest();
        if (Files.isDirectory(path)) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(path)) {
                files = walk.filter(Files::isRegularFile).sorted().toList();
            }
            for (Path file : files) {
                digest.update(path.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(ManifestJson.digest().digest(Files.readAllBytes(file)));
            }
        } else {
            digest.update(Files.readAllBytes(path));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
