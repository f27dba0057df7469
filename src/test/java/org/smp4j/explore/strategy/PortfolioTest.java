package org.smp4j.explore.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.Explorations;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.replay.ReplayStrategy;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.samples.Counters;
import org.smp4j.explore.strategy.Portfolio.Mix;

/** Whose turn it is, by the size of the program. */
class PortfolioTest {
    private static List<String> turns(Class<?> program, Mix mix) {
        Runner runner = new Runner(Explorations.program(program), Coroutine.best(), 10_000);
        runner.run(new ReplayStrategy(new Departures()), 0, 0);
        Portfolio portfolio = new Portfolio(mix);
        portfolio.learn(runner.x.view);
        return IntStream.range(0, 48).mapToObj(i -> portfolio.begin(runner.x.view, i, i).name()).toList();
    }

    private static long pos(List<String> turns) {
        return turns.stream().filter("pos"::equals).count();
    }

    @Test
    void smallProgramsGetPosFirstAndMostOften() {
        List<String> few = turns(Counters.Few.class, Mix.BY_STEPS);
        assertThat(few.subList(0, 12)).containsOnly("pos");
        assertThat(few.subList(12, 48)).contains("delay1", "delay2", "delay3", "surw", "random", "pct3", "starvation");
        assertThat(pos(few)).isGreaterThan(24);
    }

    @Test
    void whatIsExploredMayBeShortInAnyProgram() {
        assertThat(turns(Counters.Many.class, Mix.FEW)).isEqualTo(turns(Counters.Few.class, Mix.BY_STEPS));
    }

    @Test
    void othersGetAllInTurn() {
        assertThat(pos(turns(Counters.Few.class, Mix.VARIOUS))).isEqualTo(4);
        assertThat(turns(Counters.Some.class, Mix.BY_STEPS)).isEqualTo(turns(Counters.Some.class, Mix.VARIOUS))
                .isEqualTo(turns(Counters.Few.class, Mix.VARIOUS));
        assertThat(pos(turns(Counters.Many.class, Mix.BY_STEPS))).isEqualTo(3);
        assertThat(turns(Counters.Many.class, Mix.BY_STEPS)).isEqualTo(turns(Counters.Many.class, Mix.VARIOUS));
    }
}
