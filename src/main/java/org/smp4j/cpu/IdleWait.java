package org.smp4j.cpu;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.lib.BootParams;

/**
 * What a CPU does that has nothing to do: it spins, then parks, until an interrupt or a reschedule is pending; mirrors
 * {@code cpu_idle_poll} and {@code arch_cpu_idle} of {@code kernel/sched/idle.c}.
 */
public final class IdleWait {
    /*
     * No wake-up is lost:
     *
     *   idle CPU                                    | sender
     *   --------------------------------------------+--------------------------------------------
     *   nothing pending: CAS (POLLING -> PARKED)    |
     *     fails if a bit was set before: no park    | queue the work
     *   park                                        | old = getAndSet(bit)
     *                                               | old has POLLING: it is seen, no interrupt was needed
     *   unparked, or park returns at once           | old has PARKED: unpark
     *
     * The bad interleaving, "checked, then bit set, then parked", has the CAS fail.
     */
    static final int MIN_SPIN = 100;
    static final int MIN_YIELDS = 1;
    private static final int MAX_YIELDS = 16;
    private static final int MAX_SPIN = 20_000;
    // turns; about as long as it takes to switch to the idle task's thread, and back when the task is woken
    private static final int LINGER = 4_000;
    private static final int WAKING = PendingWord.INTERRUPTS | PendingWord.NEED_RESCHED;

    private IdleWait() {
    }

    /**
     * Waits until something is pending. Context: the idle task, IRQs on; takes no interrupt itself. A polling CPU stays
     * marked as such until it parks or its scheduler runs: it comes back here, or looks at its queues, before it does
     * anything else.
     *
     * @param cpu the CPU on which the caller sits
     */
    public static void await(Cpu cpu) {
        if ((cpu.pending.peek() & WAKING) != 0) {
            Thread.onSpinWait(); // an interrupt that is injected late stays pending for a while
            return;
        }
        mark(cpu);
        if (!spin(cpu)) {
            park(cpu);
        }
    }

    /**
     * Waits like {@link #await}, but for a short while only and never parked: for a task that has just blocked and may
     * go on soon, so that its thread need not be switched. Context: as there.
     *
     * @param cpu the CPU on which the caller sits
     * @return whether something is pending
     */
    public static boolean linger(Cpu cpu) {
        mark(cpu);
        if (!cpu.cpus.coresSuffice()) {
            return yieldCore(cpu, cpu.idleYields);
        }
        for (int turn = 0; turn < LINGER; turn++) {
            if ((cpu.pending.peek() & WAKING) != 0) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private static void mark(Cpu cpu) {
        if (cpu.cpus.params.idle() == BootParams.Idle.POLL && (cpu.pending.peek() & PendingWord.POLLING) == 0) {
            cpu.pending.getAndSet(PendingWord.POLLING);
        }
    }

    /** Spins for as long as it has paid off lately, and remembers whether it did. */
    private static boolean spin(Cpu cpu) {
        if (!cpu.cpus.coresSuffice()) {
            boolean paid = yieldCore(cpu, cpu.idleYields);
            cpu.idleYields = paid ? Math.min(MAX_YIELDS, cpu.idleYields * 2) : Math.max(MIN_YIELDS, cpu.idleYields / 2);
            return paid;
        }
        int turns = cpu.idleSpin;
        for (int turn = 0; turn < turns; turn++) {
            if ((cpu.pending.peek() & WAKING) != 0) {
                cpu.idleSpin = Math.min(MAX_SPIN, cpu.idleSpin * 2);
                return true;
            }
            Thread.onSpinWait();
        }
        cpu.idleSpin = Math.max(MIN_SPIN, cpu.idleSpin / 2);
        return false;
    }

    /**
     * Lets others have the core instead: as long as they do not take it for long, that is cheaper than to park and to
     * be woken.
     */
    private static boolean yieldCore(Cpu cpu, int turns) {
        for (int turn = 0; turn < turns; turn++) {
            if ((cpu.pending.peek() & WAKING) != 0) {
                return true;
            }
            Thread.yield();
        }
        return (cpu.pending.peek() & WAKING) != 0;
    }

    private static void park(Cpu cpu) {
        if (cpu.pending.park()) {
            cpu.cpus.awake(-1);
            try {
                while ((cpu.pending.peek() & WAKING) == 0) {
                    cpu.cpus.lifetime.check();
                    LockSupport.park(cpu);
                }
            } finally {
                cpu.cpus.awake(1);
                cpu.pending.getAndClear(PendingWord.PARKED);
                // before anything else that this CPU looks at: pairs with the fence of a waiter that sees it parked
                VarHandle.fullFence();
            }
        }
    }
}
