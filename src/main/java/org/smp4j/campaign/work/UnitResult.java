package org.smp4j.campaign.work;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The result of a unit.
 *
 * @param work the title of the work
 * @param seed the seed of the unit
 * @param asExpected whether it ended as it should: a race's buggy variant is expected to fail
 * @param stories the failures that it found
 * @param counts numbers that add up over units, by name
 * @param fault why it could not run, or null
 */
public record UnitResult(String work, long seed, boolean asExpected, List<Story> stories,
        SortedMap<String, Long> counts, String fault) {
    /** Copies the collections. */
    public UnitResult {
        stories = List.copyOf(stories);
        counts = new TreeMap<>(counts);
    }

    /** {@return the result of a unit that ran} */
    static UnitResult of(Work work, long seed, boolean asExpected, List<Story> stories, Map<String, Long> counts) {
        return new UnitResult(work.title(), seed, asExpected, stories, new TreeMap<>(counts), null);
    }

    /** {@return the result of a unit that could not run} */
    public static UnitResult faulty(Work work, long seed, String fault) {
        return new UnitResult(work.title(), seed, false, List.of(), new TreeMap<>(), fault);
    }
}
