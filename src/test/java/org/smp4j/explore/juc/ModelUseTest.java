package org.smp4j.explore.juc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;

/** A program that only locks and unlocks has small proofs, whatever the programs beside it ask of a lock. */
class ModelUseTest {
    /** Three turns for each of two threads. */
    public static class Turns extends Parts.Pair {
        final Lock lock = made();

        ReentrantLock made() {
            return new ReentrantLock();
        }

        @Override
        void body(int number) {
            for (int turn = 0; turn < 3; turn++) {
                lock.lock();
                count++;
                lock.unlock();
            }
        }

        @Override
        void after() {
            if (count != 6) {
                throw new AssertionError("count is " + count);
            }
        }
    }

    /** The same with locks of the JDK's own. */
    public static class FairTurns extends Turns {
        @Override
        ReentrantLock made() {
            return new ReentrantLock(true);
        }
    }

    private static long schedules(Class<?> program) {
        Report report = Explorer.explore(new LoadedProgram(program.getName(), RewriteOptions.defaults(),
                ModelUseTest.class.getClassLoader()), ExploreOptions.DEFAULT.withStrategy("dpor"),
                Explorer.Progress.NONE);
        assertThat(report.passed()).as(report::text).isTrue();
        return report.schedules();
    }

    @Test
    void aModelIsUsedWhereItIsEnough() {
        assertThat(schedules(Turns.class)).isEqualTo(20);
        assertThat(schedules(FairTurns.class)).isGreaterThan(20);
    }
}
