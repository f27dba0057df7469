package org.smp4j.cpu;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.Wiring;

/**
 * The wait of an idle CPU: it spins, then parks, until an interrupt or a reschedule is pending; mirrors
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
     * In the bad interleaving, "checked, then bit set, then parked", the CAS fails.
     */
    static final int MIN_SPIN = 100;
    static final int MIN_YIELDS = 1;
    private static final int MAX_YIELDS = 16;
    private static final int MAX_SPIN = 20_000;
    // in turns: about as long as a switch to the idle task's thread and back
    private static final int LINGER = 4_000;
    private static final int WAKING = PendingWord.INTERRUPTS | PendingWord.NEED_RESCHED;

    private IdleWait() {
    }

    /**
     * Waits until something is pending. Context: the idle task, IRQs on; takes no interrupt itself. A polling CPU stays
     * marked as polling until it parks or its scheduler runs: before it does anything else, it either returns here or
     * looks at its queues.
     *
     * @param cpu the CPU on which the caller sits
     */
    @Wiring
    public static void await(Cpu cpu) {
        if ((cpu.pending.peek() & WAKING) != 0) {
            Thread.onSpinWait(); // an interrupt with an injected delay stays pending for a while
            return;
        }
        mark(cpu);
        if (!spin(cpu)) {
            park(cpu);
        }
    }

    /**
     * Waits like {@link #await}, but only for a short while and without parking: for a task that has just blocked and
     * may continue soon, which saves a switch of threads. Context: as there.
     *
     * @param cpu the CPU on which the caller sits
     * @return whether something is pending
     */
    @Wiring
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

    /** Spins for as long as spinning has succeeded lately, and records whether it succeeded. */
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
     * Yields the host core to other threads: unless they keep it for long, that costs less than parking and being
     * woken.
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
                // before this CPU reads anything else: pairs with the fence of a waiter that sees it parked
                VarHandle.fullFence();
            }
        }
    }
}
