package org.smp4j.explore.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.samples.CatchesAll;
import org.smp4j.explore.strategy.RandomStrategy;

class StrandSwitchTest {
    /** Fails when a strand begins. */
    private static final class Faulty extends RandomStrategy {
        private final int at;

        Faulty(int at) {
            this.at = at;
        }

        @Override
        public boolean wantsSteps() {
            return true;
        }

        @Override
        public void performed(Run x, Strand strand) {
            if (strand.id == at && strand.point() == 0) {
                throw new IllegalStateException("the strategy is at fault");
            }
        }
    }

    private static void run(Coroutine.Kind kind, int at, long seed) {
        LoadedProgram program = new LoadedProgram(CatchesAll.class.getName(), RewriteOptions.defaults(),
                StrandSwitchTest.class.getClassLoader());
        new Runner(program, kind, 10_000).run(new Faulty(at), 0, seed);
    }

    /** The strand that fails may stand on top of others, which catch what their accesses throw. */
    @ParameterizedTest
    @EnumSource(Coroutine.Kind.class)
    void faultOfAStrategyEndsTheRun(Coroutine.Kind kind) {
        for (int at = 0; at < 4; at++) {
            for (long seed = 0; seed < 5; seed++) {
                int strand = at;
                long draw = seed;
                assertThatThrownBy(() -> run(kind, strand, draw)).as("strand %d, seed %d", at, seed)
                        .isInstanceOf(IllegalStateException.class).hasMessageEndingWith("the strategy is at fault");
            }
        }
    }
}
