package org.smp4j.explore;

import java.util.List;

/** Runs one program again and again. */
final class Runner {
    private static final Thread MAIN = new Thread(() -> {
    }, "main");

    final Program program;
    final Execution x;
    private final Runnable body;

    Runner(Program program, Coroutine.Kind kind, int stepLimit) {
        this.program = program;
        x = new Execution(kind);
        x.stepLimit = stepLimit;
        body = () -> {
            try {
                program.run();
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new Thrown(e);
            }
        };
    }

    /** A checked exception of a scenario, on its way out. */
    static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Thrown(Throwable cause) {
            super(cause);
        }
    }

    Execution.Outcome run(Strategy strategy, long schedule, long seed) {
        program.restoreStatics();
        Execution.Outcome outcome = x.run(MAIN, body, strategy, schedule, seed);
        if (x.failure() != null && x.failure().thrown() instanceof Hooks.Uncontrolled uncontrolled) {
            throw new ExplorerException(uncontrolled.getMessage());
        }
        if (x.failure() != null && x.failure().thrown() instanceof ExplorerException refused) {
            throw refused;
        }
        if (x.failure() != null && x.failure().thrown() instanceof VerifyError refused) { // what was woven or rewritten is wrong, not the scenario
            throw new ExplorerException("the JVM refuses a class as it was changed: " + refused.getMessage(), refused);
        }
        return outcome;
    }

    /** {@return whether the run that departs here breaks the rule} */
    boolean breaks(Departures departures, String rule) {
        Execution.Outcome outcome = run(new ReplayStrategy(departures), 0, 0);
        return outcome == Execution.Outcome.FAILED && x.failure().rule().equals(rule);
    }

    /** Makes the run that departs here once more, and writes it down. */
    Token record(Departures departures, Recording recording) {
        x.observer = recording;
        run(new ReplayStrategy(departures), 0, 0);
        x.observer = null;
        return token(recording);
    }

    /** {@return the token of the run that was just made} */
    Token token(Recording recording) {
        return new Token(program.name(), x.departures().copy(), recording.labels(), x.surroundings.reductions, x.steps(), x.hash() & 0xffffff, List.copyOf(Sites.shared()));
    }
}
