package org.smp4j.explore;

import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.search.PartialOrderSearch;
import org.smp4j.explore.strategy.RandomStrategy;

/** Short ways to explore a scenario of the tests. */
public final class Explorations {
    private Explorations() {
    }

    /** A scenario, rewritten with the options that a user's class has. */
    public static Program program(Class<?> scenario) {
        return new LoadedProgram(scenario.getName(), RewriteOptions.defaults(), Explorations.class.getClassLoader());
    }

    public static Report explore(Class<?> scenario, ExploreOptions options) {
        return Explorer.explore(program(scenario), options, Explorer.Progress.NONE);
    }

    /** The number of executions that a search makes, and of those that fail; the search goes on after a failure. */
    public record Count(long executions, long failures) {
    }

    public static Count count(Class<?> scenario, PartialOrderSearch search) {
        Runner runner = new Runner(program(scenario), Coroutine.best(), 100_000);
        Sites.forgetFields();
        runner.x.happensBefore = new HappensBefore(false);
        RandomStrategy random = new RandomStrategy();
        for (int i = 0; i < 50; i++) {
            runner.run(random, i, i); // to find the plain fields that strands share
        }
        runner.x.happensBefore = null;
        runner.x.observer = search;
        long executions = 0;
        long failures = 0;
        while (search.advance(runner.x.view)) {
            Outcome outcome = runner.run(search, 0, 0);
            executions += outcome == Outcome.PRUNED ? 0 : 1;
            failures += outcome == Outcome.FAILED ? 1 : 0;
        }
        return new Count(executions, failures);
    }
}
