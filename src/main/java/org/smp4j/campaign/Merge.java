package org.smp4j.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/** The state of a campaign's folder, and the report when all shards are there. */
public final class Merge {
    /**
     * A shard that has to be run, or run again.
     *
     * @param shard the number
     * @param why why its file can't be used; null if there is none
     */
    public record Missing(int shard, String why) {
    }

    private final Manifest manifest;
    private final List<Shard> shards = new ArrayList<>();
    private final List<Missing> missing = new ArrayList<>();
    private FileTime first;
    private FileTime last;

    private Merge(Manifest manifest) {
        this.manifest = manifest;
    }

    /**
     * Reads the files of all shards.
     *
     * @param folder the folder of the manifest
     * @param manifest the manifest
     * @return what is there
     * @throws IOException if the folder can't be read
     */
    public static Merge of(Path folder, Manifest manifest) throws IOException {
        Merge merge = new Merge(manifest);
        for (int i = 0; i < manifest.shards(); i++) {
            Path file = Shard.file(folder, i);
            try {
                FileTime time = Files.getLastModifiedTime(file);
                merge.shards.add(Shard.read(folder, manifest, i));
                merge.first = merge.first == null || time.compareTo(merge.first) < 0 ? time : merge.first;
                merge.last = merge.last == null || time.compareTo(merge.last) > 0 ? time : merge.last;
            } catch (NoSuchFileException e) {
                merge.missing.add(new Missing(i, null));
            } catch (IOException e) {
                merge.missing.add(new Missing(i, e.getMessage()));
            }
        }
        return merge;
    }

    /** {@return the shards that have to be run} */
    public List<Missing> missing() {
        return List.copyOf(missing);
    }

    /** {@return how many shards are there} */
    public int done() {
        return shards.size();
    }

    /** {@return how many units of these shards did not end as they should} */
    public long unexpected() {
        return shards.stream().flatMap(shard -> shard.units().stream()).filter(unit -> !unit.asExpected()).count();
    }

    /** {@return how many shards ended in an hour; 0 if fewer than two have ended} */
    public double shardsPerHour() {
        long millis = shards.size() < 2 ? 0 : last.toMillis() - first.toMillis();
        return millis == 0 ? 0 : (shards.size() - 1) * 3_600_000.0 / millis;
    }

    /**
     * The report.
     *
     * @return the report
     * @throws IllegalStateException if a shard is missing
     */
    public CampaignReport report() {
        if (!missing.isEmpty()) {
            throw new IllegalStateException(missing.size() + " shards are missing");
        }
        return CampaignReport.of(manifest, shards);
    }
}
