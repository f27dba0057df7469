package org.smp4j.fuzz;

import java.util.List;
import org.smp4j.fuzz.grammar.Focus;

/**
 * Options of a campaign.
 *
 * @param focus what programs are about
 * @param seed the seed of the programs
 * @param programs the most programs
 * @param budgetNanos the most time in nanoseconds
 * @param schedules how many schedules each program gets; 0 for a number that suits it
 * @param productions classes with more productions
 * @param misuse whether every program has illegal uses
 */
public record FuzzOptions(Focus focus, long seed, long programs, long budgetNanos, long schedules,
        List<String> productions, boolean misuse) {
    /** The default: all floors, 300 programs. */
    public static final FuzzOptions DEFAULT = new FuzzOptions(Focus.ALL, 1, 300, Long.MAX_VALUE, 0, List.of(), false);

    /** Copies the list. */
    public FuzzOptions {
        productions = List.copyOf(productions);
    }
}
