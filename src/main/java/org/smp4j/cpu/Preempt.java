package org.smp4j.cpu;

import org.smp4j.lib.WarnSite;

/**
 * The preempt count of the current CPU: its layout, its changes and its queries; mirrors
 * {@code include/linux/preempt.h}. Each method acts on the CPU on which the caller sits and throws
 * {@link IllegalStateException} if it sits on none.
 */
public final class Preempt {
    public static final int PREEMPT_MASK = 0x000000ff;
    public static final int SOFTIRQ_MASK = 0x0000ff00;
    public static final int HARDIRQ_MASK = 0x000f0000;
    public static final int NMI_MASK = 0x00f00000;
    public static final int PREEMPT_OFFSET = 0x1;
    public static final int SOFTIRQ_OFFSET = 0x100;
    public static final int HARDIRQ_OFFSET = 0x10000;
    public static final int NMI_OFFSET = 0x100000;
    /**
     * The addend of {@code local_bh_disable}: twice the offset, so that one bit distinguishes serving a softirq from
     * having softirqs disabled.
     */
    public static final int SOFTIRQ_DISABLE_OFFSET = 2 * SOFTIRQ_OFFSET;

    /** The preempt count comes close to its maximum. */
    public static final WarnSite OVERFLOW =
            WarnSite.once("preempt_count_add", "preempt count %#x is about to overflow");
    /** A subtraction of more than the count holds. */
    public static final WarnSite UNDERFLOW =
            WarnSite.once("preempt_count_sub", "preempt count %#x would underflow by %#x");

    private Preempt() {
    }

    /**
     * Keeps the caller on its CPU until {@link #enable}; nests up to 255 deep; mirrors {@code preempt_disable}.
     * Context: any.
     *
     * @return the CPU
     */
    public static Cpu disable() {
        Cpu cpu = Cpu.current();
        cpu.preemptCountAdd(PREEMPT_OFFSET);
        return cpu;
    }

    /**
     * Undoes {@link #disable}, and reschedules at once if requested meanwhile; a poll point; mirrors
     * {@code preempt_enable}. Context: any.
     */
    public static void enable() {
        Cpu.current().preemptEnable();
    }

    /** Undoes {@link #disable} without a reschedule; mirrors {@code preempt_enable_no_resched}. Context: any. */
    public static void enableNoResched() {
        Cpu.current().preemptCountSub(PREEMPT_OFFSET);
    }

    /** Disables softirqs; mirrors {@code local_bh_disable}. There are none here: only the count changes. */
    public static void localBhDisable() {
        Cpu.current().preemptCountAdd(SOFTIRQ_DISABLE_OFFSET);
    }

    /** Undoes {@link #localBhDisable}; mirrors {@code local_bh_enable}. */
    public static void localBhEnable() {
        Cpu cpu = Cpu.current();
        cpu.preemptCountSub(SOFTIRQ_DISABLE_OFFSET);
        cpu.pollAndReschedule();
    }

    /** {@return the count; mirrors {@code preempt_count}} */
    public static int count() {
        return Cpu.current().preemptCount();
    }

    /** {@return whether in a non-maskable interrupt, which does not exist here; mirrors {@code in_nmi}} */
    public static boolean inNmi() {
        return (count() & NMI_MASK) != 0;
    }

    /** {@return whether in a hard interrupt; mirrors {@code in_hardirq}} */
    public static boolean inHardirq() {
        return (count() & HARDIRQ_MASK) != 0;
    }

    /** {@return whether a softirq is being served; mirrors {@code in_serving_softirq}} */
    public static boolean inServingSoftirq() {
        return (count() & SOFTIRQ_OFFSET) != 0;
    }

    /** {@return whether in a task, including one with softirqs disabled; mirrors {@code in_task}} */
    public static boolean inTask() {
        return inTask(count());
    }

    /**
     * As {@link #inTask()}, for a given count.
     *
     * @param count a preempt count
     * @return whether it is that of a task
     */
    public static boolean inTask(int count) {
        return (count & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)) == 0;
    }

    /** {@return whether in any interrupt or with softirqs disabled; mirrors {@code in_interrupt}} */
    public static boolean inInterrupt() {
        return (count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK)) != 0;
    }

    /** {@return whether the count is not 0; mirrors {@code in_atomic}} */
    public static boolean inAtomic() {
        return count() != 0;
    }

    /** {@return whether the caller can be preempted: count 0 and IRQs on; mirrors {@code preemptible}} */
    public static boolean preemptible() {
        Cpu cpu = Cpu.current();
        return cpu.preemptCount() == 0 && !cpu.irqsDisabled();
    }

    /**
     * {@return 0 in a task, 1 in a softirq, 2 in a hard interrupt, 3 in a non-maskable one; mirrors {@code
     * interrupt_context_level}}
     */
    public static int interruptContextLevel() {
        return interruptContextLevel(count());
    }

    /**
     * As {@link #interruptContextLevel()}, for a given count.
     *
     * @param count a preempt count
     * @return 0 to 3
     */
    public static int interruptContextLevel(int count) {
        if ((count & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)) == 0) {
            return 0;
        }
        return (count & NMI_MASK) != 0 ? 3 : (count & HARDIRQ_MASK) != 0 ? 2 : 1;
    }
}
