package org.smp4j.cpu;

/**
 * The IRQ flag of the current CPU; mirrors {@code include/linux/irqflags.h}.
 * Each method acts on the CPU on which the caller sits and throws {@link IllegalStateException} if it sits on none.
 * Context: any.
 */
public final class LocalIrq {
    private LocalIrq() {
    }

    /** {@return the flags for {@link #restore}, after IRQs were switched off; mirrors {@code local_irq_save}} */
    public static boolean save() {
        return Cpu.current().irqSave();
    }

    /**
     * Brings back what {@link #save} found; a poll point if that is IRQs on; mirrors {@code local_irq_restore}.
     *
     * @param flags what {@link #save} returned: whether IRQs were off
     */
    public static void restore(boolean flags) {
        Cpu.current().irqRestore(flags);
    }

    /** Switches IRQs off; mirrors {@code local_irq_disable}. */
    public static void disable() {
        save();
    }

    /** Switches IRQs on, and takes what is pending; mirrors {@code local_irq_enable}. */
    public static void enable() {
        restore(false);
    }

    /** {@return whether IRQs are off; mirrors {@code irqs_disabled}} */
    public static boolean disabled() {
        return Cpu.current().irqsDisabled();
    }
}
