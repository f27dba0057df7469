package org.smp4j.explore;

import java.nio.file.Path;
import java.util.Objects;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.report.ReportForm;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.search.ExhaustiveSearch;

/**
 * Options of an exploration.
 *
 * @param strategy {@code portfolio}, {@code random}, {@code pct} or {@code pctN}, {@code pos}, {@code surw}, {@code
 * starvation}, {@code delayN}; or an exhaustive one: {@code dpor}, {@code sleep-sets}, {@code boundN}
 * @param seed the seed of the strategies' draws
 * @param firstSchedule the number of the first schedule, so that several explorations can share the work
 * @param schedules the maximum number of schedules
 * @param budgetNanos the maximum time in nanoseconds; Long.MAX_VALUE for no limit
 * @param stepLimit the number of steps after which a schedule is cut
 * @param threads whether strands run on threads of their own even if continuations are available
 * @param dataRaces whether a data race on plain fields is a failure
 * @param shrink whether a failure is shrunk
 * @param memory the memory model: which values a read may return
 * @param leeway what else may differ from one schedule to the next, beside the order of the steps
 * @param tokenFile the file to which the token of a failure is written as soon as there is one, or null
 * @param form how the report shows a failing run
 */
public record ExploreOptions(String strategy, long seed, long firstSchedule, long schedules, long budgetNanos,
        int stepLimit, boolean threads,
        boolean dataRaces, boolean shrink, MemoryModel memory, Leeway leeway, Path tokenFile, ReportForm form) {
    /** The default: a portfolio of strategies, ten thousand schedules. */
    public static final ExploreOptions DEFAULT = new ExploreOptions("portfolio", 1, 0, 10_000, Long.MAX_VALUE,
            Run.DEFAULT_STEPS, false, false, true, MemoryModel.SC, Leeway.DEFAULT, null,
            ReportForm.DEFAULT);

    /** Checks the options. */
    public ExploreOptions {
        Strategies.check(Objects.requireNonNull(strategy, "strategy"), Objects.requireNonNull(memory, "memory"));
        Objects.requireNonNull(leeway, "leeway");
        if (dataRaces && memory != MemoryModel.SC) {
            throw new ExplorerException("data races are found in sequentially consistent runs only; another memory "
                    + "model can't be asked for at the same time");
        }
        if (leeway.insertion() && memory != MemoryModel.JAVA) {
            throw new ExplorerException("writes land before newer ones under the memory model java only");
        }
        if (leeway.incoherent() && memory != MemoryModel.JAVA) {
            throw new ExplorerException("plain reads go back behind earlier ones under the memory model java only");
        }
        if (schedules < 1) {
            throw new ExplorerException("the number of schedules must be at least 1, got " + schedules);
        }
        if (stepLimit < Run.LEAST_STEPS || stepLimit > Run.MOST_STEPS) {
            throw new ExplorerException("the step limit must be between " + Run.LEAST_STEPS + " and " + Run.MOST_STEPS
                    + ", got " + stepLimit);
        }
    }

    /** {@return whether the strategy makes all schedules within its scope} */
    public boolean isExhaustive() {
        return Strategies.of(strategy, memory) instanceof ExhaustiveSearch;
    }

    /** {@return the same options with another strategy} */
    public ExploreOptions withStrategy(String value) {
        return new ExploreOptions(value, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces,
                shrink, memory, leeway, tokenFile, form);
    }

    /** {@return the same options with another seed} */
    public ExploreOptions withSeed(long value) {
        return new ExploreOptions(strategy, value, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces,
                shrink, memory, leeway, tokenFile, form);
    }

    /** {@return the same options for another part of the schedules} */
    public ExploreOptions withSchedules(long first, long count) {
        return new ExploreOptions(strategy, seed, first, count, budgetNanos, stepLimit, threads, dataRaces,
                shrink, memory, leeway, tokenFile, form);
    }

    /** {@return the same options with another number of schedules} */
    public ExploreOptions withSchedules(long count) {
        return withSchedules(firstSchedule, count);
    }

    /** {@return the same options with another time limit, in nanoseconds} */
    public ExploreOptions withBudget(long nanos) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, nanos, stepLimit, threads, dataRaces,
                shrink, memory, leeway, tokenFile, form);
    }

    /** {@return the same options with another step limit} */
    public ExploreOptions withStepLimit(int value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, value, threads, dataRaces,
                shrink, memory, leeway, tokenFile, form);
    }

    /** {@return the same options with strands on threads, or not} */
    public ExploreOptions withThreads(boolean value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, value, dataRaces,
                shrink, memory, leeway, tokenFile, form);
    }

    /** {@return the same options with data races as failures, or not} */
    public ExploreOptions withDataRaces(boolean value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, value,
                shrink, memory, leeway, tokenFile, form);
    }

    /** {@return the same options with or without shrinking} */
    public ExploreOptions withShrink(boolean value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces,
                value, memory, leeway, tokenFile, form);
    }

    /** {@return the same options with another memory model} */
    public ExploreOptions withMemory(MemoryModel value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces,
                shrink, value, leeway, tokenFile, form);
    }

    /** {@return the same options with another leeway} */
    public ExploreOptions withLeeway(Leeway value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces,
                shrink, memory, value, tokenFile, form);
    }

    /** {@return the same options with a token file} */
    public ExploreOptions withTokenFile(Path value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces,
                shrink, memory, leeway, value, form);
    }

    /** {@return the same options with another form of the report} */
    public ExploreOptions withForm(ReportForm value) {
        return new ExploreOptions(strategy, seed, firstSchedule, schedules, budgetNanos, stepLimit, threads, dataRaces,
                shrink, memory, leeway, tokenFile, value);
    }
}
