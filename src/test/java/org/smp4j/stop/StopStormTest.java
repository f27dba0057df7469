package org.smp4j.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.sched.Task;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.TestMachine;

/**
 * Every kind of stop and cross-call at once, from every CPU: nothing is lost, nothing overlaps that must not, and
 * nothing deadlocks.
 */
class StopStormTest {
    private static final int SHORT_MILLIS = 2000;
    private static final int SOAK_SECONDS = 60;

    /** What was asked for and what has run. */
    private static final class Counts {
        final AtomicLong asked = new AtomicLong();
        final AtomicLong ran = new AtomicLong();
    }

    private final Counts machineStops = new Counts();
    private final Counts pairStops = new Counts();
    private final Counts singleStops = new Counts();
    private final Counts calls = new Counts();
    // of the stop_machine whose functions run: how many have yet to
    private final AtomicReference<AtomicInteger> inProgress = new AtomicReference<>();
    private final AtomicInteger violations = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 64})
    @Invariant(24)
    void storm(int cpus) {
        storm(cpus, TimeUnit.MILLISECONDS.toNanos(SHORT_MILLIS));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 64})
    @Tag("soak")
    @Timeout(5 * SOAK_SECONDS)
    void longStorm(int cpus) {
        storm(cpus, TimeUnit.SECONDS.toNanos(SOAK_SECONDS));
    }

    private void storm(int nrCpus, long nanos) {
        long seed = System.nanoTime();
        try (TestMachine box = TestMachine.boot(nrCpus, "idle=poll", 2 * TestMachine.DEADLINE_SECONDS
                + TimeUnit.NANOSECONDS.toSeconds(nanos))) {
            Machine machine = box.machine();
            long end = System.nanoTime() + nanos;
            box.run(0, () -> {
                List<Task> tasks = new ArrayList<>();
                for (int cpu = 0; cpu < nrCpus; cpu++) {
                    SplittableRandom random = new SplittableRandom(seed + cpu);
                    tasks.add(box.start(cpu, "storm/" + cpu, () -> {
                        Worker worker = new Worker(machine, random, nrCpus);
                        do {
                            worker.turn();
                        } while (System.nanoTime() - end < 0);
                        worker.finish();
                    }));
                }
                tasks.forEach(Task::join);
                machine.smp().smpCallFunction(info -> { }, null, true);
                for (int cpu = 0; cpu < nrCpus; cpu++) {
                    machine.stopMachine().stopOneCpu(cpu, arg -> 0, null);
                }
            });
        }
        assertThat(violations).as("seed %d", seed).hasValue(0);
        for (Counts counts : List.of(machineStops, pairStops, singleStops, calls)) {
            assertThat(counts.ran.get()).as("seed %d", seed).isEqualTo(counts.asked.get()).isPositive();
        }
    }

    /** One CPU's task. */
    private final class Worker {
        private final StopMachine stop;
        private final Machine machine;
        private final SplittableRandom random;
        private final int nrCpus;
        private final CpuStopWork work = new CpuStopWork();
        private final AtomicBoolean workIsFree = new AtomicBoolean(true);

        Worker(Machine machine, SplittableRandom random, int nrCpus) {
            this.machine = machine;
            this.stop = machine.stopMachine();
            this.random = random;
            this.nrCpus = nrCpus;
        }

        void turn() {
            int target = random.nextInt(nrCpus);
            switch (random.nextInt(16)) {
                case 0 -> stopMachine();
                case 1, 2, 3 -> stopTwoCpus(target, (target + 1 + random.nextInt(nrCpus - 1)) % nrCpus);
                case 4, 5 -> stopOneCpu(target);
                case 6, 7, 8 -> stopOneCpuNowait(target);
                case 9 -> callMany();
                default -> callSingle(target, random.nextBoolean());
            }
        }

        /** The work must have been used before its owner ends. */
        void finish() {
            until(workIsFree::get);
        }

        private void check(boolean holds) {
            if (!holds) {
                violations.incrementAndGet();
            }
        }

        private void stopMachine() {
            CpuMask mask = new CpuMask(nrCpus);
            for (int cpu = 0; cpu < nrCpus; cpu++) {
                if (random.nextInt(4) == 0) {
                    mask.setCpu(cpu);
                }
            }
            boolean anyCpu = mask.weight() == 0;
            machineStops.asked.addAndGet(anyCpu ? 1 : mask.weight());
            AtomicInteger toRun = new AtomicInteger(anyCpu ? 1 : mask.weight());
            int ret = stop.stopMachine(arg -> {
                check(inProgress.compareAndSet(null, toRun) || inProgress.get() == toRun);
                check(Cpu.current().irqsDisabled()
                        && (anyCpu ? Cpu.rawSmpProcessorId() == 0 : mask.testCpu(Cpu.rawSmpProcessorId())));
                machineStops.ran.incrementAndGet();
                if (toRun.decrementAndGet() == 0) {
                    inProgress.set(null);
                }
                return 0;
            }, null, anyCpu ? null : mask);
            check(ret == 0);
        }

        private void stopTwoCpus(int cpu1, int cpu2) {
            pairStops.asked.incrementAndGet();
            check(stop.stopTwoCpus(cpu1, cpu2, arg -> {
                check(Cpu.rawSmpProcessorId() == cpu1 && Cpu.current().irqsDisabled());
                pairStops.ran.incrementAndGet();
                return 5;
            }, null) == 5);
        }

        private void stopOneCpu(int cpu) {
            singleStops.asked.incrementAndGet();
            check(stop.stopOneCpu(cpu, arg -> {
                check(Cpu.rawSmpProcessorId() == cpu);
                singleStops.ran.incrementAndGet();
                return 6;
            }, null) == 6);
        }

        private void stopOneCpuNowait(int cpu) {
            if (workIsFree.compareAndSet(true, false)) {
                singleStops.asked.incrementAndGet();
                check(stop.stopOneCpuNowait(cpu, arg -> {
                    workIsFree.set(true);
                    check(Cpu.rawSmpProcessorId() == cpu);
                    singleStops.ran.incrementAndGet();
                    return 0;
                }, null, work));
            }
        }

        private void callSingle(int cpu, boolean wait) {
            calls.asked.incrementAndGet();
            check(machine.smp().smpCallFunctionSingle(cpu, info -> {
                check(Cpu.rawSmpProcessorId() == cpu);
                calls.ran.incrementAndGet();
            }, null, wait) == 0);
        }

        private void callMany() {
            calls.asked.addAndGet(nrCpus - 1);
            Preempt.disable();
            machine.smp().smpCallFunctionMany(machine.cpus().online, info -> calls.ran.incrementAndGet(), null,
                    random.nextBoolean());
            Preempt.enable();
        }
    }
}
