package org.smp4j.explore;

import java.nio.file.Path;
import java.util.Objects;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Run;

/**
 * How to explore.
 *
 * @param strategy {@code portfolio}, {@code random}, {@code pct} or {@code pctN}, {@code pos}, {@code surw}, {@code starvation},
 *        {@code delayN}; or an exhaustive one:
 *        {@code dpor}, {@code sleep-sets}, {@code boundN}
 * @param seed what strategies draw from
 * @param firstSchedule the number of the first schedule, so that several explorations can share the work
 * @param schedules how many at most
 * @param budgetNanos how long at most, in nanoseconds; Long.MAX_VALUE for no limit
 * @param stepLimit how many steps a schedule may have before it counts as cut
 * @param threads whether strands run on threads of their own even where continuations can be had
 * @param dataRaces whether a data race on plain fields is a failure
 * @param shrink whether a failure is shrunk
 * @param tokenFile where the token of a failure is written as soon as there is one, or null
 */
public record ExploreOptions(String strategy, long seed, long firstSchedule, long schedules, long budgetNanos, int stepLimit, boolean threads,
        boolean dataRaces, boolean shrink, Path tokenFile) {
    /** The default: a portfolio of strategies, ten thousand schedules. */
    public static final ExploreOptions DEFAULT = new ExploreOptions("portfolio", 1, 0, 10_000, Long.MAX_VALUE, Run.DEFAULT_STEPS, false, false, true, null);

    /** Checks what is given. */
    public ExploreOptions {
        Strategies.check(Objects.requireNonNull(strategy, "strategy"));
        if (schedules < 1) {
            throw new ExplorerException("schedules " + schedules + ": at least 1");
        }
        if (stepLimit < Run.LEAST_STEPS || stepLimit > Run.MOST_STEPS) {
            throw new ExplorerException("step limit " + stepLimit + ": from " + Run.LEAST_STEPS + " to " + Run.MOST_STEPS);
        }
    }

    /** {@return these with another strategy} */
    public ExploreOptions withStrategy(String value) {
        return new ExploreOptions(value, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces, shrink, tokenFile);
    }

    /** {@return these with another seed} */
    public ExploreOptions withSeed(long value) {
        return new ExploreOptions(strategy, value, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces, shrink, tokenFile);
    }

    /** {@return these for another part of the schedules} */
    public ExploreOptions withSchedules(long first, long count) {
        return new ExploreOptions(strategy, seed, first, count, budgetNanos, stepLimit, threads, dataRaces, shrink, tokenFile);
    }

    /** {@return these with as many schedules} */
    public ExploreOptions withSchedules(long count) {
        return withSchedules(firstSchedule, count);
    }

    /** {@return these with as much time, in nanoseconds} */
    public ExploreOptions withBudget(long nanos) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, nanos, stepLimit, threads, dataRaces, shrink, tokenFile);
    }

    /** {@return these with another limit of steps} */
    public ExploreOptions withStepLimit(int value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, value, threads, dataRaces, shrink, tokenFile);
    }

    /** {@return these with strands on threads, or not} */
    public ExploreOptions withThreads(boolean value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, value, dataRaces, shrink, tokenFile);
    }

    /** {@return these with data races as failures, or not} */
    public ExploreOptions withDataRaces(boolean value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, value, shrink, tokenFile);
    }

    /** {@return these with shrinking, or without} */
    public ExploreOptions withShrink(boolean value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces, value, tokenFile);
    }

    /** {@return these with a file for tokens} */
    public ExploreOptions withTokenFile(Path value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces, shrink, value);
    }
}
