package org.smp4j.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Sitter;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Lifetime;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.free.ActorScenario;
import org.smp4j.scenario.free.FreeHost;
import org.smp4j.scenario.free.FreeScenario;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.scenario.view.MachineView;

/**
 * A scenario on bare CPUs: calls and interrupts, but no scheduler, no tasks and no booted machine. One thread plays
 * each CPU: it runs the scenario's code for that CPU, and then serves interrupts until all others have finished theirs.
 * So a run has tens of steps, where a booted machine has thousands.
 *
 * <p>Interrupts are taken only where the code polls, as in every wait. So only shared accesses matter, and exhaustive
 * search is possible.
 */
public abstract class CallScenario implements Runnable, FreeScenario, ActorScenario {
    /** How many CPUs there are. */
    protected final int nrCpus;
    private final List<Thread> threads = new ArrayList<>();
    private AtomicInteger busy;

    // Written by: the thread that sets the scenario up, when nothing more happens. Read by: the CPUs, if they serve on.
    // Ordering: volatile.
    private volatile boolean over;
    private Cpus cpus;
    private Smp smp;

    /**
     * A scenario.
     *
     * @param nrCpus how many CPUs it has
     */
    protected CallScenario(int nrCpus) {
        this.nrCpus = nrCpus;
    }

    /** Sets with {@link #on} what each CPU runs. Context: a thread that sits on no CPU; nothing runs yet. */
    protected abstract void play();

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

    /** {@return the CPUs, all of them online} */
    protected final Cpus cpus() {
        return cpus;
    }

    /** {@return the calls between them} */
    protected final Smp smp() {
        return smp;
    }

    /**
     * Sets what a CPU runs before it only serves interrupts; by default it only serves interrupts from the start.
     *
     * @param cpu the CPU
     * @param body what it runs first
     */
    protected final void on(int cpu, Runnable body) {
        threads.set(cpu, new Thread(() -> serve(cpu, body), "CPU " + cpu));
    }

    /** Waits for a moment, as a spin loop does: takes pending interrupts if IRQs are on. Context: on a CPU. */
    protected static void relax() {
        Waiter.current().relax(0);
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

    /**
     * Whether CPUs serve interrupts until nothing more happens, so that handlers too may send some; by default they do
     * so until all have run what they were set to run, which takes fewer steps.
     *
     * @return whether
     */
    protected boolean servesOn() {
        return false;
    }

    @Override
    public final void run() {
        setUp();
        threads.forEach(Thread::start);
        if (servesOn()) {
            Exploring.awaitQuiescence();
            CpuInterrupts.end();
            over = true;
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        Exploring.quietly(() -> {
            Oracles.check(cpus.warnings, false, this::expects);
            check();
        });
    }

    private void setUp() {
        CpuInterrupts.install(false);
        Exploring.describe(MachineView::ofSetup);
        cpus = new Cpus(nrCpus);
        smp = new Smp(cpus);
        Exploring.describe(() -> new MachineView(cpus, cpus, smp).withDetail(busy));
        busy = new AtomicInteger(nrCpus);
        for (int cpu = 0; cpu < nrCpus; cpu++) {
            threads.add(null);
            on(cpu, () -> { });
        }
        play();
    }

    @Override
    public final void runFree(FreeHost host) {
        setUp();
        host.owns(cpus);
        host.start(threads);
        host.raise(Device.raisers());
        if (servesOn()) {
            host.awaitQuiet(() -> busy.get() == 0);
            over = true;
        }
        host.join();
        conclude();
    }

    @Override
    public final List<Thread> actors() {
        setUp();
        return List.copyOf(threads);
    }

    @Override
    public final Lifetime lifetime() {
        return cpus.lifetime;
    }

    @Override
    public final void conclude() {
        FreeHost.rethrow(cpus.warnings);
        Oracles.check(cpus.warnings, false, this::expects);
        check();
    }

    private void serve(int cpu, Runnable body) {
        try (Sitter seat = cpus.cpu(cpu).sit()) {
            body.run();
            busy.decrementAndGet();
            for (int turn = 0; busy.get() != 0; turn++) {
                seat.relax(turn);
            }
            cpus.cpu(cpu).poll(); // an interrupt sent before the last CPU had finished
            for (int turn = 0; servesOn() && !over; turn++) {
                seat.relax(turn);
            }
        }
    }
}
