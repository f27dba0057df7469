package org.smp4j.scenario.free;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.smp4j.explore.model.Failure;
import org.smp4j.lib.Aborted;

/**
 * Makes runs of a scenario whose CPUs are played by threads of the caller. What it takes and gives are types of the
 * JDK, so that its caller may be loaded by another loader. A run that does not end within some seconds is ended.
 */
public final class Actors implements Function<String, IntFunction<String>> {
    /** In place of a CPU's number: asks for the outcome. */
    public static final int OUTCOME = -1;

    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long PERIOD_NANOS = 100_000_000;

    /** A run that a thread plays. */
    private record Playing(Run run, long since) {
    }

    // By their threads. Written by: these. Read by: the thread that ends what does not end. Ordering: the map's.
    private final Map<Thread, Playing> playing = new ConcurrentHashMap<>();

    /** For a loader. */
    public Actors() {
        Thread.ofPlatform().daemon().name("patience").start(() -> {
            for (;;) {
                LockSupport.parkNanos(PERIOD_NANOS);
                long now = System.nanoTime();
                playing.values().forEach(each -> {
                    if (now - each.since > PATIENCE_NANOS) {
                        each.run.scenario.lifetime().close();
                    }
                });
            }
        });
    }

    /** One run. */
    private final class Run implements IntFunction<String> {
        final ActorScenario scenario;
        private final List<Thread> cpus;
        // Written by: the CPU that fails first. Read by: the others' caller, when all have ended. Ordering: volatile.
        private final AtomicReference<String> failure = new AtomicReference<>();

        Run(ActorScenario scenario) {
            this.scenario = scenario;
            cpus = scenario.actors();
        }

        /** Plays a CPU; {@return null, or for {@link #OUTCOME} the broken rule, or null for none} */
        @Override
        public String apply(int cpu) {
            if (cpu == OUTCOME) {
                if (failure.get() == null) {
                    attempt(scenario::conclude);
                }
                return failure.get();
            }
            playing.put(Thread.currentThread(), new Playing(this, System.nanoTime()));
            attempt(cpus.get(cpu));
            playing.remove(Thread.currentThread());
            return null;
        }

        private void attempt(Runnable body) {
            try {
                body.run();
            } catch (Aborted e) {
                failure.compareAndSet(null, FreeRun.UNENDED);
            } catch (Failure.Broken e) {
                failed(e.rule);
            } catch (RuntimeException | Error e) {
                failed("threw " + e.getClass().getName());
            }
        }

        private void failed(String rule) {
            failure.compareAndSet(null, rule);
            scenario.lifetime().close();
        }
    }

    @Override
    public IntFunction<String> apply(String scenario) {
        try {
            return new Run((ActorScenario) Class.forName(scenario, true, Actors.class.getClassLoader())
                    .getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(scenario + " can't be made", e);
        }
    }
}
