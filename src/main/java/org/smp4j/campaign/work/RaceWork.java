package org.smp4j.campaign.work;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.Trial;
import org.smp4j.race.Variant;

/**
 * Explores a variant of a race of the gallery. The buggy variant is expected to break one of the race's rules with each
 * seed, the fixed one to break none.
 *
 * @param race the slug
 * @param variant the variant
 * @param strategy the strategy, or {@link Trial#OWN}
 * @param firstSeed the seed of the first unit
 * @param seeds how many units
 * @param schedules the most schedules of a unit
 */
public record RaceWork(String race, Variant variant, String strategy, long firstSeed, int seeds, long schedules)
        implements Work {
    @Override
    public String title() {
        return "race " + race + ", " + variant.name().toLowerCase(Locale.ROOT)
                + (strategy.equals(Trial.OWN) ? "" : ", " + strategy);
    }

    private GalleryEntry entry() {
        return Gallery.find(race).orElseThrow(
                () -> new IllegalArgumentException("there is no race " + race + "; 'smp4j races' lists them"));
    }

    @Override
    public void check() {
        GalleryEntry entry = entry();
        try {
            String chosen = !strategy.equals(Trial.OWN) ? strategy
                    : variant == Variant.FIXED ? entry.facts().proof() : ExploreOptions.DEFAULT.strategy();
            if (ExploreOptions.DEFAULT.withStrategy(chosen).isExhaustive() && seeds > 1) {
                throw new IllegalArgumentException(
                        "strategy " + chosen + " is one search; it takes one seed, got " + seeds);
            }
        } catch (ExplorerException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public UnitResult run(long seed, Host host, Pages pages) {
        Trial trial = Trial.run(entry(), Set.of(variant),
                ExploreOptions.DEFAULT.withSeed(seed).withSchedules(schedules), strategy, host);
        Report report = variant == Variant.BUGGY ? trial.buggy() : trial.fixed();
        Map<String, Long> counts = Explorations.counts(report);
        if (variant == Variant.BUGGY) {
            counts.put("found", trial.found() ? 1L : 0L);
        }
        List<Story> stories = Explorations.story(report)
                .map(story -> pages.with(this, seed, story, entry().program(variant), report)).stream().toList();
        return UnitResult.of(this, seed, trial.found() && trial.cleared(), stories, counts);
    }
}
