package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/** A caller that may lose its CPU while it waits looks at call data of a CPU that has left. */
@RaceFacts(slug = "cfd-freed-under-preemptible-wait",
        title = "LKML: series that makes the wait of smp_call_function_many preemptible",
        certainty = Certainty.MEMORY, year = 2026, cpus = 3, breaks = "use after release", proof = "bound1",
        symptom = "a caller reads the lock bit of call data that hotplug has freed",
        shows = {"CPU 0 caller", "has queued f to CPU 2", "CPU 2 runs f", "gives csd(f) up", "CPU 2 caller",
                "uses csd(f)"},
        story = """
                This never shipped: a series of patches that let a caller be preempted while it waits for the end of
                its calls names it. The caller has queued its calls with the data of the CPU on which it ran. It
                enables preemption and waits; its CPU goes down, and moves it to another one. The callback for the
                dead CPU frees the data, and the caller, which has not looked since, reads a lock bit in freed memory.
                The series allocates the data of a CPU once and never frees them. Here both variants free them; the
                fixed one counts the callers that wait, and the last of them frees the data of a dead CPU.""")
public final class CfdFreedUnderPreemptibleWait extends MachineScenario implements Race {
    private static final VarHandle DATA = Fields.field(Smp.class.getName(), "data");
    private static final VarHandle CFD = Fields.field("org.smp4j.call.SmpCpuState", "cfd");
    private static final VarHandle CSDS = Fields.field("org.smp4j.call.Cfd", "csd");
    private static final int LEAVES = 0;

    // Written by: the scenario, before its tasks start. Read by: the hooks. Ordering: the start of the tasks.
    private static CfdFreedUnderPreemptibleWait current;

    private Machine machine;
    private Csd[] csds; // the data of the CPU that leaves, from before it does
    // How many wait for calls that use the data; one less once the CPU is dead.
    // Written by: callers, and the callback for the dead CPU. Read by: the same. Ordering: volatile.
    private final AtomicInteger users = new AtomicInteger();
    // Written by: the control CPU. Read by: the target. Ordering: volatile.
    private volatile Task caller;
    private volatile boolean isDead;
    // Written by: the target. Read by: the control CPU. Ordering: volatile.
    private volatile boolean ready;
    // Written by: the caller. Read by: the control CPU. Ordering: volatile.
    private volatile boolean waits;

    /** The race. */
    public CfdFreedUnderPreemptibleWait() {
        super(3);
    }

    @Override
    public Weave parts() {
        return Weave.in("org.smp4j.call.CallMany", "waitForMany")
                .insert(hook(CfdFreedUnderPreemptibleWait.class, "begins")).atEntry()
                .replace(call(Smp.class, "lockWait")).by(hook(CfdFreedUnderPreemptibleWait.class, "preemptibleWait"))
                .insert(hook(CfdFreedUnderPreemptibleWait.class, "ends")).atExit()
                .andIn("org.smp4j.hotplug.CpuHotplug", "cpuDownWriteLocked")
                .insert(hook(CfdFreedUnderPreemptibleWait.class, "goesDown")).atEntry()
                .andIn(Smp.class, "smpcfdDeadCpu").insert(hook(CfdFreedUnderPreemptibleWait.class, "dies")).atEntry()
                .insert(hook(CfdFreedUnderPreemptibleWait.class, "dead")).atExit();
    }

    @Override
    public Weave bug() {
        return Weave.in(CfdFreedUnderPreemptibleWait.class, "begins").drop(call(AtomicInteger.class, "getAndIncrement"))
                .andIn(CfdFreedUnderPreemptibleWait.class, "ends")
                .drop(call(CfdFreedUnderPreemptibleWait.class, "leave"));
    }

    /** A caller begins to wait. Context: preemption off, on the CPU whose data it uses. */
    public static void begins() {
        current.users.getAndIncrement();
    }

    /**
     * Waits until a csd is unlocked, as {@code csd_lock_wait} does, but the caller may be preempted and moved.
     *
     * @param smp the machine's calls
     * @param self the CPU on which the caller began
     * @param csd the csd
     */
    public static void preemptibleWait(Smp smp, Cpu self, Csd csd) {
        Exploring.stretch(false);
        Preempt.enable();
        current.waits = true;
        for (int turn = 0; csd.isLocked(); turn++) {
            relax();
        }
        Preempt.disable();
    }

    /** A caller has waited. */
    public static void ends() {
        current.leave();
    }

    /** The CPU is about to go down: now the caller comes to its wait, and it does not end before the caller moves. */
    public static void goesDown() {
        current.bringCallerToWait();
    }

    /** The callback for a dead CPU begins. */
    public static void dies() {
        Exploring.stretch(true);
        current.isDead = true;
    }

    /** It ends. */
    public static void dead() {
        current.leave();
    }

    private void leave() {
        if (users.decrementAndGet() < 0) {
            for (Csd csd : csds) {
                Oracles.freed(csd);
            }
        }
    }

    private static void relax() {
        Waiter.current().relax(0);
    }

    @Override
    protected void run(Machine booted) {
        Exploring.stretch(false);
        current = this;
        machine = booted;
        task(1, "cpu_down", () -> {
            csds = (Csd[]) CSDS.get(CFD.get(((Object[]) DATA.get(machine.smp()))[LEAVES]));
            machine.hotplug().removeCpu(LEAVES);
            Exploring.stretch(false);
        });
    }

    @Override
    protected void check(Machine booted) {
        if (users.get() >= 0) {
            Exploring.broken("never freed", "the call data of CPU " + LEAVES + " have " + users.get() + " users",
                    List.of());
        }
    }

    private void bringCallerToWait() {
        machine.scheduler().run("target", Task.Policy.FIFO, CpuMask.of(3, 2), this::target);
        while (!ready) {
            relax();
        }
        caller = task(CpuMask.of(3, LEAVES, 2), "caller", () -> {
            Preempt.disable();
            Exploring.stretch(true);
            machine.smp().smpCallFunctionMany(CpuMask.of(3, 2), SmpCallFunc.named("f", info -> { }), null, true);
            Preempt.enable();
        });
        while (!waits) {
            relax();
        }
    }

    /** Takes the call when the caller has left the CPU that goes down, and keeps it off this one until that is dead. */
    private void target() {
        boolean flags = LocalIrq.save();
        ready = true;
        while (caller == null || caller.cpu() == LEAVES) {
            relax();
        }
        LocalIrq.restore(flags);
        while (!isDead) {
            relax();
        }
    }
}
