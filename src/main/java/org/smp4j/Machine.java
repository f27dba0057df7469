package org.smp4j;

import java.util.List;
import java.util.Objects;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.IpiFaults;
import org.smp4j.cpu.Pinning;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.cpu.ThreadSource;
import org.smp4j.hotplug.CpuHotplug;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Printk;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.SmpbootThreads;
import org.smp4j.sched.Task;
import org.smp4j.sched.Workqueue;
import org.smp4j.stop.StopMachine;

/**
 * A machine with its CPUs, each of them a thread; mirrors what {@code start_kernel} and {@code smp_init} of
 * {@code init/main.c} bring up. Closing it ends all its threads.
 */
public final class Machine implements AutoCloseable {
    private static final long CLOSE_MILLIS = 30_000;

    private final ThreadSource threads;
    private final Cpus cpus;
    private final Smp smp;
    private final IrqWorks irqWorks;
    private final Scheduler scheduler;
    private final CpuHotplugLock cpuHotplugLock;
    private final Workqueue workqueue;
    private final StopMachine stopMachine;
    private final SmpbootThreads smpbootThreads;
    private final CpuHotplug hotplug;
    private final AllCpuBacktrace allCpuBacktrace;
    private final Watchdog watchdog;

    private Machine(BootParams params, Printk printk, IpiFaults faults, ThreadSource threads, EventSink tracer) {
        this.threads = threads;
        cpus = new Cpus(params, printk, faults, tracer);
        for (int cpu = 0; cpu < params.onlineAtBoot(); cpu++) {
            cpus.setCpuOnline(cpu, true);
            cpus.setCpuActive(cpu, true);
        }
        smp = new Smp(cpus);
        irqWorks = new IrqWorks(smp);
        scheduler = new Scheduler(smp, irqWorks, cpus, threads);
        cpuHotplugLock = new CpuHotplugLock(scheduler);
        workqueue = new Workqueue(scheduler);
        stopMachine = new StopMachine(scheduler, cpuHotplugLock, cpus);
        smpbootThreads = new SmpbootThreads(scheduler, cpuHotplugLock);
        hotplug = new CpuHotplug(cpus, smp, irqWorks, scheduler, stopMachine, cpuHotplugLock, workqueue,
                smpbootThreads);
        allCpuBacktrace = new AllCpuBacktrace(cpus, scheduler, stopMachine);
        watchdog = new Watchdog(cpus, scheduler, threads, allCpuBacktrace);
    }

    /**
     * Boots a machine that logs nothing.
     *
     * @param params the boot parameters
     * @return the machine, with {@code maxcpus} CPUs online
     */
    public static Machine boot(BootParams params) {
        return boot(params, Printk.NONE, null);
    }

    /**
     * Boots a machine.
     *
     * @param params the boot parameters
     * @param printk where its log goes; called on any of its threads
     * @param faults the injected interrupt faults, or null for none
     * @return the machine, with {@code maxcpus} CPUs online
     */
    public static Machine boot(BootParams params, Printk printk, IpiFaults faults) {
        return boot(params, printk, faults, new PlatformThreads());
    }

    /**
     * Boots a machine on threads of the caller's choice.
     *
     * @param params the boot parameters
     * @param printk where its log goes; called on any of its threads
     * @param faults the injected interrupt faults, or null for none
     * @param threads creates its threads
     * @return the machine, with {@code maxcpus} CPUs online
     */
    public static Machine boot(BootParams params, Printk printk, IpiFaults faults, ThreadSource threads) {
        return boot(params, printk, faults, threads, null);
    }

    /**
     * As {@link #boot(BootParams, Printk, IpiFaults, ThreadSource)}, with a tracer.
     *
     * @param params the boot parameters
     * @param printk where its log goes; called on any of its threads
     * @param faults the injected interrupt faults, or null for none
     * @param threads creates its threads
     * @param tracer gets the events of all its CPUs, or null; see {@code org.smp4j.trace.MachineTrace}
     * @return the machine, with {@code maxcpus} CPUs online
     */
    public static Machine boot(BootParams params, Printk printk, IpiFaults faults, ThreadSource threads,
            EventSink tracer) {
        Machine machine = new Machine(params, printk, faults, threads, tracer);
        if (params.pin() && !Pinning.supported()) {
            printk.print("smp: this platform cannot pin threads; CPUs run unpinned");
        }
        machine.scheduler.timers().start();
        for (int cpu = 0; cpu < params.onlineAtBoot(); cpu++) {
            machine.stopMachine.stopMachineUnpark(cpu);
            machine.scheduler.startIdle(cpu);
        }
        machine.stopMachine.initialize();
        machine.watchdog.start();
        return machine;
    }

    /** {@return the CPUs and their masks} */
    public Cpus cpus() {
        return cpus;
    }

    /** {@return calls between CPUs} */
    public Smp smp() {
        return smp;
    }

    /** {@return irq_works} */
    public IrqWorks irqWorks() {
        return irqWorks;
    }

    /** {@return tasks} */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** {@return the lock that keeps the set of online CPUs stable} */
    public CpuHotplugLock cpuHotplugLock() {
        return cpuHotplugLock;
    }

    /** {@return the work queues of the CPUs, and {@code smp_call_on_cpu}} */
    public Workqueue workqueue() {
        return workqueue;
    }

    /** {@return stoppers and {@code stop_machine}} */
    public StopMachine stopMachine() {
        return stopMachine;
    }

    /** {@return the per-CPU kernel threads} */
    public SmpbootThreads smpbootThreads() {
        return smpbootThreads;
    }

    /** {@return the operations that bring CPUs up and take them down} */
    public CpuHotplug hotplug() {
        return hotplug;
    }

    /** {@return the machine's warnings} */
    public Warnings warnings() {
        return cpus.warnings;
    }

    /** {@return the watchdog that reports hangs} */
    public Watchdog watchdog() {
        return watchdog;
    }

    ThreadSource threads() {
        return threads;
    }

    AllCpuBacktrace allCpuBacktrace() {
        return allCpuBacktrace;
    }

    /**
     * Runs code as a task that is bound to a CPU, on the calling thread; returns when the code has run.
     *
     * @param cpu the CPU, which must be active
     * @param body the code; its exceptions are thrown to the caller
     * @throws IllegalArgumentException if there is no such CPU, or it is not active
     * @throws IllegalStateException if the calling thread already sits on a CPU
     */
    public void run(int cpu, Runnable body) {
        Objects.requireNonNull(body, "body");
        Task task = scheduler.adopt(Thread.currentThread().getName(), CpuMask.of(cpus.nrCpuIds, cpu));
        boolean aborted = false;
        try {
            body.run();
        } catch (Aborted e) {
            aborted = true; // the machine has ended: no task needs the CPU any more
            throw e;
        } finally {
            try {
                if (!aborted) {
                    scheduler.release(task);
                }
            } finally {
                Waiter.FOREIGN.remove();
            }
        }
    }

    /**
     * Starts a task that is bound to a CPU, on a thread of its own; mirrors {@code kthread_run_on_cpu}.
     *
     * @param cpu the CPU, which must be active
     * @param comm its name
     * @param body what it runs; an exception that it throws is a warning, and {@link Task#failure}
     * @return the task
     * @throws IllegalArgumentException if there is no such CPU, or it is not active
     */
    public Task spawn(int cpu, String comm, Runnable body) {
        return scheduler.run(comm, Task.Policy.NORMAL, CpuMask.of(cpus.nrCpuIds, cpu), body);
    }

    /**
     * Ends every thread of the machine, whatever it does; repeated calls have no effect. Context: a thread that does
     * not belong to the machine and sits on none of its CPUs.
     *
     * @throws IllegalStateException if the caller is a thread of the machine, or sits on one of its CPUs; then nothing
     *         happens. Also if a thread takes no interrupt, and therefore does not end within 30 seconds
     */
    @Override
    public void close() {
        List<String> left = closeWithin(CLOSE_MILLIS);
        if (!left.isEmpty()) {
            throw new IllegalStateException("threads that take no interrupt and so did not end: " + left);
        }
    }

    /**
     * As {@link #close}, with a timeout.
     *
     * @param millis the timeout in milliseconds
     * @return the sorted names of the threads that take no interrupt, and therefore did not end
     * @throws IllegalStateException if the caller is a thread of the machine, or sits on one of its CPUs; then nothing
     *         happens
     */
    public List<String> closeWithin(long millis) {
        Cpu here = Cpu.currentOrNull();
        if (here != null && here.cpus == cpus || threads.threads().contains(Thread.currentThread())) {
            throw new IllegalStateException("close: " + Thread.currentThread()
                    .getName() + " is " + (here == null ? "a thread" : "on " + here)
                    + " of this machine, and would wait for its own end; close it from another thread");
        }
        cpus.lifetime.close();
        cpus.smpSendStop();
        boolean interrupted = false;
        try {
            for (;;) {
                try {
                    return threads.join(millis) ? List.of() : threads.threads().stream().map(Thread::getName).sorted()
                            .toList();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
