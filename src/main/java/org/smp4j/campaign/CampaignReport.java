package org.smp4j.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.smp4j.campaign.work.Story;
import org.smp4j.campaign.work.UnitResult;
import org.smp4j.campaign.work.Work;

/**
 * What came of a campaign. It does not depend on the number of shards, nor on where and when they ran.
 *
 * @param name the campaign's name
 * @param version the version of smp4j
 * @param jdk the version of the JDK
 * @param units how many units there are; each was run once
 * @param works the results by work
 * @param stories the failures, each told once
 */
public record CampaignReport(String name, String version, String jdk, long units, List<OfWork> works,
        List<Found> stories) {
    /**
     * The results of a work.
     *
     * @param title the work
     * @param firstSeed the seed of its first unit
     * @param units how many units it has
     * @param asExpected how many ended as they should
     * @param counts numbers, added up over the units
     * @param faults why units could not run, each reason once
     */
    public record OfWork(String title, long firstSeed, int units, int asExpected, SortedMap<String, Long> counts,
            List<String> faults) {
    }

    /**
     * A failure.
     *
     * @param work the work that found it
     * @param seed the first seed that found it
     * @param units how many units found it
     * @param asExpected whether it was expected, as in a race's buggy variant
     * @param story what it is
     */
    public record Found(String work, long seed, int units, boolean asExpected, Story story) {
    }

    /**
     * Merges the results of all units.
     *
     * @param manifest the manifest
     * @param shards the results of all shards, in any order
     * @return the report
     */
    static CampaignReport of(Manifest manifest, List<Shard> shards) {
        Map<String, TreeMap<Long, UnitResult>> byWork = new LinkedHashMap<>();
        manifest.works().forEach(work -> byWork.put(work.title(), new TreeMap<>()));
        for (Shard shard : shards) {
            for (UnitResult unit : shard.units()) {
                if (byWork.get(unit.work()).put(unit.seed(), unit) != null) {
                    throw new IllegalStateException(unit.work() + ": seed " + unit.seed() + " was run twice");
                }
            }
        }
        List<OfWork> works = new ArrayList<>();
        List<Found> stories = new ArrayList<>();
        for (Work work : manifest.works()) {
            TreeMap<Long, UnitResult> units = byWork.get(work.title());
            if (units.size() != work.seeds()) {
                throw new IllegalStateException(work.title() + ": " + units.size() + " of " + work.seeds()
                        + " seeds were run");
            }
            SortedMap<String, Long> counts = new TreeMap<>();
            List<String> faults = new ArrayList<>();
            Map<String, Found> found = new LinkedHashMap<>();
            int good = 0;
            for (UnitResult unit : units.values()) {
                good += unit.asExpected() ? 1 : 0;
                unit.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
                if (unit.fault() != null && !faults.contains(unit.fault())) {
                    faults.add(unit.fault());
                }
                for (Story story : unit.stories()) {
                    found.merge(story.key(), new Found(work.title(), unit.seed(), 1, unit.asExpected(), story),
                            (first, again) -> new Found(first.work, first.seed, first.units + 1,
                            first.asExpected && again.asExpected, first.story));
                }
            }
            works.add(new OfWork(work.title(), work.firstSeed(), work.seeds(), good, counts, faults));
            stories.addAll(found.values());
        }
        return new CampaignReport(manifest.name(), manifest.version(), manifest.jdk(), manifest.units(), works,
                stories);
    }

    /** {@return whether all units ended as they should} */
    public boolean passed() {
        return works.stream().allMatch(work -> work.asExpected == work.units);
    }

    /** {@return the results of a work as lines} */
    static List<String> lines(OfWork work) {
        List<String> lines = new ArrayList<>();
        work.counts.forEach((name, count) -> lines.add(name + ": " + count));
        work.faults.forEach(fault -> lines.add("could not run: " + fault));
        return lines;
    }

    /** {@return what a failure is, and how often it was found} */
    static String heading(Found found) {
        return found.work + ", first with seed " + found.seed + ", in " + found.units
                + (found.units == 1 ? " unit" : " units") + (found.asExpected ? ", as expected" : "");
    }

    /** {@return the report as text} */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Found found : stories) {
            text.append(heading(found)).append(":\n").append(found.story.text());
            text.append(found.story.text().endsWith("\n") ? "" : "\n");
            if (found.story.page() != null) {
                text.append("page to step through it: ").append(found.story.page()).append('\n');
            }
            text.append('\n');
        }
        for (OfWork work : works) {
            text.append(work.asExpected == work.units ? "passed " : "FAILED ").append(work.title).append(": ")
                    .append(work.asExpected).append(" of ").append(work.units)
                    .append(work.units == 1 ? " unit" : " units").append(" as expected, seeds ")
                    .append(work.firstSeed).append(" to ").append(work.firstSeed + work.units - 1).append('\n');
            lines(work).forEach(line -> text.append("    ").append(line).append('\n'));
        }
        long good = works.stream().mapToLong(OfWork::asExpected).sum();
        return text.append(passed() ? "passed" : "FAILED").append(" campaign ").append(name).append(": ").append(good)
                .append(" of ").append(units).append(units == 1 ? " unit" : " units").append(" as expected, ")
                .append(stories.size()).append(stories.size() == 1 ? " failure" : " different failures")
                .append("; smp4j ").append(version).append(", JDK ").append(jdk).append('\n').toString();
    }
}
