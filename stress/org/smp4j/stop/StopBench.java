package org.smp4j.stop;

import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.PlayedTask;
import org.smp4j.sched.Scheduler;

/** Two CPUs with everything up to the stop floor, whose stoppers take works, and no thread of their own. */
public abstract class StopBench {
    protected final Cpus cpus = new Cpus(2);
    protected final Smp smp = new Smp(cpus);
    protected final IrqWorks irqWorks = new IrqWorks(smp);
    protected final Scheduler scheduler = new Scheduler(smp, irqWorks, cpus, new PlatformThreads());
    protected final CpuHotplugLock hotplugLock = new CpuHotplugLock(scheduler);
    protected final StopMachine stopMachine = new StopMachine(scheduler, hotplugLock, cpus);

    protected StopBench() {
        stopMachine.stopMachineUnpark(0);
        stopMachine.stopMachineUnpark(1);
        stopMachine.initialize();
    }

    /** Lets the calling thread run as a task on a CPU. */
    protected final PlayedTask sit(int cpu) {
        return PlayedTask.sit(scheduler, cpu);
    }
}
