package org.smp4j.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.smp4j.campaign.json.ManifestJson;
import org.smp4j.campaign.work.Host;
import org.smp4j.campaign.work.Pages;
import org.smp4j.campaign.work.UnitResult;
import org.smp4j.explore.model.ExplorerException;

/**
 * The results of a shard. They depend only on the manifest and on the shard's number, but for numbers of real threads.
 *
 * @param manifest the hash of the manifest
 * @param shard its number, from 0
 * @param check the hash of the units: it shows that a file is whole
 * @param units the results
 */
public record Shard(String manifest, int shard, String check, List<UnitResult> units) {
    /** Copies the results. */
    public Shard {
        units = List.copyOf(units);
    }

    /** Is told about the progress. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Reports it.
         *
         * @param done how many units have ended
         * @param of how many the shard has
         * @param title the unit that runs
         */
        void at(int done, int of, String title);
    }

    /**
     * The file of a shard.
     *
     * @param folder the folder of the manifest
     * @param shard the number
     * @return the file
     */
    public static Path file(Path folder, int shard) {
        return folder.resolve("shard-" + shard + ".json");
    }

    /**
     * Runs a shard and writes its file, and pages to step through its failures.
     *
     * @param manifest the manifest
     * @param shard the number, from 0
     * @param host the process
     * @param progress is told about it
     * @return the results; null if it was stopped, and then nothing is written
     * @throws IOException if the file can't be written
     */
    public static Shard run(Manifest manifest, int shard, Host host, Progress progress) throws IOException {
        List<Manifest.Unit> units = manifest.units(shard);
        List<UnitResult> results = new ArrayList<>();
        Pages pages = new Pages(host);
        for (Manifest.Unit unit : units) {
            progress.at(results.size(), units.size(), unit.work().title());
            UnitResult result;
            try {
                result = unit.work().run(unit.seed(), host, pages);
            } catch (ExplorerException e) {
                result = UnitResult.faulty(unit.work(), unit.seed(), e.getMessage());
            }
            if (host.stopped()) {
                return null;
            }
            results.add(result);
        }
        Shard done = new Shard(manifest.hash(), shard, check(results), results);
        ManifestJson.write(file(host.folder(), shard), ManifestJson.text(done));
        return done;
    }

    /**
     * Reads the file of a shard, and checks that it is whole and that of this campaign.
     *
     * @param folder the folder of the manifest
     * @param manifest the manifest
     * @param shard the number
     * @return the results
     * @throws IOException if it can't be used; the message says why
     */
    public static Shard read(Path folder, Manifest manifest, int shard) throws IOException {
        Shard read = ManifestJson.read(file(folder, shard), Shard.class);
        if (!read.check.equals(check(read.units))) {
            throw new IOException("its contents were changed");
        }
        if (!read.manifest.equals(manifest.hash())) {
            throw new IOException("it belongs to another manifest");
        }
        List<Manifest.Unit> units = manifest.units(shard);
        boolean same = read.shard == shard && read.units.size() == units.size();
        for (int i = 0; same && i < units.size(); i++) {
            same = read.units.get(i).work().equals(units.get(i).work().title())
                    && read.units.get(i).seed() == units.get(i).seed();
        }
        if (!same) {
            throw new IOException("it does not hold the units of shard " + shard);
        }
        return read;
    }

    private static String check(List<UnitResult> units) {
        return ManifestJson.sha256(ManifestJson.text(units));
    }
}
