package org.smp4j.probe;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;

/** Calls between CPUs and irq_works. */
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-XX:+UseParallelGC", "-XX:+UseCondCardMark"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class CallProbe {
    private static final SmpCallFunc NOP = info -> {
    };
    private static final int WINDOW = 256;

    /** A seat with what the calls use. */
    @State(Scope.Thread)
    public static class Memory extends Seat {
        final Csd[] csds = new Csd[WINDOW];
        final Csd own = new Csd(NOP, null);
        final IrqWork local = IrqWork.of(work -> {
        });
        final IrqWork remote = IrqWork.of(work -> {
        });
        CpuMask one;
        int next;

        @Override
        void seated() {
            for (int i = 0; i < WINDOW; i++) {
                csds[i] = new Csd(NOP, null);
            }
            one = CpuMask.of(cpus, 1);
        }
    }

    @Benchmark
    public int singleWait(Seat seat) {
        return seat.machine.smp().smpCallFunctionSingle(1, NOP, null, true);
    }

    @Benchmark
    public int singleNoWait(Seat seat) {
        return seat.machine.smp().smpCallFunctionSingle(1, NOP, null, false);
    }

    @Benchmark
    public int singleSelf(Seat seat) {
        return seat.machine.smp().smpCallFunctionSingle(0, NOP, null, true);
    }

    @Benchmark
    public void async(Memory memory) {
        Csd csd = memory.csds[memory.next++ % WINDOW];
        while (memory.machine.smp().smpCallFunctionSingleAsync(1, csd) != 0) {
            Thread.onSpinWait();
        }
    }

    /** The csd protocol without a queue: locked, and unlocked at once. */
    @Benchmark
    public int csdLockAlone(Memory memory) {
        return memory.machine.smp().smpCallFunctionSingleAsync(0, memory.own);
    }

    @Benchmark
    public void manyToOneWait(Memory memory) {
        Preempt.disable();
        memory.machine.smp().smpCallFunctionMany(memory.one, NOP, null, true);
        Preempt.enable();
    }

    @Benchmark
    public void allWait(Seat seat) {
        seat.machine.smp().smpCallFunction(NOP, null, true);
    }

    @Benchmark
    public void onEachCpuWait(Seat seat) {
        seat.machine.smp().onEachCpu(NOP, null, true);
    }

    @Benchmark
    public boolean irqWorkLocal(Memory memory) {
        return memory.machine.irqWorks().irqWorkQueue(memory.local);
    }

    @Benchmark
    public void irqWorkRemoteAndSync(Memory memory) {
        memory.machine.irqWorks().irqWorkQueueOn(memory.remote, 1);
        memory.machine.irqWorks().irqWorkSync(memory.remote);
    }
}
