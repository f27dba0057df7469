package org.smp4j.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.IdleWait;
import org.smp4j.cpu.Sitter;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.Warnings;

/** A scenario on CPUs without a machine around them: nobody schedules, so that a run has dozens of steps where a booted machine has thousands. */
public abstract class BareCpus implements Runnable {
    /** The CPUs, all online. */
    protected final Cpus cpus;
    /** Calls between them. */
    protected final Smp smp;
    /** Their irq_works. */
    protected final IrqWorks irqWorks;

    private final List<String> log = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger busy = new AtomicInteger();

    /**
     * A scenario.
     *
     * @param count how many CPUs
     * @param params more boot parameters
     */
    protected BareCpus(int count, String params) {
        cpus = new Cpus(BootParams.cpus(count).with("idle=halt csdlock_debug=0 " + params).withPin(false), log::add, null);
        smp = new Smp(cpus);
        irqWorks = new IrqWorks(smp);
        for (int cpu = 0; cpu < count; cpu++) {
            cpus.setCpuOnline(cpu, true);
            smp.smpcfdPrepareCpu(cpu);
        }
    }

    /** Starts what happens, with {@link #at}. */
    protected abstract void begin();

    /** Looks at what came of it. */
    protected abstract void end();

    /**
     * Lets a CPU do something; then it idles and takes interrupts, until all are done.
     *
     * @param id the CPU
     * @param body what it does
     */
    protected final void at(int id, Runnable body) {
        busy.incrementAndGet();
        threads.add(new Thread(() -> {
            Cpu cpu = cpus.cpu(id);
            try (Sitter _ = cpu.sit()) {
                body.run();
                busy.decrementAndGet();
                idle(cpu);
                cpu.poll();
            }
        }, "cpu/" + id));
    }

    private void idle(Cpu cpu) {
        while (busy.get() != 0) {
            Thread.onSpinWait();
            cpu.poll();
        }
    }

    /**
     * Idles as a CPU does that has nothing to run, until something comes.
     *
     * @param cpu the current CPU
     */
    protected final void await(Cpu cpu) {
        IdleWait.await(cpu);
        cpu.poll();
    }

    @Override
    public final void run() {
        Exploring.interrupts(new CpuInterrupts());
        begin();
        threads.forEach(Thread::start);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        end();
        List<Warnings.Warning> warnings = cpus.warnings.list();
        if (!warnings.isEmpty()) {
            Exploring.broken("warning: " + warnings.getFirst().site().name(), "a CPU warned: " + warnings.getFirst(), log);
        }
    }
}
