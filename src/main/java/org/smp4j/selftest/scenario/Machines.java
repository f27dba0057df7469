package org.smp4j.selftest.scenario;

import static org.smp4j.selftest.scenario.Rules.mustHold;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.stop.CpuStopFn;

/** Scenarios on a booted machine. */
public final class Machines {
    private Machines() {
    }

    /** A sender races with its target going offline. */
    public static final class CallDuringTakeDown extends MachineScenario {
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger ran = new AtomicInteger();
        private final Csd csd = new Csd(SmpCallFunc.named("count", _ -> ran.incrementAndGet()), null);

        /** Made for each run. */
        public CallDuringTakeDown() {
            super(3);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "down", () -> {
                int err = machine.hotplug().removeCpu(2);
                mustHold(err == 0, "take-down", () -> "remove_cpu returns " + err);
            });
            // Not part of the setup: when it starts is explored as well.
            machine.spawn(1, "send", () -> {
                if (machine.smp().smpCallFunctionSingleAsync(2, csd) == 0) {
                    accepted.incrementAndGet();
                }
            });
        }

        @Override
        protected void check(Machine machine) {
            mustHold(ran.get() == accepted.get(), "lost call",
                    () -> "accepted " + accepted.get() + ", run " + ran.get());
        }
    }

    /** All CPUs are stopped while one of them checks that they are. */
    public static final class StopAll extends MachineScenario {
        private int looked;

        /** Made for each run. */
        public StopAll() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            CpuStopFn look = CpuStopFn.named("look", _ -> {
                looked++;
                for (int cpu = 0; cpu < 2; cpu++) {
                    int each = cpu;
                    boolean off = machine.cpus().cpu(each).irqsDisabled();
                    mustHold(off, "not stopped", () -> "CPU " + each + " has IRQs on while the machine is stopped");
                }
                return 7;
            });
            task(0, "stop", () -> {
                int ret = machine.stopMachine().stopMachine(look, null, CpuMask.of(2, 1));
                mustHold(ret == 7, "result", () -> "stop_machine returns " + ret);
            });
        }

        @Override
        protected void check(Machine machine) {
            mustHold(looked == 1, "lost work", () -> "the function has run " + looked + " times");
        }
    }

    /** One CPU is stopped for a function, whose result counts. */
    public static final class StopOne extends MachineScenario {
        /** Made for each run. */
        public StopOne() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "stop", () -> {
                int ret = machine.stopMachine().stopOneCpu(1, CpuStopFn.named("five", _ -> 5), null);
                mustHold(ret == 5, "result", () -> "stop_one_cpu returns " + ret);
            });
        }
    }

    /** A reader and a writer of the hotplug lock. */
    public static final class ReaderAndWriter extends MachineScenario {
        private final AtomicInteger readers = new AtomicInteger();
        private final AtomicInteger writers = new AtomicInteger();

        /** Made for each run. */
        public ReaderAndWriter() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "reader", () -> {
                machine.cpuHotplugLock().cpusReadLock();
                readers.incrementAndGet();
                int inside = writers.get();
                mustHold(inside == 0, "mutual exclusion", () -> "a reader shares the lock with a writer");
                readers.decrementAndGet();
                machine.cpuHotplugLock().cpusReadUnlock();
            });
            task(1, "writer", () -> {
                machine.cpuHotplugLock().cpusWriteLock();
                writers.incrementAndGet();
                int inside = readers.get();
                mustHold(inside == 0, "mutual exclusion", () -> "a writer shares the lock with a reader");
                writers.decrementAndGet();
                machine.cpuHotplugLock().cpusWriteUnlock();
            });
        }
    }

    /** A task sleeps until another one, on another CPU, wakes it. */
    public static final class SleepAndWake extends MachineScenario {
        private final Completion completion = new Completion();

        /** Made for each run. */
        public SleepAndWake() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "sleeper", completion::waitForCompletion);
            task(1, "waker", completion::complete);
        }
    }
}
