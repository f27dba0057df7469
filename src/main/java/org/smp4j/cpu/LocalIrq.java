package org.smp4j.cpu;

/**
 * The IRQ flag of the current CPU; mirrors {@code include/linux/irqflags.h}.
 * Each method acts on the CPU on which the caller sits and throws {@link IllegalStateException} if it sits on none.
 * Context: any.
 */
public final class LocalIrq {
    private LocalIrq() {
    }

    /** {@return the flags for {@link #restore}; disables IRQs; mirrors {@code local_irq_save}} */
    public static boolean save() {
        return Cpu.current().irqSave();
    }

    /**
     * Restores what {@link #save} found; a poll point if that turns IRQs on; mirrors {@code local_irq_restore}.
     *
     * @param flags what {@link #save} returned: whether IRQs were off
     */
    public static void restore(boolean flags) {
        Cpu.current().irqRestore(flags);
    }

    /** Disables IRQs; mirrors {@code local_irq_disable}. */
    public static void disable() {
        save();
    }

    /** Enables IRQs, and takes pending interrupts; mirrors {@code local_irq_enable}. */
    public static void enable() {
        restore(false);
    }

    /** {@return whether IRQs are off; mirrors {@code irqs_disabled}} */
    public static boolean disabled() {
        return Cpu.current().irqsDisabled();
    }
}
