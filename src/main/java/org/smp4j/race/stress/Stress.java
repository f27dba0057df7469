package org.smp4j.race.stress;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.Race;
import org.smp4j.race.Variant;
import org.smp4j.scenario.Device;
import org.smp4j.scenario.free.FreeRun;
import org.smp4j.weave.Weave;
import org.smp4j.weave.WeavingLoader;

/**
 * Runs a race's scenario again and again without the explorer, on threads of the JVM that are pinned to cores, and
 * counts how often it shows. The oracles do not watch there: a race shows by the scenario's own check, by a warning of
 * the kernel, by an exception, or by a run that does not end.
 */
public final class Stress {
    private static final String HOUSE = "org.smp4j.";

    private final Race race;
    private final BiFunction<String, long[], String> run;
    private final long patienceNanos;
    private long runs;
    private final Map<String, Long> shown = new TreeMap<>();
    private boolean stuck;

    /**
     * What was seen.
     *
     * @param runs how many runs there were
     * @param shown how many of them broke which rule
     * @param stuck whether threads of the last run could not be ended, so that the process should run nothing more
     */
    public record Counts(long runs, Map<String, Long> shown, boolean stuck) {
        /** Copies the map. */
        public Counts {
            shown = Map.copyOf(shown);
        }

        /** {@return in how many runs the race showed} */
        public long all() {
            return shown.values().stream().mapToLong(Long::longValue).sum();
        }

        /** {@return these and others} */
        public Counts and(Counts more) {
            Map<String, Long> both = new TreeMap<>(shown);
            more.shown.forEach((rule, count) -> both.merge(rule, count, Long::sum));
            return new Counts(runs + more.runs, both, more.stuck);
        }
    }

    /**
     * Loads a variant.
     *
     * @param entry the race
     * @param variant which variant
     * @param patience after what time a run counts as one that does not end
     */
    public Stress(GalleryEntry entry, Variant variant, Duration patience) {
        race = entry.race();
        patienceNanos = patience.toNanos();
        run = make(loader(race, variant));
    }

    @SuppressWarnings("unchecked")
    private static BiFunction<String, long[], String> make(WeavingLoader loader) {
        return loader.make(BiFunction.class, FreeRun.class);
    }

    /** {@return a loader of the race and of all that it runs on, without the oracles} */
    static WeavingLoader loader(Race race, Variant variant) {
        Weave weave = variant == Variant.BUGGY ? race.parts().and(race.bug()) : race.parts();
        return Device.weave().and(weave).load(Gallery.classes(race.getClass().getClassLoader(), HOUSE + "scenario",
                HOUSE + "race.block", race.getClass().getPackageName()));
    }

    /**
     * Runs it until time is over or threads can't be ended.
     *
     * @param duration for how long
     * @param seed of the delays with which the threads of a run begin
     * @param goesOn asked between runs
     * @return what was seen
     */
    public Counts run(Duration duration, long seed, BooleanSupplier goesOn) {
        long start = System.nanoTime();
        while (!stuck && goesOn.getAsBoolean() && System.nanoTime() - start < duration.toNanos()) {
            once(seed + runs);
        }
        return counts();
    }

    /**
     * Runs it once.
     *
     * @param seed of the delays
     */
    public void once(long seed) {
        String outcome = run.apply(race.getClass().getName(), new long[] {patienceNanos, seed});
        runs++;
        if (outcome != null) {
            stuck = outcome.startsWith(FreeRun.STUCK);
            shown.merge(stuck ? outcome.substring(FreeRun.STUCK.length()) : outcome, 1L, Long::sum);
        }
    }

    /** {@return what was seen so far} */
    public Counts counts() {
        return new Counts(runs, shown, stuck);
    }
}
