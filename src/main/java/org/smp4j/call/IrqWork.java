package org.smp4j.call;

import java.util.Objects;
import org.smp4j.lib.Symbol;

/**
 * A function to run soon in hard interrupt context, queued from any context; mirrors {@code struct irq_work} of
 * {@code include/linux/irq_work.h}.
 */
public final class IrqWork extends CallSingleNode {
    /*
     *   free      0                  on no list
     *   claimed   PENDING | BUSY     one claimer won, not listed yet
     *   pending   PENDING | BUSY     listed
     *   busy      BUSY               its function runs; may be claimed again
     *
     *   free -> claimed     // claim: fetch-or
     *   claimed -> pending  // its claimer lists it
     *   pending -> busy     // the CPU takes it off and clears PENDING, before the function
     *   busy -> free        // compare-and-set after the function
     *   busy -> claimed     // claimed again meanwhile: the compare-and-set fails
     */

    /** It is claimed or listed. */
    public static final int PENDING = 0x01;
    /** It is claimed, listed, or its function runs. */
    public static final int BUSY = 0x02;
    /** Both. */
    public static final int CLAIMED = 0x03;
    /** It may wait for the next tick. */
    public static final int LAZY = 0x04;
    /** It wants hard interrupt context on PREEMPT_RT too; kept, and without effect here. */
    public static final int HARD_IRQ = 0x08;

    /** The function of an irq_work; mirrors the function pointer of {@code struct irq_work}. */
    @FunctionalInterface
    public interface Func extends Symbol.Named {
        /**
         * Runs the function. Context: hard interrupt, IRQs off (on a CPU that goes offline: the stopper, IRQs off);
         * must be short and must not wait.
         *
         * @param work the work, which the function may queue again
         */
        void call(IrqWork work);
    }

    final Func func;

    private IrqWork(Func func, int flags) {
        super(flags);
        this.func = Objects.requireNonNull(func, "func");
    }

    /**
     * An irq_work that runs at once; mirrors {@code IRQ_WORK_INIT}.
     *
     * @param func what it runs
     * @return a free irq_work
     */
    public static IrqWork of(Func func) {
        return new IrqWork(func, 0);
    }

    /**
     * An irq_work that may wait for the next tick; mirrors {@code IRQ_WORK_INIT_LAZY}.
     *
     * @param func what it runs
     * @return a free irq_work
     */
    public static IrqWork lazy(Func func) {
        return new IrqWork(func, LAZY);
    }

    /**
     * An irq_work that wants hard interrupt context on PREEMPT_RT too; mirrors {@code IRQ_WORK_INIT_HARD}.
     *
     * @param func what it runs
     * @return a free irq_work
     */
    public static IrqWork hard(Func func) {
        return new IrqWork(func, HARD_IRQ);
    }

    /**
     * Claims the work for the caller, which then queues it; false if it is already pending; mirrors
     * {@code irq_work_claim}. Volatile, so that even if the claim fails, the function that is about to run sees what
     * the caller wrote before; pairs with {@link #begin}.
     */
    boolean claim() {
        return ((int) FLAGS.getAndBitwiseOr(this, CLAIMED | CSD_TYPE_IRQ_WORK) & PENDING) == 0;
    }

    /**
     * Clears PENDING before the function runs; returns the flags for {@link #end}. The kernel uses a plain store and a
     * fence, because it owns the bit. In Java only a read-modify-write is ordered with a claim that fails: the claimer
     * wrote its data before the claim, and the function reads it after this.
     */
    int begin() {
        return (int) FLAGS.getAndBitwiseAnd(this, ~PENDING) & ~PENDING;
    }

    /** Clears BUSY, unless the work was claimed again. */
    void end(int begun) {
        FLAGS.compareAndSet(this, begun, begun & ~BUSY);
    }

    /** {@return whether it is claimed or listed; mirrors {@code irq_work_is_pending}} */
    public boolean isPending() {
        return (flagsAcquire() & PENDING) != 0;
    }

    /** {@return whether it is claimed, listed, or its function runs; mirrors {@code irq_work_is_busy}} */
    public boolean isBusy() {
        return (flagsAcquire() & BUSY) != 0;
    }

    /** {@return whether it was made by {@link #hard}; mirrors {@code irq_work_is_hard}} */
    public boolean isHard() {
        return (flagsAcquire() & HARD_IRQ) != 0;
    }

    boolean isLazy() {
        return (flagsAcquire() & LAZY) != 0;
    }

    @Override
    public Object function() {
        return func;
    }

    @Override
    public String toString() {
        return "irq_work(" + Symbol.ps(func) + ")";
    }
}
