package org.smp4j.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.smp4j.campaign.json.ManifestJson;
import org.smp4j.campaign.work.ExploreWork;
import org.smp4j.campaign.work.Work;

/**
 * What a campaign does. Its units are those of its works in order; shard N of S runs the units whose number leaves the
 * remainder N when divided by S. Hence a unit does not depend on the number of shards.
 *
 * @param name the campaign's name
 * @param version the version of smp4j that planned it
 * @param code the hash of its classes
 * @param jdk the version of the JDK
 * @param libraries the hash of each entry of the works' class paths
 * @param shards the number of shards
 * @param works the works
 */
public record Manifest(String name, String version, String code, String jdk, Map<String, String> libraries, int shards,
        List<Work> works) {
    /** The most shards; also the most tasks that Slurm takes in an array. */
    public static final int MOST_SHARDS = 4_000_000;

    /** A unit: a work, and the seed for it. */
    record Unit(Work work, long seed) {
    }

    /** Copies the collections, and checks the works. */
    public Manifest {
        works = List.copyOf(works);
        libraries = new TreeMap<>(libraries);
        if (works.isEmpty()) {
            throw new IllegalArgumentException("the campaign has no work");
        }
        Set<String> titles = new HashSet<>();
        long units = 0;
        for (Work work : works) {
            if (work.seeds() < 1) {
                throw new IllegalArgumentException(work.title() + ": seeds must be at least 1, got " + work.seeds());
            }
            try {
                work.check();
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(work.title() + ": " + e.getMessage(), e);
            }
            if (!titles.add(work.title())) {
                throw new IllegalArgumentException(work.title() + " is there twice");
            }
            units += work.seeds();
        }
        if (shards < 1 || shards > Math.min(units, MOST_SHARDS)) {
            throw new IllegalArgumentException("shards must be between 1 and the number of units, "
                    + Math.min(units, MOST_SHARDS) + ", got " + shards);
        }
    }

    /**
     * A manifest for this smp4j and JDK.
     *
     * @param name the campaign's name
     * @param version the version of smp4j
     * @param shards the number of shards
     * @param works the works
     * @param folder the folder of the manifest
     * @return the manifest
     * @throws IOException if the code can't be read
     */
    public static Manifest plan(String name, String version, int shards, List<Work> works, Path folder)
            throws IOException {
        return new Manifest(name, version, CodeHash.own(), Runtime.version().toString(), libraries(works, folder),
                shards, works);
    }

    private static Map<String, String> libraries(List<Work> works, Path folder) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (Work work : works) {
            if (work instanceof ExploreWork explore) {
                for (String entry : explore.classpath()) {
                    hashes.put(entry, CodeHash.of(folder.resolve(entry)));
                }
            }
        }
        return hashes;
    }

    /**
     * Reads a manifest.
     *
     * @param file the file
     * @return the manifest
     * @throws IOException if the file can't be read, or is none; the message says why
     */
    public static Manifest read(Path file) throws IOException {
        return ManifestJson.read(file, Manifest.class);
    }

    /**
     * Writes it.
     *
     * @param file the file
     * @throws IOException if it can't be written
     */
    public void write(Path file) throws IOException {
        ManifestJson.write(file, ManifestJson.text(this));
    }

    /** {@return its hash: results with another one belong to another campaign} */
    String hash() {
        return ManifestJson.sha256(ManifestJson.text(this));
    }

    /**
     * Whether this smp4j, this JDK and these libraries are those that the campaign was planned with.
     *
     * @param folder the folder of the manifest
     * @return what differs, in one line, or null
     * @throws IOException if the code can't be read
     */
    public String difference(Path folder) throws IOException {
        if (!CodeHash.own().equals(code)) {
            return "the campaign was planned with another smp4j (" + version + ", hash " + code.substring(0, 12)
                    + "); run the shard with that one, or plan again";
        }
        if (!Runtime.version().toString().equals(jdk)) {
            return "the campaign was planned with JDK " + jdk + ", and this is " + Runtime.version()
                    + "; run the shard on that one, or plan again";
        }
        for (Map.Entry<String, String> library : libraries.entrySet()) {
            Path path = folder.resolve(library.getKey());
            if (!Files.exists(path)) {
                return "there is no " + path + ", which the campaign was planned with";
            }
            if (!CodeHash.of(path).equals(library.getValue())) {
                return path + " has changed since the campaign was planned; plan again";
            }
        }
        return null;
    }

    /** {@return how many units it has} */
    public long units() {
        return works.stream().mapToLong(Work::seeds).sum();
    }

    /** {@return the units of a shard, in order} */
    List<Unit> units(int shard) {
        List<Unit> units = new ArrayList<>();
        long number = 0;
        for (Work work : works) {
            for (int i = 0; i < work.seeds(); i++, number++) {
                if (number % shards == shard) {
                    units.add(new Unit(work, work.firstSeed() + i));
                }
            }
        }
        return units;
    }
}
