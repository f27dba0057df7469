package org.smp4j.scenario.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.strategy.RandomStrategy;
import org.smp4j.fuzz.LoadedTower;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.grammar.Generator;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.run.Play;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/** Oracles, and what answers the explorer before each step, make no steps of their own, and so change no schedule. */
class QuietOraclesTest {
    private static final Predicate<String> OBSERVERS = Programs.options().observers();
    private static final String TEST = QuietOraclesTest.class.getName();
    private static final int SEEDS = 6;
    private static final String STRAND = "org.smp4j.explore.engine.StrandTable";

    private static String program(Focus focus) {
        return new Generator(Standard.catalog(), focus).draw(16, 2).text();
    }

    private static Runner runner(Program program) {
        Runner runner = new Runner(program, Coroutine.best(), 100_000);
        runner.x.happensBefore = new HappensBefore(false);
        for (int i = 0; i < 3; i++) { // classes are loaded, and shared fields found
            runner.run(new RandomStrategy(), i, ~i);
        }
        return runner;
    }

    private static Runner runner(String text, Weave weave) {
        RewriteOptions how = Programs.unwatched().withWeaves(weave).withObservers(OBSERVERS);
        return runner(new LoadedProgram("quiet", Play.class.getName(), how,
                QuietOraclesTest.class.getClassLoader(), type -> {
                    Runnable play = (Runnable) type
                            .getConstructor(String.class, List.class, Consumer.class, BiConsumer.class)
                            .newInstance(text, List.of(), null, null);
                    return play::run;
                }));
    }

    private static List<String> schedules(String text, Weave weave) {
        Runner runner = runner(text, weave);
        List<String> all = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            all.add(runner.run(new RandomStrategy(), seed, seed) + " " + runner.x.steps() + " " + runner.x.hash()
                    + " " + runner.x.failure());
        }
        return all;
    }

    /** On a booted machine, so that every oracle has something to see. */
    @Test
    void schedulesAreTheSameWithAndWithoutEachOracle() {
        String text = program(Focus.HOTPLUG);
        List<String> without = schedules(text, Programs.weave(Weave.nothing()));
        assertThat(without).anyMatch(run -> run.startsWith("COMPLETE")).doesNotHaveDuplicates();
        // those of calls need those of tasks, which see nodes leave their lists
        Weave calls = Oracles.watching().and(SchedOracles.weave());
        for (Weave oracle : List.of(calls, SchedOracles.weave(), HotplugOracles.weave())) {
            assertThat(schedules(text, Programs.weave(oracle))).isEqualTo(without);
        }
        assertThat(schedules(text, Programs.weave())).isEqualTo(without);
    }

    /** Finds steps that are made in a call of an observer. */
    private static final class Finder implements Observer {
        final TreeSet<String> found = new TreeSet<>();
        long steps;

        @Override
        public void performed(Run x, Strand strand) {
            steps++;
            StackWalker.getInstance().walk(frames -> {
                String callee = "";
                for (StackWalker.StackFrame frame : (Iterable<StackWalker.StackFrame>) frames::iterator) {
                    if (frame.getClassName().equals(STRAND)) {
                        break;
                    }
                    String here = frame.getClassName() + "." + frame.getMethodName();
                    // what the interrupt does is the program's
                    if (OBSERVERS.test(frame.getClassName()) && !frame.getClassName().startsWith(TEST)
                            && !callee.equals("org.smp4j.cpu.Cpu.poll")) {
                        found.add(here + " calls " + callee);
                    }
                    callee = here;
                }
                return null;
            });
        }
    }

    @Test
    void noStepIsMadeByWhatWatches() {
        LoadedTower tower = new LoadedTower(List.of(), QuietOraclesTest.class.getClassLoader());
        for (Focus focus : List.of(Focus.CALL, Focus.SCHED, Focus.STOP, Focus.HOTPLUG)) {
            Runner runner = runner(tower.program(program(focus), null));
            Finder finder = new Finder();
            for (int seed = 0; seed < 2; seed++) {
                runner.run(new RandomStrategy(), seed, seed, finder);
            }
            assertThat(finder.steps).isPositive();
            assertThat(finder.found).isEmpty();
        }
    }
}
