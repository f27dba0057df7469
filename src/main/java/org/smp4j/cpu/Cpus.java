package org.smp4j.cpu;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Lifetime;
import org.smp4j.lib.Printk;
import org.smp4j.lib.Warnings;
import org.smp4j.lib.Wiring;

/**
 * The CPUs of one machine and their shared state: the masks of {@code include/linux/cpumask.h}, the boot parameters,
 * the sinks, and the hooks that upper floors install. Mirrors globals of {@code kernel/cpu.c} and the architecture.
 *
 * <p>It has no threads: {@link Cpu#sit} lets any thread play one of its CPUs.
 */
public final class Cpus {
    private static final VarHandle AWAKE =
            ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "awake", VarHandle.class, Cpus.class, int.class);
    private static final VarHandle NUM_ONLINE = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "numOnline", VarHandle.class, Cpus.class, int.class);
    private static final VarHandle EVENTS = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "events", VarHandle.class, Cpus.class, EventSink.class);
    private static final InterruptHandler SPURIOUS = cpu -> {
    };

    /** The boot parameters. */
    public final BootParams params;
    /** One more than the highest CPU number, {@code nr_cpu_ids}. */
    public final int nrCpuIds;
    /** Where log lines go. */
    public final Printk printk;
    /** Gets the events of every CPU, or null; it neither throws nor changes the CPU's state. Only for the tower. */
    public final EventSink tracer;
    /** Whether the machine still runs. */
    public final Lifetime lifetime;
    /** The machine's warnings. */
    public final Warnings warnings;
    /** CPUs that may exist, {@code cpu_possible_mask}; fixed after boot. */
    public final CpuMask possible;
    /** CPUs that exist, {@code cpu_present_mask}. */
    public final CpuMask present;
    /** CPUs that run tasks and take interrupts, {@code cpu_online_mask}; changed by {@link #setCpuOnline}. */
    public final CpuMask online;
    /** CPUs to which tasks may move, {@code cpu_active_mask}. */
    public final CpuMask active;
    /** CPUs whose last hotplug operation took them down, {@code cpu_dying_mask}. */
    public final CpuMask dying;

    final Spin spin = new Spin(this);
    final IpiFaults ipiFaults;
    private final Cpu[] all;
    private final int[] cores;

    // Upper floors install these while the machine is made, before any of its threads starts; plain, published by the
    // start of the threads.
    InterruptHandler callFunction = SPURIOUS;
    InterruptHandler irqWork = SPURIOUS;
    InterruptHandler timer = SPURIOUS;
    Preemption preemption;

    // Written by: each CPU that parks in idle or returns from it; threads that sit down or stand up.
    // Read by: every wait that chooses between spinning and yielding.
    // Ordering: atomic count, opaque read: a hint. No thread acquires it; no atomic addition is weaker than a release.
    private int awake;

    // Written by: the thread that changes the online mask.
    // Read by: any thread.
    // Ordering: as the mask's bits: volatile read-modify-write, opaque read.
    private int numOnline;

    // Written by: the thread that installs a listener.
    // Read by: every CPU at its tracepoints, if Trace.ON.
    // Ordering: release and acquire.
    private EventSink events;

    /**
     * CPUs for tests and benchmarks, and for threads that play them by hand: all online and active, without threads,
     * faults or log.
     *
     * @param nrCpus how many
     */
    public Cpus(int nrCpus) {
        this(BootParams.cpus(nrCpus).withPin(false), Printk.NONE, null);
        for (Cpu cpu : all) {
            setCpuOnline(cpu.id, true);
            setCpuActive(cpu.id, true);
        }
    }

    /**
     * CPUs that are possible and present, but offline.
     *
     * @param params the boot parameters
     * @param printk where log lines go
     * @param ipiFaults the injected interrupt faults, or null for none
     */
    public Cpus(BootParams params, Printk printk, IpiFaults ipiFaults) {
        this(params, printk, ipiFaults, null);
    }

    /**
     * As {@link #Cpus(BootParams, Printk, IpiFaults)}, with a tracer. Without one, a tracepoint is one branch.
     *
     * @param params the boot parameters
     * @param printk where log lines go
     * @param ipiFaults the injected interrupt faults, or null for none
     * @param tracer gets the events of every CPU, or null
     */
    public Cpus(BootParams params, Printk printk, IpiFaults ipiFaults, EventSink tracer) {
        this.tracer = atBoot(tracer);
        this.params = params;
        this.nrCpuIds = params.nrCpus();
        GuardedPrintk log = new GuardedPrintk(Objects.requireNonNull(printk, "printk"));
        this.printk = log;
        this.lifetime = new Lifetime(log);
        this.warnings = new Warnings(log, lifetime, params.panicOnWarn());
        log.reportTo(warnings);
        this.ipiFaults = ipiFaults;
        this.possible = new MachineMask(nrCpuIds);
        this.present = new MachineMask(nrCpuIds);
        this.online = new MachineMask(nrCpuIds);
        this.active = new MachineMask(nrCpuIds);
        this.dying = new MachineMask(nrCpuIds);
        ((MachineMask) possible).fill();
        ((MachineMask) present).fill();
        cores = params.pin() ? Pinning.allowedCores() : new int[0];
        PendingWord[] pending = new PendingWord[nrCpuIds]; // allocated first, in sequence, for PendingWord's padding
        for (int cpu = 0; cpu < nrCpuIds; cpu++) {
            pending[cpu] = new PendingWord();
        }
        all = new Cpu[nrCpuIds];
        for (int cpu = 0; cpu < nrCpuIds; cpu++) {
            all[cpu] = new Cpu(cpu, this, pending[cpu]);
        }
    }

    /** Weaving puts another tracer here. */
    private static EventSink atBoot(EventSink tracer) {
        return tracer;
    }

    /**
     * A CPU by its number.
     *
     * @param cpu 0 to {@code nrCpuIds - 1}
     * @return the CPU
     * @throws IllegalArgumentException if there is none
     */
    public Cpu cpu(int cpu) {
        return all[check(cpu)];
    }

    /**
     * The CPU on which the calling thread sits, which must be one of these.
     *
     * @return never null
     * @throws IllegalStateException if the thread sits on no CPU, or on a CPU of another machine
     */
    public Cpu current() {
        Cpu here = Cpu.current();
        if (here.cpus != this) {
            throw notOurs(here);
        }
        return here;
    }

    /**
     * Checks that a caller sits on one of these CPUs; takes the result of {@link Preempt#disable}, and undoes that if
     * the check fails.
     *
     * @param here the caller's CPU
     * @return the same
     * @throws IllegalStateException if it is a CPU of another machine
     */
    public Cpu own(Cpu here) {
        if (here.cpus != this) {
            here.preemptEnable();
            throw notOurs(here);
        }
        return here;
    }

    private static IllegalStateException notOurs(Cpu foreign) {
        return new IllegalStateException("the caller sits on " + foreign
                + " of another machine; only a machine's own CPUs may call it");
    }

    /**
     * Checks a mask that a caller passes.
     *
     * @param mask the mask
     * @return the same
     * @throws NullPointerException if it is null
     * @throws IllegalArgumentException if it has another size
     */
    public CpuMask check(CpuMask mask) {
        if (Objects.requireNonNull(mask, "mask").nrCpuIds() != nrCpuIds) {
            throw new IllegalArgumentException("the mask must have " + nrCpuIds + " CPUs, as the machine, got one of "
                    + mask.nrCpuIds());
        }
        return mask;
    }

    /**
     * Checks a CPU number that a caller passes, where the kernel's function has no error for a CPU that does not exist.
     *
     * @param cpu the number
     * @return the same
     * @throws IllegalArgumentException if there is no such CPU
     */
    public int check(int cpu) {
        if (Integer.compareUnsigned(cpu, nrCpuIds) >= 0) {
            throw new IllegalArgumentException("CPU " + cpu + ": this machine has 0 to " + (nrCpuIds - 1));
        }
        return cpu;
    }

    /**
     * Sets or clears a CPU's online bit; mirrors {@code set_cpu_online}.
     *
     * @param cpu the CPU
     * @param isOnline whether it is online from now on
     */
    @Wiring
    public void setCpuOnline(int cpu, boolean isOnline) {
        if (change(online, cpu, isOnline) != isOnline) {
            NUM_ONLINE.getAndAdd(this, isOnline ? 1 : -1);
        }
    }

    /**
     * Says whether tasks may move to a CPU; mirrors {@code set_cpu_active}.
     *
     * @param cpu the CPU
     * @param isActive whether they may from now on
     */
    @Wiring
    public void setCpuActive(int cpu, boolean isActive) {
        change(active, cpu, isActive);
    }

    /**
     * Says whether a CPU exists; mirrors {@code set_cpu_present}.
     *
     * @param cpu the CPU
     * @param isPresent whether it does from now on
     */
    @Wiring
    public void setCpuPresent(int cpu, boolean isPresent) {
        change(present, cpu, isPresent);
    }

    /**
     * Says in which direction a CPU moves; mirrors {@code set_cpu_dying}.
     *
     * @param cpu the CPU
     * @param isDying whether its hotplug motion is downward
     */
    @Wiring
    public void setCpuDying(int cpu, boolean isDying) {
        change(dying, cpu, isDying);
    }

    private static boolean change(CpuMask mask, int cpu, boolean isIn) {
        return ((MachineMask) mask).change(cpu, isIn);
    }

    /** {@return how many CPUs are online; mirrors {@code num_online_cpus}} */
    public int numOnline() {
        return (int) NUM_ONLINE.getOpaque(this);
    }

    /**
     * Whether a CPU's thread sleeps in idle. Volatile: a caller that sees the CPU asleep sees what the CPU did before,
     * and what the caller did before a full fence is visible to the CPU after it has woken. Context: any thread.
     *
     * @param cpu the CPU
     * @return whether it sleeps, possibly stale at once
     */
    public boolean isParked(int cpu) {
        // pairs with the exchange in PendingWord.park and the fence in IdleWait.park
        return (cpu(cpu).pending.get() & PendingWord.PARKED) != 0;
    }

    /**
     * Installs the handler of the function call interrupt.
     *
     * @param handler the handler
     */
    @Wiring
    public void installCallFunction(InterruptHandler handler) {
        callFunction = Objects.requireNonNull(handler, "handler");
    }

    /**
     * Installs the handler of the irq_work interrupt.
     *
     * @param handler the handler
     */
    @Wiring
    public void installIrqWork(InterruptHandler handler) {
        irqWork = Objects.requireNonNull(handler, "handler");
    }

    /**
     * Installs the handler of the timer interrupt.
     *
     * @param handler the handler
     */
    @Wiring
    public void installTimer(InterruptHandler handler) {
        timer = Objects.requireNonNull(handler, "handler");
    }

    /**
     * Installs the scheduler.
     *
     * @param scheduler what a CPU calls to reschedule
     */
    @Wiring
    public void installPreemption(Preemption scheduler) {
        preemption = Objects.requireNonNull(scheduler, "scheduler");
    }

    /**
     * Sets the listener to tracepoints; works only if {@link org.smp4j.lib.Trace#ON}.
     *
     * @param sink the listener, or null for none; if it throws, a warning is reported and it is removed
     * @throws IllegalStateException if there is a tracer, which would then miss events
     */
    public void setEvents(EventSink sink) {
        if (tracer != null) {
            throw new IllegalStateException("a machine that was booted with a tracer takes no other listener");
        }
        EVENTS.setRelease(this, sink == null ? null : new GuardedEvents(sink)); // pairs with the acquire in events()
    }

    EventSink events() {
        return (EventSink) EVENTS.getAcquire(this);
    }

    /**
     * Makes every CPU notice that the machine has ended, even one whose task only polls; mirrors {@code smp_send_stop}.
     * Context: any thread.
     */
    public void smpSendStop() {
        for (Cpu cpu : all) {
            cpu.raise(PendingWord.RESCHED);
        }
    }

    void awake(int change) {
        AWAKE.getAndAddRelease(this, change);
    }

    /** {@return whether the host has a core for each CPU that is awake} */
    boolean coresSuffice() {
        return (int) AWAKE.getOpaque(this) <= Pinning.HOST_CORES;
    }

    int awakePerCore() {
        return (int) AWAKE.getOpaque(this) / Pinning.HOST_CORES;
    }

    /** {@return the core on which a CPU's threads run, or -1 if they are not pinned} */
    int coreOf(int cpu) {
        return cores.length == 0 ? -1 : cores[cpu % cores.length];
    }

    int[] cores() {
        return cores;
    }

    /**
     * {@return the cores over which CPUs are spread round robin, for example {@code 0,1}; {@code none} if they are not
     * pinned}
     */
    public String pinning() {
        if (cores.length == 0) {
            return "none";
        }
        CpuMask mask = new CpuMask(CpuMask.NR_CPUS);
        for (int core : cores) {
            mask.setCpu(core);
        }
        return mask.toString();
    }
}
