package org.smp4j.stop;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;

/**
 * The states that several CPUs pass through together; mirrors {@code struct multi_stop_data} of
 * {@code kernel/stop_machine.c}. It is the argument of {@link #call}, which each of these CPUs runs.
 */
final class MultiStop {
    /*
     * The last CPU to ack a state advances it; each CPU acks each state exactly once:
     *
     *   NONE        -> PREPARE      // before the works are queued
     *   PREPARE     -> DISABLE_IRQ  // every CPU is here; IRQs are still on, to serve calls with waiting senders
     *   DISABLE_IRQ -> RUN          // IRQs are off on every CPU: nothing is in progress anywhere
     *   RUN         -> EXIT         // the function has run on every CPU where it should
     *   EXIT        -> 5            // the last ack; no CPU reads it
     *
     * Guarantee: fn runs while every CPU is in here with IRQs off. Assumption: each CPU's stopper gets to run, that is,
     * no CPU keeps preemption off forever.
     */
    static final int NONE = 0;
    static final int PREPARE = 1;
    static final int DISABLE_IRQ = 2;
    static final int RUN = 3;
    static final int EXIT = 4;

    private static final int TOUCH_TURNS = 63; // mask: one touch every 64 turns

    private static final CpuStopFn MULTI_CPU_STOP = CpuStopFn.named("multi_cpu_stop", MultiStop::multiCpuStop);

    private static final VarHandle THREAD_ACK = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "threadAck",
            VarHandle.class, MultiStop.class, int.class);
    private static final VarHandle STATE = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "state",
            VarHandle.class, MultiStop.class, int.class);

    private final CpuStopFn fn;
    private final Object data;
    private final int numThreads;
    private final CpuMask activeCpus; // null: the lowest online CPU

    // Written by: each CPU when it acks; the last one sets it to the number of CPUs again. Read by: the same.
    // Ordering: atomic, and releases what the CPU did in the state; the CPU that acks last has read all other acks.
    // Beside the state, so that both are in one cache line: the last CPU to ack has it already when it advances the
    // state, and a CPU that waits fetches one line, not two.
    private int threadAck;

    // Written by: the CPU that acks last; first before any other thread can read it.
    // Read by: every CPU in the barrier.
    // Ordering: release, after the count for the next state: a CPU that reads it may ack, and sees what all CPUs did in
    // the states before. Read as volatile: explorations need opaque, as an ack, an atomic operation, follows.
    private volatile int state;

    MultiStop(CpuStopFn fn, Object data, int numThreads, CpuMask activeCpus) {
        this.fn = fn;
        this.data = data;
        this.numThreads = numThreads;
        this.activeCpus = activeCpus;
        setState(PREPARE);
    }

    /** {@return the function for each CPU's stopper} */
    static CpuStopFn call() {
        return MULTI_CPU_STOP;
    }

    int state() {
        return state;
    }

    private void setState(int next) {
        THREAD_ACK.setOpaque(this, numThreads); // before the state that lets the CPUs ack
        STATE.setRelease(this, next);
    }

    private void ack(int current) {
        if ((int) THREAD_ACK.getAndAdd(this, -1) == 1) {
            setState(current + 1);
        }
    }

    private static int multiCpuStop(Object arg) {
        return ((MultiStop) arg).run(Cpu.current());
    }

    /** Mirrors {@code multi_cpu_stop}. Context: a stopper, or a thread bound to an inactive CPU. */
    int run(Cpu cpu) {
        cpu.traceFunction("multi_cpu_stop");
        Waiter self = Waiter.current();
        boolean flags = cpu.irqsDisabled();
        boolean active = activeCpus == null ? cpu.id == cpu.cpus.online.first() : activeCpus.testCpu(cpu.id);
        int err = 0;
        int current = NONE;
        for (int turn = 0; current != EXIT; turn++) {
            int next = state();
            if (next == current) {
                self.relax(turn); // in PREPARE it serves interrupts; from DISABLE_IRQ on, IRQs are off and it does not
                if (current > PREPARE && (turn & TOUCH_TURNS) == TOUCH_TURNS) {
                    cpu.watchdogTouch.touch(); // it waits for other CPUs, whose function may take long
                }
                continue;
            }
            current = next;
            turn = 0;
            if (cpu.cpus.tracer != null) {
                cpu.cpus.tracer.multiStopState(current);
            }
            if (current == DISABLE_IRQ) {
                cpu.irqSave();
            } else if (current == RUN && active) {
                err = CpuStopper.call(cpu, fn, data);
            }
            ack(current);
        }
        cpu.irqRestore(flags);
        return err;
    }
}
