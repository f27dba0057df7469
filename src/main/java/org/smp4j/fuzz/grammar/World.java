package org.smp4j.fuzz.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.handover.HandOvers;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.rule.ProgramRule;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.sched.Task;

/** One run of a program: the kernel, the objects that operations share, and what came of them. */
public final class World {
    /** The property of a program with functions that throw. */
    public static final String THROWS = "throws";
    /** The message of what they throw. */
    public static final String ON_PURPOSE = "thrown on purpose";

    private final Program program;
    private final Facts facts;
    private final List<List<Step>> players = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Ledger ledger;
    private final IllegalUses illegalUses;
    private final CallOrder order = new CallOrder();
    private final HandOvers handOvers = new HandOvers();
    private final List<Runnable> checks = new ArrayList<>(); // guarded by objects
    private final Map<String, Object> objects = new HashMap<>(); // guarded by itself
    private final Task[] tasks; // guarded by objects
    private Kernel kernel;

    /**
     * A run.
     *
     * @param program what runs
     * @param catalog its productions
     */
    public World(Program program, Catalog catalog) {
        this.program = program;
        facts = Facts.of(program, catalog);
        for (Player player : program.players()) {
            players.add(steps(player.ops(), catalog));
        }
        ledger = new Ledger(steps.size());
        illegalUses = new IllegalUses(steps);
        tasks = new Task[program.players().size()];
    }

    private List<Step> steps(List<Op> ops, Catalog catalog) {
        List<Step> made = new ArrayList<>();
        for (Op op : ops) {
            int id = steps.size();
            steps.add(null);
            Step step = new Step(id, op, catalog.find(op.name()), steps(op.body(), catalog));
            steps.set(id, step);
            made.add(step);
        }
        return List.copyOf(made);
    }

    /** {@return whether it has illegal uses} */
    public boolean isIllegal() {
        return steps.stream().anyMatch(step -> step.production().illegal() != null);
    }

    /**
     * Gives it a kernel. Context: setup.
     *
     * @param parts the kernel
     */
    public void on(Kernel parts) {
        kernel = parts;
        if (illegalUses.leak()) {
            Oracles.unbalancedOnPurpose();
        }
        if (illegalUses.nest()) {
            Oracles.nestedOnPurpose();
            order.nest();
        }
    }

    /** {@return the program} */
    public Program program() {
        return program;
    }

    /** {@return what is true of the program} */
    public Facts facts() {
        return facts;
    }

    /** {@return the kernel} */
    public Kernel kernel() {
        return kernel;
    }

    /** {@return what operations hand over to each other} */
    public HandOvers handOvers() {
        return handOvers;
    }

    /**
     * Performs the operations of a player.
     *
     * @param player its number
     */
    public void play(int player) {
        for (Step step : players.get(player)) {
            perform(step);
        }
    }

    /**
     * Performs the operations in the body of another.
     *
     * @param step the other
     */
    public void body(Step step) {
        for (Step each : step.body()) {
            perform(each);
        }
    }

    private void perform(Step step) {
        handOvers.stops().goesOn(Cpu.rawSmpProcessorId(), step);
        int result = step.production().illegal() == null ? step.production().act.perform(this, step)
                : illegalUses.perform(this, step);
        int[] allowed = step.production().results(facts, step.op());
        if (allowed != null) {
            boolean fine = false;
            for (int each : allowed) {
                fine |= each == result;
            }
            if (!fine) {
                Exploring.broken("result that is not allowed", step + " has returned " + result, List.of());
            }
        }
        ledger.result(step, result);
    }

    /**
     * Says that an operation passes its function to the tower.
     *
     * @param step the operation
     * @return this time
     */
    public Invocation invoke(Step step) {
        return new Invocation(step);
    }

    /**
     * Says how much more often the function of an operation is to run.
     *
     * @param step the operation
     * @param least at least
     * @param most at most
     */
    public void expect(Step step, int least, int most) {
        ledger.expect(step, least, most);
    }

    /**
     * {@return a function that performs the body of an operation, where a call must run it: with IRQs off}
     *
     * @param step the operation
     * @param invocation this time
     * @param cpu the CPU on which it has to run; -1 for any
     */
    public SmpCallFunc called(Step step, Invocation invocation, int cpu) {
        return SmpCallFunc.named("f" + step.id(), _ -> {
            mustBeOn(step, cpu);
            mustHaveIrqsOff(step);
            run(step, invocation);
        });
    }

    /**
     * As {@link #called}, for a call to one CPU that is not waited for: such calls begin in the order in which they
     * are queued. {@link Queued#done} has to follow.
     *
     * @param step the operation
     * @param invocation this time
     * @param cpu the CPU
     * @return the function
     */
    public Queued queued(Step step, Invocation invocation, int cpu) {
        CallOrder.Sent sent = order.sends(step, cpu);
        SmpCallFunc func = called(step, invocation, cpu);
        return new Queued(SmpCallFunc.named(func.name(), info -> {
            order.begins(sent);
            func.call(info);
        }), accepted -> order.queued(sent, accepted));
    }

    /**
     * A function on its way into the queue of a CPU.
     *
     * @param func the function
     * @param done gets whether the call was accepted, when it has returned
     */
    public record Queued(SmpCallFunc func, Consumer<Boolean> done) {
    }

    /**
     * Performs the body of an operation, as its function.
     *
     * @param step the operation
     * @param invocation this time
     */
    public void run(Step step, Invocation invocation) {
        invocation.begins();
        body(step);
        invocation.ran();
        ledger.ran(step);
    }

    /**
     * Checks where a function runs.
     *
     * @param step its operation
     * @param cpu the CPU on which it has to run; -1 for any
     */
    public void mustBeOn(Step step, int cpu) {
        Exploring.quietly(() -> {
            Cpu here = Cpu.current();
            if (cpu >= 0 && here.id != cpu) {
                ProgramRule.broken("function on the wrong CPU", "function of " + step + " runs on " + here);
            }
        });
    }

    /**
     * Checks that IRQs are off.
     *
     * @param step the operation whose function runs
     */
    public void mustHaveIrqsOff(Step step) {
        Exploring.quietly(() -> {
            if (!Cpu.current().irqsDisabled()) {
                ProgramRule.broken("function with IRQs on", "the function of " + step + " runs with IRQs on");
            }
        });
    }

    /**
     * Checks that an operation leaves the context as it was, and the task with no lock of preemption.
     *
     * @param player the player that has ended
     */
    public void mustBeBalanced(int player) {
        Exploring.quietly(() -> {
            Cpu here = Cpu.current();
            if (here.irqsDisabled() || here.preemptCount() != 0) {
                ProgramRule.broken("unbalanced context", "player " + player + " ends with preempt count "
                        + Integer.toHexString(here.preemptCount()) + ", IRQs " + (here.irqsDisabled() ? "off" : "on"));
            }
        });
    }

    /**
     * {@return an object that operations share; it is made when it is first asked for}
     *
     * @param kind what it is
     * @param index which of these
     * @param maker makes one
     * @param <T> its type
     */
    @SuppressWarnings("unchecked")
    public <T> T shared(String kind, int index, Supplier<T> maker) {
        Object[] found = new Object[1];
        Exploring.quietly(() -> {
            synchronized (objects) {
                String key = kind + "." + index;
                found[0] = objects.get(key);
                if (found[0] == null) {
                    found[0] = maker.get();
                    objects.put(key, found[0]);
                }
            }
        });
        return (T) found[0];
    }

    /**
     * Adds a check for the end of the run.
     *
     * @param check the check
     */
    public void atEnd(Runnable check) {
        Exploring.quietly(() -> {
            synchronized (objects) {
                checks.add(check);
            }
        });
    }

    /**
     * {@return the task of a player, or null if it has not been started yet, or is no task}
     *
     * @param number its number among the tasks
     */
    public Task task(int number) {
        Task[] found = new Task[1];
        Exploring.quietly(() -> {
            synchronized (objects) {
                int left = number;
                for (int i = 0; i < tasks.length; i++) {
                    if (program.players().get(i).kind() == Player.Kind.TASK && left-- == 0) {
                        found[0] = tasks[i];
                    }
                }
            }
        });
        return found[0];
    }

    /**
     * Notes the task of a player.
     *
     * @param player its number
     * @param task the task
     */
    public void started(int player, Task task) {
        Exploring.quietly(() -> {
            synchronized (objects) {
                tasks[player] = task;
            }
        });
    }

    /**
     * {@return CPUs that are given as bits, as a mask}
     *
     * @param bits the bits
     */
    public CpuMask mask(int bits) {
        CpuMask mask = new CpuMask(facts.cpus());
        for (int cpu = 0; cpu < facts.cpus(); cpu++) {
            if ((bits >> cpu & 1) != 0) {
                mask.setCpu(cpu);
            }
        }
        return mask;
    }

    /**
     * {@return whether a warning is part of what the program has to bring about}
     *
     * @param warning the warning
     */
    public boolean expects(Warnings.Warning warning) {
        return illegalUses.expects(warning) || warning.site() == Warnings.THROWN && facts.has(THROWS)
                && warning.message().contains(ON_PURPOSE);
    }

    /**
     * {@return whether all functions that were passed to the tower so far have run; no step of the explorer}
     */
    public boolean isComplete() {
        return ledger.isComplete();
    }

    /** Checks what came of the run, when nothing more happens. */
    public void check() {
        Exploring.quietly(() -> {
            ledger.check(steps);
            illegalUses.check(kernel.cpus().warnings);
            checks.forEach(Runnable::run);
        });
    }

    /** {@return the results of all operations, and how often their functions ran} */
    public String outcome() {
        return ledger.outcome();
    }

    /** {@return each kind of operation with each result that one of it had, as {@code down -16}} */
    public Set<String> results() {
        return ledger.different();
    }

    /** {@return the names of the warnings that there were} */
    public Set<String> warnings() {
        Set<String> names = new TreeSet<>();
        kernel.cpus().warnings.list().forEach(warning -> names.add(warning.site().name()));
        return names;
    }
}
