package org.smp4j.hotplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.testing.TestMachine;

/**
 * Everything at once: CPUs come and go while others stop the machine, stop pairs, call, and hold the hotplug lock.
 * Nothing hangs, nothing is lost.
 */
class HotplugStormTest {
    private static final long SOAK_SECONDS = 60;

    /** How often a kind of request was accepted, how often what it asked for ran, and how often it was refused. */
    private static final class Tally {
        final LongAdder accepted = new LongAdder();
        final LongAdder ran = new LongAdder();
        final LongAdder refused = new LongAdder();

        /** Counts a result that is 0 or one certain error. */
        void result(int ret, int error) {
            assertThat(ret).isIn(0, error);
            (ret == 0 ? accepted : refused).increment();
        }

        @Override
        public String toString() {
            return accepted + " accepted, " + ran + " ran, " + refused + " refused";
        }
    }

    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Task> tasks = new ArrayList<>();
    private final Tally motions = new Tally();
    private final Tally machineStops = new Tally();
    private final Tally pairStops = new Tally();
    private final Tally nowaitStops = new Tally();
    private final Tally calls = new Tally();
    private final Tally waits = new Tally();
    private final Tally asyncs = new Tally();
    private final LongAdder broadcasts = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private TestMachine box;
    private Machine machine;
    private Cpus cpus;
    private long seed;

    @ParameterizedTest
    @CsvSource({"2, 40", "4, 40", "64, 30"})
    void nothingIsLostAndNothingHangs(int nrCpus, int motionsWanted) {
        storm(nrCpus, 120, () -> motions.accepted.sum() < motionsWanted);
    }

    @Tag("soak")
    @Timeout(value = 11, unit = TimeUnit.MINUTES)
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 64})
    void nothingIsLostAndNothingHangsForLong(int nrCpus) {
        long end = System.nanoTime() + SOAK_SECONDS * 1_000_000_000L;
        storm(nrCpus, 10 * SOAK_SECONDS, () -> System.nanoTime() - end < 0);
    }

    private void storm(int nrCpus, long deadlineSeconds, BooleanSupplier goesOn) {
        seed = ThreadLocalRandom.current().nextLong();
        try (TestMachine booted = TestMachine.boot(nrCpus, "watchdog_thresh=60", deadlineSeconds)) {
            box = booted;
            machine = box.machine();
            cpus = machine.cpus();
            box.run(0, () -> {
                begin();
                while (goesOn.getAsBoolean()) {
                    machine.scheduler().timers().msleep(1);
                }
                stop.set(true);
                tasks.forEach(Task::join);
                tasks.forEach(task -> assertThat(task.failure()).as("seed %d, %s", seed, task).isNull());
                settle();
            });
            assertThat(machine.watchdog().lockups()).isZero();
        }
    }

    private void begin() {
        repeat("hotplug/a", this::move);
        repeat("hotplug/b", this::move);
        repeat("stop_machine", random ->
                machineStops.result(machine.stopMachine().stopMachine(counting(machineStops), null, null), 0));
        repeat("stop_two_cpus", this::stopTwo);
        for (int i = 0; i < 2; i++) {
            CpuStopWork work = new CpuStopWork();
            AtomicLong begun = new AtomicLong();
            AtomicLong queued = new AtomicLong();
            repeat("nowait/" + i, random -> stopNowait(random, work, queued, begun));
            Csd csd = new Csd(call(asyncs), null);
            repeat("caller/" + i, random -> call(random, csd));
        }
        repeat("broadcast", random -> {
            machine.smp().onEachCpu(SmpCallFunc.named("broadcast", info -> { }), null, true);
            broadcasts.increment();
        });
        repeat("reader", this::read);
    }

    /** Starts a task that may run anywhere and does something again and again. */
    private void repeat(String comm, Consumer<Random> turn) {
        Random random = new Random(seed + tasks.size());
        tasks.add(machine.scheduler().run(comm, Task.Policy.NORMAL, cpus.possible, () -> {
            while (!stop.get()) {
                turn.accept(random);
                machine.scheduler().condResched();
            }
        }));
    }

    private void move(Random random) {
        int cpu = random.nextInt(cpus.nrCpuIds);
        int ret = random.nextBoolean() ? machine.hotplug().removeCpu(cpu) : machine.hotplug().addCpu(cpu);
        if (ret != 1) { // it is there already
            motions.result(ret, -Errno.EBUSY);
        }
    }

    private static CpuStopFn counting(Tally tally) {
        return CpuStopFn.named("storm", arg -> {
            tally.ran.increment();
            return 0;
        });
    }

    private void stopTwo(Random random) {
        int first = random.nextInt(cpus.nrCpuIds);
        int second = (first + 1 + random.nextInt(cpus.nrCpuIds - 1)) % cpus.nrCpuIds;
        pairStops.result(machine.stopMachine().stopTwoCpus(first, second, CpuStopFn.named("pair", arg -> {
            assertThat(Cpu.rawSmpProcessorId()).isEqualTo(first);
            pairStops.ran.increment();
            return 0;
        }), null), -Errno.ENOENT);
    }

    private void stopNowait(Random random, CpuStopWork work, AtomicLong queued, AtomicLong begun) {
        int cpu = random.nextInt(cpus.nrCpuIds);
        boolean accepted = machine.stopMachine().stopOneCpuNowait(cpu, CpuStopFn.named("nowait", arg -> {
            assertThat(Cpu.rawSmpProcessorId()).isEqualTo(cpu);
            nowaitStops.ran.increment();
            begun.incrementAndGet();
            return 0;
        }), null, work);
        nowaitStops.result(accepted ? 0 : -1, -1);
        if (accepted) {
            long number = queued.incrementAndGet();
            until(() -> begun.get() == number); // from here on the work may be used again
        }
    }

    private SmpCallFunc call(Tally tally) {
        return SmpCallFunc.named("call", info -> tally.ran.increment());
    }

    private void call(Random random, Csd csd) {
        int cpu = random.nextInt(cpus.nrCpuIds);
        switch (random.nextInt(3)) {
            case 0 -> waits.result(machine.smp().smpCallFunctionSingle(cpu, call(waits), null, true), -Errno.ENXIO);
            case 1 -> calls.result(machine.smp().smpCallFunctionSingle(cpu, call(calls), null, false), -Errno.ENXIO);
            default -> {
                int ret = machine.smp().smpCallFunctionSingleAsync(cpu, csd);
                if (ret != -Errno.EBUSY) {
                    asyncs.result(ret, -Errno.ENXIO);
                }
            }
        }
    }

    private void read(Random random) {
        machine.cpuHotplugLock().cpusReadLock();
        CpuMask online = cpus.online.copy();
        assertThat(cpus.active).isEqualTo(online);
        assertThat(cpus.numOnline()).isEqualTo(online.weight());
        for (int cpu = online.first(); cpu < cpus.nrCpuIds; cpu = online.next(cpu)) {
            if (random.nextInt(8) == 0) {
                assertThat(machine.smp().smpCallFunctionSingle(cpu, info -> { }, null, true)).isZero();
            }
        }
        assertThat(cpus.online).isEqualTo(online);
        machine.cpuHotplugLock().cpusReadUnlock();
        reads.increment();
    }

    /** Brings every CPU up again, asks each whether it is all there, and draws up the accounts. */
    private void settle() {
        for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
            assertThat(machine.hotplug().addCpu(cpu)).as("CPU %d, seed %d", cpu, seed).isIn(0, 1);
            box.start(cpu, "there/" + cpu, () -> { }).join();
            assertThat(machine.stopMachine().stopOneCpu(cpu, arg -> 7, null)).isEqualTo(7);
        }
        machine.smp().onEachCpu(SmpCallFunc.named("flush", info -> { }), null, true);
        for (Tally tally : List.of(machineStops, pairStops, nowaitStops, calls, waits, asyncs)) {
            assertThat(tally.accepted.sum()).as("%s, seed %d", tally, seed).isPositive().isEqualTo(tally.ran.sum());
        }
        assertThat(pairStops.refused.sum() + calls.refused.sum() + waits.refused.sum()).as("CPUs were away")
                .isPositive();
        assertThat(broadcasts.sum()).isPositive();
        assertThat(reads.sum()).isPositive();
    }
}
