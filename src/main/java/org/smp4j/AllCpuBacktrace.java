package org.smp4j;

import org.smp4j.cpu.Backtrace;
import org.smp4j.cpu.Cpus;
import org.smp4j.sched.Scheduler;
import org.smp4j.stop.StopMachine;

/**
 * Shows what all online CPUs of a machine do; mirrors {@code trigger_all_cpu_backtrace} of {@code include/linux/nmi.h}.
 */
final class AllCpuBacktrace {
    private final Cpus cpus;
    private final Scheduler scheduler;
    private final StopMachine stopMachine;

    AllCpuBacktrace(Cpus cpus, Scheduler scheduler, StopMachine stopMachine) {
        this.cpus = cpus;
        this.scheduler = scheduler;
        this.stopMachine = stopMachine;
    }

    /** Logs each online CPU's context, queue, Java stack and stopper. Context: any, from any thread. */
    void print() {
        for (int cpu = cpus.online.first(); cpu < cpus.nrCpuIds; cpu = cpus.online.next(cpu)) {
            Backtrace.print(cpus.cpu(cpu), scheduler.curr(cpu).comm(), cpus.printk);
            String stopInfo = stopMachine.printStopInfo(cpu);
            if (stopInfo != null) {
                cpus.printk.print(stopInfo);
            }
        }
    }
}
