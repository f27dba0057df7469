package org.smp4j;

import java.util.Locale;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.IrqStats;

/**
 * Diagnostics of a machine, at any time and from any thread; mirrors {@code drivers/tty/sysrq.c} and
 * {@code /proc/interrupts}.
 */
public final class Sysrq {
    private Sysrq() {
    }

    /**
     * Logs each online CPU's context, queue and Java stack, as sysrq-l does.
     *
     * @param machine the machine
     */
    public static void showAllCpus(Machine machine) {
        machine.allCpuBacktrace().print();
    }

    /**
     * Logs the Java stack of each of the machine's threads, as sysrq-t does.
     *
     * @param machine the machine
     */
    public static void showTasks(Machine machine) {
        for (Thread thread : machine.threads().threads()) {
            print(machine, "task:" + thread.getName() + " state:" + thread.getState());
            for (StackTraceElement frame : thread.getStackTrace()) {
                print(machine, " " + frame);
            }
        }
    }

    private static void print(Machine machine, String line) {
        machine.cpus().printk.print(line);
    }

    /**
     * The interrupts that each CPU has taken.
     *
     * @param machine the machine
     * @return lines as in {@code /proc/interrupts}
     */
    public static String interrupts(Machine machine) {
        Cpus cpus = machine.cpus();
        StringBuilder text = new StringBuilder("     ");
        for (int cpu = cpus.online.first(); cpu < cpus.nrCpuIds; cpu = cpus.online.next(cpu)) {
            text.append(String.format(Locale.ROOT, "%11s", "CPU" + cpu));
        }
        text.append('\n');
        for (IrqStats.Kind kind : IrqStats.Kind.values()) {
            text.append(kind).append(": ");
            for (int cpu = cpus.online.first(); cpu < cpus.nrCpuIds; cpu = cpus.online.next(cpu)) {
                text.append(String.format(Locale.ROOT, "%10d ", cpus.cpu(cpu).irqStats().get(kind)));
            }
            text.append("  ").append(kind.title()).append('\n');
        }
        return text.toString();
    }
}
