package org.smp4j.race;

import java.util.List;
import java.util.Set;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;

/**
 * The outcome of exploring a race: the buggy variant must break one of its rules, the fixed variant none.
 *
 * @param entry the race
 * @param buggy what came of the buggy variant, or null if it was not run
 * @param fixed what came of the fixed variant, or null if it was not run
 */
public record Trial(GalleryEntry entry, Report buggy, Report fixed) {
    /**
     * The race's own strategy: the explorer's default for the buggy variant, the race's exhaustive search for the fixed
     * one.
     */
    public static final String OWN = "own";

    private static final String BOUND = "bound"; // before the number of departures in the name of a search

    /**
     * Explores a race, under the memory model in which it shows.
     *
     * @param entry the race
     * @param variants which of its variants
     * @param options how, but for the strategy and the memory model
     * @param strategy the strategy, or {@link #OWN}
     * @param progress is told how it gets on
     * @return what came of it
     */
    public static Trial run(GalleryEntry entry, Set<Variant> variants, ExploreOptions options, String strategy,
            Explorer.Progress progress) {
        return run(entry, variants, options, strategy, 0, progress);
    }

    /**
     * As {@link #run(GalleryEntry, Set, ExploreOptions, String, Explorer.Progress)}; a search of the fixed variant that
     * has not ended within the budget, or that makes fewer departures than the buggy one needs, is followed by
     * schedules of the default strategy, which then are the result.
     *
     * @param entry the race
     * @param variants which of its variants
     * @param options how, but for the strategy and the memory model
     * @param strategy the strategy, or {@link #OWN}
     * @param sample how many schedules, without a limit of time; 0 for none
     * @param progress is told how it gets on
     * @return what came of it
     */
    public static Trial run(GalleryEntry entry, Set<Variant> variants, ExploreOptions options, String strategy,
            long sample, Explorer.Progress progress) {
        boolean own = strategy.equals(OWN);
        ExploreOptions under = options.withMemory(entry.memory());
        Report buggy = null;
        Report fixed = null;
        if (variants.contains(Variant.BUGGY)) {
            String chosen = own ? ExploreOptions.DEFAULT.strategy() : strategy;
            buggy = Explorer.explore(entry.program(Variant.BUGGY), under.withStrategy(chosen), progress);
        }
        if (variants.contains(Variant.FIXED)) {
            String chosen = own ? entry.facts().proof() : strategy;
            fixed = Explorer.explore(entry.program(Variant.FIXED), under.withStrategy(chosen), progress);
            if (fixed.passed() && (!fixed.complete() || isShallow(buggy, fixed)) && sample > 0 && !progress.stopped()) {
                fixed = Explorer.explore(entry.program(Variant.FIXED), under.withStrategy(
                        ExploreOptions.DEFAULT.strategy()).withBudget(Long.MAX_VALUE).withSchedules(sample), progress);
            }
        }
        return new Trial(entry, buggy, fixed);
    }

    /** {@return whether a search stays below the number of departures that the buggy variant needs} */
    private static boolean isShallow(Report buggy, Report fixed) {
        return buggy != null && !buggy.passed() && fixed.strategy().matches(BOUND + "\\d+")
                && buggy.switches() > Integer.parseInt(fixed.strategy().substring(BOUND.length()));
    }

    /** {@return whether the buggy variant was not run, or broke one of the rules that the race is about} */
    public boolean found() {
        return buggy == null || !buggy.passed() && List.of(entry.facts().breaks()).contains(buggy.failure().rule());
    }

    /** {@return whether the fixed variant was not run, or nothing was found in it} */
    public boolean cleared() {
        return fixed == null || fixed.passed();
    }

    /** {@return whether anything was found, in whichever variant} */
    public boolean failed() {
        return buggy != null && !buggy.passed() || fixed != null && !fixed.passed();
    }

    /** {@return what is known of the fixed variant, in a few words} */
    public String proof() {
        if (fixed == null) {
            return "-";
        }
        if (!fixed.passed()) {
            return "FAILED: " + fixed.failure().rule();
        }
        if (!fixed.complete()) {
            return "nothing in " + fixed.schedules() + " schedules of " + fixed.strategy();
        }
        return (fixed.strategy().startsWith(BOUND) ? "all with at most " + fixed.strategy()
                .substring(BOUND.length()) + " departures: " : "all: ")
                + fixed.schedules();
    }

    /** {@return what is known of the buggy variant, in a few words} */
    public String finding() {
        if (buggy == null) {
            return "-";
        }
        if (buggy.passed()) {
            return "NOT FOUND in " + buggy.schedules();
        }
        return (found() ? "" : "SOMETHING ELSE: ") + buggy.failure().rule();
    }
}
