package org.smp4j.scenario;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.ThreadSource;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Printk;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.free.FreeHost;
import org.smp4j.scenario.free.FreeScenario;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.scenario.view.MachineView;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.CpuLifecycle;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.stop.StopMachine;

/**
 * A scenario on CPUs with a scheduler and stoppers, but no hotplug, timers or threads of the kernel's own. A CPU that
 * is taken offline idles for good. What is explored begins when every CPU has come to its task.
 */
public abstract class TaskScenario implements Runnable, FreeScenario {
    /** How many CPUs there are. */
    protected final int nrCpus;
    private final List<Task> tasks = new ArrayList<>();
    private Cpus cpus;
    private Smp smp;
    private IrqWorks irqWorks;
    private Scheduler scheduler;
    private CpuHotplugLock hotplugLock;
    private StopMachine stopMachine;

    // Written by: the thread that sets the scenario up, when every CPU has come to its task. Read by: the tasks.
    // Ordering: volatile.
    private volatile boolean open;

    /** An offline CPU stays offline, and no CPU waits for it. */
    private static final class Gone implements CpuLifecycle {
        @Override
        public void startSecondary(Cpu cpu) {
            throw new IllegalStateException(cpu + " starts offline");
        }

        @Override
        public void idleDead(Cpu cpu) {
            cpu.irqSave();
        }

        @Override
        public void seatIsEmpty(Cpu cpu) {
            // The end of its thread.
        }
    }

    /**
     * A scenario.
     *
     * @param nrCpus how many CPUs it has
     */
    protected TaskScenario(int nrCpus) {
        this.nrCpus = nrCpus;
    }

    /** Starts tasks with {@link #task}. Context: a thread that sits on no CPU. */
    protected abstract void play();

    /**
     * Performs events from outside, for example an interrupt of a device. Context: a thread that sits on no CPU;
     * the tasks may run.
     */
    protected void outside() {
    }

    /**
     * Whether a warning is one that the scenario is to bring about; by default there is none.
     *
     * @param warning the warning
     * @return whether it is
     */
    protected boolean expects(Warnings.Warning warning) {
        return false;
    }

    /** Checks the outcome, when nothing more happens. */
    protected void check() {
    }

    /** {@return the CPUs} */
    protected final Cpus cpus() {
        return cpus;
    }

    /** {@return the calls between them} */
    protected final Smp smp() {
        return smp;
    }

    /** {@return the scheduler} */
    protected final Scheduler scheduler() {
        return scheduler;
    }

    /** {@return irq_works} */
    protected final IrqWorks irqWorks() {
        return irqWorks;
    }

    /** {@return the lock that keeps the set of online CPUs stable} */
    protected final CpuHotplugLock hotplugLock() {
        return hotplugLock;
    }

    /** {@return the stoppers} */
    protected final StopMachine stopMachine() {
        return stopMachine;
    }

    /**
     * Starts a task that is bound to a CPU; the run does not end before it.
     *
     * @param cpu the CPU
     * @param comm its name
     * @param body what it runs
     * @return the task
     */
    protected final Task task(int cpu, String comm, Runnable body) {
        return task(CpuMask.of(nrCpus, cpu), comm, body);
    }

    /**
     * Starts a task that may run on several CPUs; the run does not end before it.
     *
     * @param affinity the CPUs
     * @param comm its name
     * @param body what it runs
     * @return the task
     */
    protected final Task task(CpuMask affinity, String comm, Runnable body) {
        Task task = scheduler.run(comm, Task.Policy.NORMAL, affinity, () -> {
            while (!open) {
                Waiter.current().relax(0);
            }
            body.run();
        });
        tasks.add(task);
        return task;
    }

    /**
     * Declares a device, whose interrupt may come or not; see {@link Device#on}.
     *
     * @param cpu the CPU that it interrupts
     * @param name its name in reports
     * @param most how often it may interrupt in a run
     * @param handler what it does, in hard interrupt context
     */
    protected final void device(int cpu, String name, int most, Runnable handler) {
        Device.on(cpus.cpu(cpu), name, most, handler);
    }

    @Override
    public final void run() {
        CpuInterrupts.install(false);
        Exploring.stretch(false);
        setUp(new StrandThreads(), false);
        play();
        Exploring.awaitQuiescence();
        Exploring.stretch(true);
        open = true;
        outside();
        for (Task task : tasks) {
            if (task.thread() == null) { // another task has had its CPU so far
                Exploring.awaitQuiescence();
            }
            try {
                task.thread().join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        Exploring.awaitQuiescence();
        Exploring.quietly(() -> {
            Oracles.check(cpus.warnings, false, this::expects);
            check();
        });
    }

    private void setUp(ThreadSource source, boolean pin) {
        Exploring.describe(MachineView::ofSetup);
        cpus = new Cpus(BootParams.cpus(nrCpus).with("idle=halt").withPin(pin), Printk.NONE, null);
        for (int cpu = 0; cpu < nrCpus; cpu++) {
            cpus.setCpuOnline(cpu, true);
            cpus.setCpuActive(cpu, true);
        }
        smp = new Smp(cpus);
        irqWorks = new IrqWorks(smp);
        scheduler = new Scheduler(smp, irqWorks, cpus, source);
        scheduler.installLifecycle(new Gone());
        hotplugLock = new CpuHotplugLock(scheduler);
        stopMachine = new StopMachine(scheduler, hotplugLock, cpus);
        for (int cpu = 0; cpu < nrCpus; cpu++) {
            stopMachine.stopMachineUnpark(cpu);
            scheduler.startIdle(cpu);
        }
        stopMachine.initialize();
        Exploring.describe(() -> new MachineView(cpus, scheduler, stopMachine, irqWorks, cpus, smp));
    }

    @Override
    public final void runFree(FreeHost host) {
        CpuInterrupts.install(false);
        setUp(host, true);
        host.owns(cpus);
        scheduler.timers().start(); // here time passes by a clock
        play();
        host.awaitSeats();
        open = true;
        host.raise(Device.raisers());
        outside();
        host.joinTasks();
        scheduler.run("settle", Task.Policy.NORMAL, CpuMask.of(nrCpus, cpus.active.first()),
                host.settling(smp, irqWorks, stopMachine));
        host.joinTasks();
        FreeHost.rethrow(cpus.warnings);
        Oracles.check(cpus.warnings, false, this::expects);
        check();
    }
}
