package org.smp4j.selftest;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;

/** What is called in place of the tower's own code. */
public final class Substitutes {
    private static final int TARGET = 2;

    private Substitutes() {
    }

    /**
     * A lock that nobody takes.
     *
     * @param lock is left free
     * @param self who would have it
     * @return what the lock returns
     */
    public static int noLock(RawSpinLock lock, Waiter self) {
        return self.atomicBegin();
    }

    /**
     * A decrement in two steps.
     *
     * @param counter the counter
     * @return its new value
     */
    public static int decrement(AtomicInteger counter) {
        int value = counter.get() - 1;
        counter.set(value);
        return value;
    }

    /**
     * A look that sees nothing.
     *
     * @param counter the counter
     * @return 0
     */
    public static int zero(AtomicInteger counter) {
        return 0;
    }

    /**
     * Says that a CPU polls.
     *
     * @param cpu the CPU
     * @return true
     */
    public static boolean polls(Cpu cpu) {
        return true;
    }

    /**
     * Says that there are more CPUs awake than the host has cores.
     *
     * @param cpus the CPUs
     * @return false
     */
    public static boolean tooFewCores(Cpus cpus) {
        return false;
    }

    /**
     * Says that IRQs were on, and leaves them on.
     *
     * @param cpu the CPU
     * @return false
     */
    public static boolean irqsStayOn(Cpu cpu) {
        return false;
    }

    /**
     * A chain as it comes: the last that was added is the first.
     *
     * @param chain the chain
     * @return the same
     */
    public static LlistNode asItComes(LlistNode chain) {
        return chain;
    }

    /** What the stop should have done. Context: the controlling CPU, after the stop. */
    public static void clearOnlineBit() {
        Cpu target = Cpu.current().cpus.cpu(TARGET);
        target.cpus.setCpuOnline(TARGET, false);
        target.resched(); // its idle task looks once more
    }
}
