package org.smp4j.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.Printk;
import org.smp4j.lib.Symbol;

/**
 * Prints the state of a CPU: its context, its queue and the Java stack of its sitter; mirrors
 * {@code trigger_single_cpu_backtrace} and {@code dump_cpu_task}. It reads from outside while the CPU runs on, so the
 * parts are of slightly different moments.
 */
public final class Backtrace {
    private static final int SHOWN = 8; // entries of the queue

    private Backtrace() {
    }

    /**
     * Prints one CPU. Context: any thread.
     *
     * @param cpu the CPU
     * @param printk where to print
     */
    public static void print(Cpu cpu, Printk printk) {
        Sitter sitter = cpu.sitter();
        print(cpu, sitter == null ? "-" : sitter.comm(), printk);
    }

    /**
     * As {@link #print(Cpu, Printk)}, with the name of the task that runs there.
     *
     * @param cpu the CPU
     * @param comm the task's name
     * @param printk where to print
     */
    public static void print(Cpu cpu, String comm, Printk printk) {
        GuardedPrintk log = new GuardedPrintk(Objects.requireNonNull(printk, "printk"));
        Sitter sitter = cpu.sitter();
        Thread thread = sitter == null ? null : sitter.thread();
        log.print("CPU: %d Comm: %s %s preempt_count: %08x irqs: %s pending: %s queue: %s".formatted(cpu.id,
                comm, cpu.isOnline() ? "online" : "offline", cpu.preemptCount(), cpu.irqsDisabled() ? "off" : "on",
                pending(cpu), queue(cpu)));
        if (thread != null) {
            log.print("Call Trace:");
            for (StackTraceElement frame : thread.getStackTrace()) {
                log.print(" " + frame);
            }
        }
    }

    private static String pending(Cpu cpu) {
        List<String> names = new ArrayList<>();
        int bits = cpu.pendingBits();
        String[] all = {"CALL", "IRQ_WORK", "RESCHED", "TIMER", "NEED_RESCHED", "POLLING", "PARKED"};
        for (int bit = 0; bit < all.length; bit++) {
            if ((bits >>> bit & 1) != 0) {
                names.add(all[bit]);
            }
        }
        return names.isEmpty() ? "none" : String.join("|", names);
    }

    private static String queue(Cpu cpu) {
        List<String> names = new ArrayList<>();
        // The list is live: a link may belong to a chain that was taken meanwhile, so the walk is bounded and its
        // result only a hint.
        for (LlistNode node = cpu.callSingleQueue().peekFirst();
                node instanceof QueuedFunction entry && names.size() < SHOWN; node = node.next()) {
            names.add(Symbol.ps(entry.function()));
        }
        return names.isEmpty() ? "empty" : names.toString();
    }
}
