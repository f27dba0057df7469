package org.smp4j.cpu;

import org.smp4j.lib.Symbol;
import org.smp4j.lib.WarnSite;

/**
 * Checks that a user's function leaves the preempt count and the IRQ flag as they were when it was called. If it does
 * not, a warning names it, and the CPU gets the old values back. Mirrors the checks after a handler in
 * {@code call_timer_fn} of {@code kernel/time/timer.c} and {@code __handle_irq_event_percpu} of
 * {@code kernel/irq/handle.c}.
 */
public final class Context {
    /** A function returns with another preempt count. */
    public static final WarnSite PREEMPT_LEAK =
            WarnSite.always("preempt_leak", "%s leaked preempt count: %08x -> %08x");
    /** A function returns with another IRQ flag. */
    public static final WarnSite IRQS_CHANGED = WarnSite.always("irqs_disabled", "%s left IRQs %s");

    // for callers where the warning could repeat endlessly, such as a log
    private static final WarnSite IRQS_CHANGED_ONCE = WarnSite.once("irqs_disabled", "%s left IRQs %s");

    private Context() {
    }

    /**
     * Checks a function that has returned or thrown. Only for the CPU's sitter.
     *
     * @param cpu the current CPU
     * @param function what ran, for the report
     * @param count the preempt count with which it was called
     * @param irqsOff whether IRQs were off when it was called
     */
    public static void check(Cpu cpu, Object function, int count, boolean irqsOff) {
        check(cpu, function, count, irqsOff, PREEMPT_LEAK);
    }

    /**
     * As {@link #check(Cpu, Object, int, boolean)}, where the kernel has a message of its own.
     *
     * @param cpu the current CPU
     * @param function what ran, for the report
     * @param irqsOff whether IRQs were off when it was called
     * @param leak the site that warns about another preempt count, with the function's name and both counts
     */
    public static void check(Cpu cpu, Object function, int count, boolean irqsOff, WarnSite leak) {
        if (cpu.preemptCount() != count || cpu.irqsDisabled() != irqsOff) {
            restore(cpu, function, count, irqsOff, leak);
        }
    }

    private static void restore(Cpu cpu, Object function, int count, boolean irqsOff, WarnSite leak) {
        int left = cpu.preemptCount();
        boolean leftIrqsOff = cpu.irqsDisabled();
        String name = Symbol.ps(function); // the user's name() may misbehave like the function
        cpu.enter(count, irqsOff); // first: the report may take long, and may itself be interrupted
        if (left != count) {
            cpu.cpus.warnings.warn(leak, name, count, left);
        }
        if (leftIrqsOff != irqsOff) {
            cpu.cpus.warnings.warn(leak.once() ? IRQS_CHANGED_ONCE : IRQS_CHANGED, name, leftIrqsOff ? "off" : "on");
        }
    }
}
