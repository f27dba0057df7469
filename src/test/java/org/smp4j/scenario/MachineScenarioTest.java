package org.smp4j.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.Machine;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Task;
import org.smp4j.sched.Timers;

/** How a run on a machine begins, and what belongs to it at its end. */
class MachineScenarioTest {
    private static Report explore(Class<?> scenario, int schedules) {
        LoadedProgram program =
                new LoadedProgram(scenario.getName(), Programs.options(), MachineScenarioTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withSchedules(schedules)
                .withShrink(false), Explorer.Progress.NONE);
    }

    private static void assertFound(String text, Class<?> scenario, int schedules) {
        Report report = explore(scenario, schedules);
        assertThat(report.failure()).as(report.text()).isNotNull();
        assertThat(report.text()).contains(text);
    }

    private static void assertPasses(Class<?> scenario, int schedules) {
        Report report = explore(scenario, schedules);
        assertThat(report.failure()).as(report.text()).isNull();
        assertThat(report.cut()).as(report.text()).isZero();
    }

    /** A task starts a timer, and a file is closed when it ends: what the timer starts writes to that file. */
    public static class FlushesLater extends MachineScenario {
        private static final long LATER = 5_000_000_000L;
        private volatile boolean closed;

        public FlushesLater() {
            super(1);
        }

        @Override
        protected final void run(Machine machine) {
            task(0, "writer", () -> {
                Timers.Timer flush = machine.scheduler().timers()
                        .start(System.nanoTime() + LATER, () -> machine.workqueue().queueWorkOn(0, this::write));
                beforeClose(machine, flush);
                closed = true;
            });
        }

        void beforeClose(Machine machine, Timers.Timer flush) {
        }

        private void write() {
            if (closed) {
                throw new IllegalStateException("written to a closed file");
            }
        }
    }

    /** The same, and the timer is stopped first. */
    public static class StopsFlush extends FlushesLater {
        @Override
        void beforeClose(Machine machine, Timers.Timer flush) {
            machine.scheduler().timers().cancel(flush);
        }
    }

    @Test
    void timerFiresAlsoWhenAllTasksHaveEnded() {
        assertFound("written to a closed file", FlushesLater.class, 1);
        assertPasses(StopsFlush.class, 100);
    }

    /** A timer starts a task, whose failure is one of the run. */
    public static class TimerStartsTask extends MachineScenario {
        public TimerStartsTask() {
            super(1);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "first", () -> machine.scheduler().timers()
                    .start(System.nanoTime() + 5_000_000_000L, () -> task(0, "late", () -> {
                throw new IllegalStateException("fails late");
            })));
        }
    }

    @Test
    void taskThatATimerStartsIsWaitedFor() {
        assertFound("late threw", TimerStartsTask.class, 1);
    }

    /** A timer starts itself again whenever it fires. */
    public static class Heartbeat extends MachineScenario {
        private Timers timers;
        private int beats;

        public Heartbeat() {
            super(1);
        }

        @Override
        protected void run(Machine machine) {
            timers = machine.scheduler().timers();
            task(0, "starts", this::beat);
        }

        private void beat() {
            beats++;
            timers.start(System.nanoTime() + Timers.JIFFY, this::beat);
        }

        @Override
        protected void check(Machine machine) {
            assertThat(beats).isBetween(50, 500);
        }
    }

    @Test
    void timerThatStartsItselfForEverDoesNotKeepARunFromItsEnd() {
        assertPasses(Heartbeat.class, 20);
    }

    /** A task takes a CPU down for a while; another one is bound to that CPU from the beginning. */
    public static class ResidentOfCpu extends MachineScenario {
        public ResidentOfCpu() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "restarts", () -> {
                machine.hotplug().removeCpu(1);
                machine.hotplug().addCpu(1);
            });
            resident(machine);
        }

        void resident(Machine machine) {
            task(1, "resident", () -> { });
        }
    }

    /** Here a task starts it: the CPU may be gone by then. */
    public static class LateResidentOfCpu extends ResidentOfCpu {
        @Override
        void resident(Machine machine) {
            task(0, "starts", () -> super.resident(machine));
        }
    }

    @Test
    void tasksOfTheSetupAreStartedBeforeAnythingHappens() {
        assertPasses(ResidentOfCpu.class, 200);
        assertFound("no CPU of 1 is active", LateResidentOfCpu.class, 2_000);
    }

    /**
     * A thread for each CPU empties its cache when asked, and notes that; the memory is given back when all have noted
     * it.
     */
    public static class EmptiesCaches extends MachineScenario {
        private static final int CPUS = 2;
        private final AtomicInteger noted = new AtomicInteger();
        private final AtomicInteger emptied = new AtomicInteger();
        private volatile Task shrinks;
        private volatile boolean wanted;

        public EmptiesCaches() {
            super(CPUS);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "shrinks", () -> {
                shrinks = Task.current();
                Kthread[] threads = new Kthread[CPUS];
                for (int cpu = 0; cpu < CPUS; cpu++) {
                    int own = cpu;
                    threads[cpu] =
                            Kthread.createOnCpu(machine.scheduler(), "cache/" + cpu, cpu, () -> serve(threads[own]));
                    threads[cpu].startOnce();
                }
                wanted = true;
                for (Kthread thread : threads) {
                    thread.wake();
                }
                while (noted.get() != CPUS) {
                    shrinks.block();
                }
                if (emptied.get() != CPUS) {
                    throw new IllegalStateException("given back with a full cache");
                }
                for (Kthread thread : threads) {
                    thread.kthreadStop();
                }
            });
        }

        private void serve(Kthread self) {
            while (!wanted) {
                self.block();
            }
            empty();
            shrinks.wake();
            while (!self.kthreadShouldStop()) {
                self.block();
            }
        }

        void empty() {
            noted.incrementAndGet();
            emptied.incrementAndGet();
        }
    }

    /** The same, noted when it is done. */
    public static class EmptiesCachesFirst extends EmptiesCaches {
        @Override
        void empty() {
            super.emptied.incrementAndGet();
            super.noted.incrementAndGet();
        }
    }

    @Test
    void threadOfACpuMayStopBetweenItsNoteAndItsDeed() {
        assertFound("given back with a full cache", EmptiesCaches.class, 2_000);
        assertPasses(EmptiesCachesFirst.class, 100);
    }

    /** A thread looks every now and then whether it is to end, and is told to. */
    public static class LooksNowAndThen extends MachineScenario {
        private volatile Kthread thread;

        public LooksNowAndThen() {
            super(2);
        }

        @Override
        protected final void run(Machine machine) {
            task(0, "ends", () -> {
                thread = Kthread.createOnCpu(machine.scheduler(), "looks", 1, () -> {
                    do {
                        machine.scheduler().timers().msleep(2);
                    } while (!isOver(thread));
                });
                thread.startOnce();
                thread.kthreadStop();
            });
        }

        boolean isOver(Kthread looks) {
            return looks.kthreadShouldStop();
        }
    }

    /** It looks for something else. */
    public static class LooksElsewhere extends LooksNowAndThen {
        @Override
        boolean isOver(Kthread looks) {
            return looks.kthreadShouldPark();
        }
    }

    @Test
    void threadThatLooksByItselfMayBeWoken() {
        assertPasses(LooksNowAndThen.class, 100);
        assertFound("no end within", LooksElsewhere.class, 1);
    }

    /** One task works until another has slept, and so hardly any run comes to its end before the limit of steps. */
    public static class WorksUntilTold extends MachineScenario {
        private final AtomicInteger work = new AtomicInteger();
        private volatile boolean enough;

        public WorksUntilTold() {
            super(2);
        }

        @Override
        protected final void run(Machine machine) {
            task(0, "worker", () -> {
                while (!enough) {
                    work.incrementAndGet();
                    machine.scheduler().condResched();
                }
            });
            task(1, "sleeper", () -> sleep(machine));
        }

        void sleep(Machine machine) {
            for (int i = 0; i < 3; i++) {
                machine.scheduler().timers().msleep(2000);
            }
            enough = true;
        }
    }

    /** The same, and it is never told. */
    public static class WorksForEver extends WorksUntilTold {
        @Override
        void sleep(Machine machine) {
            machine.scheduler().timers().msleep(2000);
        }
    }

    /** Works for some milliseconds. */
    public static class WorksUntilTime extends MachineScenario {
        private final AtomicInteger work = new AtomicInteger();

        public WorksUntilTime() {
            super(2);
        }

        @Override
        protected final void run(Machine machine) {
            task(0, "worker", () -> {
                long end = System.nanoTime() + 5_000_000;
                while (System.nanoTime() < end) {
                    work.incrementAndGet();
                    machine.scheduler().condResched();
                }
            });
            task(1, "other", work::incrementAndGet);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {WorksUntilTold.class, WorksUntilTime.class})
    void whatTimeEndsIsNoLivelock(Class<?> scenario) {
        Report report = explore(scenario, 20);
        assertThat(report.failure()).as(report.text()).isNull();
        assertThat(report.cut()).as(report.text()).isPositive();
        assertThat(report.notes()).as("calls of the kernel have been read")
                .noneMatch(note -> note.startsWith("not modelled"));
    }

    @Test
    void whatTimeDoesNotEndIsALivelock() {
        assertFound("rule broken: livelock", WorksForEver.class, 1);
    }
}
