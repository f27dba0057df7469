package org.smp4j.scenario;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.function.Supplier;
import org.smp4j.Watchdog;
import org.smp4j.cpu.Backtrace;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.QueuedFunction;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.LlistNode;
import org.smp4j.weave.Weave;

/**
 * Lets the watchdog and a backtrace read what belongs to the sitter of another CPU, without a data race: whatever they
 * see, an older value would do as well, as they say themselves. Else all accesses to these fields became steps.
 */
public final class Glances {
    private Glances() {
    }

    static Weave weave() {
        return Weave.in(Watchdog.class, "check")
                .replace(call(Cpu.class, "preemptCount")).by(hook(Glances.class, "preemptCount"))
                .andIn(Backtrace.class, "print")
                .withDescriptor("(Lorg/smp4j/cpu/Cpu;Ljava/lang/String;Lorg/smp4j/lib/Printk;)V")
                .replace(call(Cpu.class, "preemptCount")).by(hook(Glances.class, "preemptCount"))
                .replace(call(Cpu.class, "irqsDisabled")).by(hook(Glances.class, "irqsDisabled"))
                .andIn(Backtrace.class, "queue")
                .replace(call(LlistNode.class, "next")).by(hook(Glances.class, "next"))
                .replace(call(QueuedFunction.class, "function")).by(hook(Glances.class, "function"));
    }

    /** {@return the preempt count of a CPU} */
    public static int preemptCount(Cpu cpu) {
        return quietly(cpu::preemptCount);
    }

    /** {@return whether IRQs are off on a CPU} */
    public static boolean irqsDisabled(Cpu cpu) {
        return quietly(cpu::irqsDisabled);
    }

    /** {@return the node after a node of a call queue} */
    public static LlistNode next(LlistNode node) {
        return quietly(node::next);
    }

    /** {@return the function of an entry of a call queue} */
    public static Object function(QueuedFunction entry) {
        return quietly(entry::function);
    }

    private static <T> T quietly(Supplier<T> look) {
        Object[] seen = new Object[1];
        Exploring.quietly(() -> seen[0] = look.get());
        @SuppressWarnings("unchecked")
        T value = (T) seen[0];
        return value;
    }
}
