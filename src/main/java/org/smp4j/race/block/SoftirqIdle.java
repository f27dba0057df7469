package org.smp4j.race.block;

import java.util.List;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.IdleWait;
import org.smp4j.explore.Exploring;

/**
 * The idle loop of a CPU that polls, and one softirq of it; mirrors {@code do_idle} of {@code kernel/sched/idle.c} and
 * the pending bits of {@code kernel/softirq.c}. Senders that see the CPU poll ask it to look at its queue, and send no
 * interrupt.
 */
public final class SoftirqIdle {
    /** A CPU sleeps although a softirq is pending there. */
    public static final String PENDING = "softirq pending in idle";

    private final Smp smp;
    private boolean pending; // used by the CPU only: its functions, with IRQs off, and its idle loop
    private int ran; // used by the CPU only

    /**
     * No softirq is pending.
     *
     * @param smp the calls
     */
    public SoftirqIdle(Smp smp) {
        this.smp = smp;
    }

    /** Marks the softirq pending; mirrors {@code raise_softirq_irqoff}. Context: the CPU, IRQs off. */
    public void raise() {
        pending = true;
    }

    /** Leaves idle once, for whatever came, and looks at it before the CPU idles again. Context: the CPU, IRQs on. */
    public void idleOnce() {
        Cpu cpu = Cpu.current();
        while (!cpu.needResched() && cpu.pendingBits() == 0) {
            IdleWait.await(cpu);
        }
        cpu.poll();
        doSoftirq(); // on the exit of an interrupt, if there was one
        cpu.clearNeedReschedInPolling();
        flush();
        if (pending) {
            Exploring.broken(PENDING, cpu + " goes idle, and a softirq that a call has raised is pending", List.of());
        }
    }

    /** Mirrors {@code flush_smp_call_function_queue}: runs calls outside of an interrupt, and what they have raised. */
    private void flush() {
        smp.flushSmpCallFunctionQueue();
        doSoftirq();
    }

    /** Runs the softirq if it is pending; mirrors {@code do_softirq}. */
    private void doSoftirq() {
        if (pending) {
            pending = false;
            ran++;
        }
    }

    /** {@return how often the softirq has run; when nothing more happens} */
    public int ran() {
        return ran;
    }
}
