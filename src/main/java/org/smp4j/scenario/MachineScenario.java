package org.smp4j.scenario;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.free.FreeHost;
import org.smp4j.scenario.free.FreeScenario;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.scenario.view.MachineView;
import org.smp4j.sched.Task;

/**
 * A scenario on a booted machine. The explorer makes an object and runs it for each schedule: it boots the machine,
 * always the same way, lets {@link #run(Machine)} start tasks, waits until they have ended and nothing more happens,
 * and looks whether a rule was broken. A timer that is pending when the tasks have ended fires as well, and what it
 * starts runs; time passes to a hundred deadlines at most, so that a timer that starts itself again and again does not
 * keep a run from its end: then others may be pending still.
 */
public abstract class MachineScenario implements Runnable, FreeScenario {
    private static final int PATIENCE = 1000;
    private static final int MOST_DEADLINES = 100;
    // Every run uses these classes, and they have static state. Loaded before the first run, they do not force all
    // classes to be loaded again.
    @SuppressWarnings("unused")
    private static final List<Class<?>> STATEFUL = List.of(CpuInterrupts.class, NextTask.class, Oracles.class);

    private final int cpus;
    private final List<String> log = new ArrayList<>();
    private Machine machine;

    /**
     * A scenario.
     *
     * @param cpus how many CPUs its machine has
     */
    protected MachineScenario(int cpus) {
        this.cpus = cpus;
    }

    /**
     * Whether a class belongs to the hardware, or to taking an interrupt: no interrupt comes in it.
     *
     * @param className its binary name
     * @return whether it does
     */
    public static boolean isHardware(String className) {
        return className.startsWith("org.smp4j.cpu.") || className.equals("org.smp4j.lib.Lifetime")
                || className.startsWith("org.smp4j.scenario.");
    }

    /**
     * {@return how the machine is booted; with CPUs that halt when idle, and without a watchdog, whose looking would be
     * steps, unless there are {@link #stalls}}
     */
    protected BootParams params() {
        BootParams params = BootParams.cpus(cpus).with("idle=halt watchdog_thresh=0").withPin(false);
        return stalls() == null ? params : Stalls.watched(params);
    }

    /** {@return the long delays of the scenario, the same at every call; null, as by default, if it has none} */
    protected Stalls stalls() {
        return null;
    }

    /**
     * Starts the scenario's tasks. Context: a thread that sits on no CPU; it may adopt one by {@link Machine#run}.
     *
     * @param machine the machine
     */
    protected abstract void run(Machine machine);

    /**
     * Checks the outcome, when nothing more happens.
     *
     * @param machine the machine
     */
    protected void check(Machine machine) {
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

    /**
     * Takes a line of the machine's log, in an explored run; by default it does nothing. Context: the thread that
     * prints it, any; it must not block.
     *
     * @param line the line
     */
    protected void logged(String line) {
    }

    /**
     * Starts a task that is bound to a CPU; the run does not end before it, nor before those that {@link Machine#spawn}
     * has started. Called on a thread that sits on no CPU it is part of the setup, as booting is: no task that was
     * started before comes in between, and takes the CPU away for example.
     *
     * @param cpu the CPU
     * @param comm its name
     * @param body what it runs
     * @return the task
     */
    protected final Task task(int cpu, String comm, Runnable body) {
        return start(() -> machine.spawn(cpu, comm, body));
    }

    /**
     * As {@link #task(int, String, Runnable)}, for a task that may run on several CPUs.
     *
     * @param affinity the CPUs
     * @param comm its name
     * @param body what it runs
     * @return the task
     */
    protected final Task task(CpuMask affinity, String comm, Runnable body) {
        return start(() -> machine.scheduler().run(comm, Task.Policy.NORMAL, affinity, body));
    }

    private static Task start(Supplier<Task> starter) {
        if (Cpu.currentOrNull() != null) {
            return starter.get();
        }
        boolean explored = Exploring.stretch(false);
        try {
            return starter.get();
        } finally {
            Exploring.stretch(explored);
        }
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
        Device.on(machine.cpus().cpu(cpu), name, most, handler);
    }

    @Override
    public final void run() {
        CpuInterrupts.install(true);
        Exploring.describe(MachineView::ofSetup);
        StrandThreads threads = new StrandThreads();
        Exploring.stretch(false); // nothing can go wrong yet, and much could be put in another order
        machine = Machine.boot(params(), this::print, null, threads);
        Exploring.describe(() -> new MachineView(machine.cpus(), machine.scheduler(), machine.stopMachine(),
                machine.hotplug(), machine.cpus(), machine));
        if (stalls() != null) {
            stalls().on(machine.scheduler());
        }
        Exploring.stretch(true);
        Rules rules = new Rules(machine, log, this::expects);
        run(machine);
        Exploring.awaitQuiescence(); // by now every task has a thread, those included that tasks have started
        for (int turn = 0; threads.waiting() > 0 && turn < PATIENCE; turn++) {
            if (!sleepThroughDelay()) {
                sleep(); // a CPU that has just been told of a task may pass for one that only spins
            }
        }
        int ended = awaitEnd(threads, 0);
        for (int deadlines = 0; deadlines < MOST_DEADLINES && sleepToDeadline(); deadlines++) {
            ended = awaitEnd(threads, ended);
        }
        CpuInterrupts.end();
        check(machine);
        if (stalls() != null) {
            Exploring.quietly(() -> stalls().check());
        }
        rules.check();
    }

    private void print(String line) {
        Exploring.quietly(() -> {
            log.add(line);
            if (stalls() != null) {
                stalls().printed(line);
            }
        });
        logged(line);
    }

    @Override
    public final void runFree(FreeHost host) {
        CpuInterrupts.install(true);
        List<String> lines = Collections.synchronizedList(log);
        machine = Machine.boot(params().withPin(true), lines::add, null, host);
        host.owns(machine.cpus());
        run(machine);
        host.raise(Device.raisers());
        host.joinTasks();
        machine.spawn(machine.cpus().active.first(), "settle", host.settling(machine.smp(), machine.irqWorks(),
                machine.stopMachine()));
        host.joinTasks();
        FreeHost.rethrow(machine.warnings());
        check(machine);
        new Rules(machine, lines, this::expects).check();
    }

    /**
     * Waits until tasks have ended, from one of a given number on, and nothing more happens unless time passes;
     * {@return how many there are}
     */
    private static int awaitEnd(StrandThreads threads, int first) {
        Exploring.awaitQuiescence();
        List<Task> tasks = threads.tasks();
        int count = first;
        for (; count < tasks.size(); count++) {
            Task task = tasks.get(count);
            try {
                threads.taskThread(count).join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Throwable failure = task.failure();
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure != null) {
                throw new IllegalStateException(task.comm() + " threw " + failure, failure);
            }
        }
        Exploring.awaitQuiescence();
        return count;
    }

    /** Lets time pass until the next timer is due, or a delay ends; {@return whether there is one} */
    private boolean sleepToDeadline() {
        long[] left = new long[1];
        Exploring.quietly(() -> {
            left[0] = PendingTimers.untilNext(machine.scheduler().timers(), Oracles.workIsPending());
            long delay = stalls() == null ? PendingTimers.NONE : stalls().left();
            // a timer that is overdue waits for a CPU that computes
            left[0] = left[0] <= 0 && delay != PendingTimers.NONE ? delay : Math.min(left[0], delay);
        });
        if (left[0] == PendingTimers.NONE) {
            return false;
        }
        LockSupport.parkNanos(this, Math.max(1, left[0]));
        return true;
    }

    /**
     * Lets time pass until a delay ends; {@return whether there is one}. Many short sleeps would count as hopeless:
     * then time passes in leaps, and the watchdog cannot look as often as it wants to.
     */
    private boolean sleepThroughDelay() {
        long[] left = {PendingTimers.NONE};
        if (stalls() != null) {
            Exploring.quietly(() -> left[0] = stalls().left());
        }
        if (left[0] == PendingTimers.NONE) {
            return false;
        }
        LockSupport.parkNanos(this, Math.max(1, left[0]));
        return true;
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rules that hold whatever the scenario is. */
    private static final class Rules {
        private final Machine machine;
        private final List<String> log;
        private final Predicate<Warnings.Warning> expected;

        Rules(Machine machine, List<String> log, Predicate<Warnings.Warning> expected) {
            this.machine = machine;
            this.log = log;
            this.expected = expected;
        }

        void check() {
            List<Warnings.Warning> warnings = machine.warnings().list().stream()
                    .filter(expected.negate()).toList();
            if (!warnings.isEmpty()) {
                Exploring.broken("warning: " + warnings.getFirst().site().name(), "the machine warned: "
                        + warnings.getFirst(), log);
            }
            Oracles.check(machine.warnings(), true, expected);
        }
    }
}
