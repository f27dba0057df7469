package org.smp4j.race;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.run.Program;

/**
 * What came of exploring the buggy variant of a race with several seeds.
 *
 * @param seeds how many seeds
 * @param found with how many of them one of the race's rules was found broken
 * @param median the number of schedules that it took, for half of those at most; 0 if none was found
 * @param switches the largest number of forced switches, interrupts and older values that are left after shrinking
 * @param slowest the longest time in seconds that one took, with shrinking
 */
public record Repeats(int seeds, int found, long median, int switches, double slowest) {
    /** How many departures a race may have left. */
    public static final int MOST_SWITCHES = 6;

    /**
     * Explores with the seed of the options and those after it.
     *
     * @param entry the race
     * @param options how, for one seed
     * @param strategy the strategy, or {@link Trial#OWN}
     * @param seeds how many seeds
     * @param progress is told how it gets on, and ends it early
     * @return what came of it; null if it was ended early
     */
    public static Repeats run(GalleryEntry entry, ExploreOptions options, String strategy, int seeds,
            Explorer.Progress progress) {
        List<Long> schedules = new ArrayList<>();
        int switches = 0;
        double slowest = 0;
        ExploreOptions under = options.withMemory(entry.memory())
                .withStrategy(strategy.equals(Trial.OWN) ? ExploreOptions.DEFAULT.strategy() : strategy);
        Program program = entry.program(Variant.BUGGY); // its classes are rewritten once
        for (int i = 0; i < seeds; i++) {
            long start = System.nanoTime();
            Report report = Explorer.explore(program, under.withSeed(options.seed() + i), progress);
            if (progress.stopped()) {
                return null;
            }
            slowest = Math.max(slowest, (System.nanoTime() - start) / 1e9);
            if (new Trial(entry, report, null).found()) {
                schedules.add(report.runs());
                switches = Math.max(switches, report.switches());
            }
        }
        Collections.sort(schedules);
        return new Repeats(seeds, schedules.size(), schedules.isEmpty() ? 0 : schedules.get((schedules.size() - 1) / 2),
                switches, slowest);
    }

    /** {@return whether the race was found with 19 of 20 seeds, and no more departures than allowed are left} */
    public boolean suffice() {
        return found * 20 >= seeds * 19 && switches <= MOST_SWITCHES;
    }
}
