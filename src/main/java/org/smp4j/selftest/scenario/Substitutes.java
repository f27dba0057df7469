package org.smp4j.selftest.scenario;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.smp4j.call.CallSingleNode;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.HoldBack;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopWork;

/** Wrong replacements for the tower's own code. */
public final class Substitutes {
    private static final String STOPPER = "org.smp4j.stop.CpuStopper";
    private static final VarHandle FLAGS = Fields.field(CallSingleNode.class.getName(), "flags");
    private static final VarHandle FIRST_WORK = Fields.field(STOPPER, "first");
    private static final VarHandle LAST_WORK = Fields.field(STOPPER, "last");
    private static final VarHandle NEXT_WORK = Fields.field(CpuStopWork.class.getName(), "next");

    private static final VarHandle ON_RQ = Fields.field(Task.class.getName(), "onRq");

    private Substitutes() {
    }

    /**
     * Looks at a task's CPU, then at its place on the queues; others run between the two.
     *
     * @param task the task
     * @param cpu the CPU
     * @return whether it seems to belong to that CPU's queue
     */
    public static boolean settledByCpuFirst(Task task, int cpu) {
        boolean there = task.cpu() == cpu;
        HoldBack.holdBack();
        return there && !ON_RQ.getVolatile(task).toString().equals("MIGRATING");
    }

    /**
     * Does not take a lock.
     *
     * @param lock the lock, which stays free
     * @param self the waiter that would take it
     * @return what the lock returns
     */
    public static int noLock(RawSpinLock lock, Waiter self) {
        return self.atomicBegin();
    }

    /**
     * A decrement that orders nothing.
     *
     * @param counter the counter
     * @return its new value
     */
    public static int decrementPlainly(AtomicInteger counter) {
        for (;;) {
            int value = counter.getOpaque();
            if (counter.weakCompareAndSetPlain(value, value - 1)) {
                return value - 1;
            }
        }
    }

    /**
     * A write that orders nothing, in place of an exchange.
     *
     * @param reference where
     * @param value what
     * @return null
     */
    public static Object writeOpaquely(AtomicReference<Object> reference, Object value) {
        reference.setOpaque(value);
        return null;
    }

    /**
     * A read that sees nothing.
     *
     * @param counter the counter
     * @return 0
     */
    public static int zero(AtomicInteger counter) {
        return 0;
    }

    /**
     * Claims that a CPU polls.
     *
     * @param cpu the CPU
     * @return true
     */
    public static boolean polls(Cpu cpu) {
        return true;
    }

    /**
     * Claims that more CPUs are awake than the host has cores.
     *
     * @param cpus the CPUs
     * @return false
     */
    public static boolean tooFewCores(Cpus cpus) {
        return false;
    }

    /**
     * Claims that a CPU's tick comes, but does not arm it.
     *
     * @param tick the tick
     * @param cpu the CPU
     * @return true
     */
    public static boolean comes(IrqWorks.Tick tick, Cpu cpu) {
        return true;
    }

    /**
     * Claims that IRQs were on, and leaves them on.
     *
     * @param cpu the CPU
     * @return false
     */
    public static boolean irqsStayOn(Cpu cpu) {
        return false;
    }

    /**
     * Leaves a chain as it is: the entry added last comes first.
     *
     * @param chain the chain
     * @return the same
     */
    public static LlistNode asItComes(LlistNode chain) {
        return chain;
    }

    /**
     * Claims an irq_work, whether it is pending or not.
     *
     * @param work the work
     * @return true
     */
    public static boolean claimsAnyway(IrqWork work) {
        FLAGS.getAndBitwiseOr(work, IrqWork.CLAIMED | CallSingleNode.CSD_TYPE_IRQ_WORK);
        return true;
    }

    /**
     * Puts a stopper's last work before all others.
     *
     * @param stopper the stopper
     * @param last the work
     */
    public static void lastComesFirst(Object stopper, CpuStopWork last) {
        CpuStopWork first = (CpuStopWork) FIRST_WORK.get(stopper);
        if (first == last) {
            return;
        }
        CpuStopWork before = first;
        while (NEXT_WORK.get(before) != last) {
            before = (CpuStopWork) NEXT_WORK.get(before);
        }
        NEXT_WORK.set(before, null);
        NEXT_WORK.set(last, first);
        FIRST_WORK.set(stopper, last);
        LAST_WORK.set(stopper, before);
    }

    /** Does what the stop should have done. Context: the controlling CPU, after the stop. */
    public static void clearOnlineBit() {
        Cpus cpus = Cpu.current().cpus;
        for (int cpu = cpus.dying.first(); cpu < cpus.nrCpuIds; cpu = cpus.dying.next(cpu)) {
            if (cpus.online.testCpu(cpu)) {
                cpus.setCpuOnline(cpu, false);
                cpus.cpu(cpu).resched(); // makes its idle task look once more
            }
        }
    }
}
