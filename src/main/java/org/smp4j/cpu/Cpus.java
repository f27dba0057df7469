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

/**
 * The CPUs of one machine and what they share: the masks of {@code include/linux/cpumask.h}, the boot parameters, the
 * sinks, and the entry points that upper floors install. Mirrors what {@code kernel/cpu.c} and the architecture keep as
 * globals.
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
    /** Whether the machine still runs. */
    public final Lifetime lifetime;
    /** What the machine warned about. */
    public final Warnings warnings;
    /** CPUs that may exist, {@code cpu_possible_mask}; fixed after boot. */
    public final CpuMask possible;
    /** CPUs that exist, {@code cpu_present_mask}. */
    public final CpuMask present;
    /** CPUs that are scheduled on and interrupted, {@code cpu_online_mask}; changed by {@link #setCpuOnline}. */
    public final CpuMask online;
    /** CPUs to which tasks may move, {@code cpu_active_mask}. */
    public final CpuMask active;
    /** CPUs whose last hotplug motion is downward, {@code cpu_dying_mask}. */
    public final CpuMask dying;

    final Spin spin = new Spin(this);
    final IpiFaults ipiFaults;
    private final Cpu[] all;
    private final int[] cores;

    // Installed by upper floors while the machine is made, before any of its threads starts; plain, published by the
    // threads' start.
    InterruptHandler callFunction = SPURIOUS;
    InterruptHandler irqWork = SPURIOUS;
    InterruptHandler timer = SPURIOUS;
    Preemption preemption;

    // Written by: each CPU that parks in idle or comes back, and who sits down or stands up.
    // Read by: every wait that has to choose between spinning and yielding.
    // Ordering: atomic count, opaque read: a hint.
    private int awake;

    // Written by: whoever changes the online mask.
    // Read by: anybody.
    // Ordering: as the mask's bits: volatile read-modify-write, opaque read.
    private int numOnline;

    // Written by: who listens to tracepoints.
    // Read by: every CPU at its tracepoints, if Trace.ON.
    // Ordering: release and acquire.
    private EventSink events;

    /**
     * CPUs for tests, benchmarks and whoever plays them by hand: all of them online and active, without threads, faults
     * or log.
     *
     * @param nrCpus how many
     */
    public Cpus(int nrCpus) {
        this(BootParams.cpus(nrCpus).withPin(false), Printk.NONE, null);
        for (Cpu cpu : all) {
            setCpuOnline(cpu.id, true);
            active.setCpu(cpu.id);
        }
    }

    /**
     * CPUs that are possible and present, none of them online.
     *
     * @param params the boot parameters
     * @param printk where log lines go
     * @param ipiFaults what goes wrong with interrupts, or null for nothing
     */
    public Cpus(BootParams params, Printk printk, IpiFaults ipiFaults) {
        this.params = params;
        this.nrCpuIds = params.nrCpus();
        GuardedPrintk log = new GuardedPrintk(Objects.requireNonNull(printk, "printk"));
        this.printk = log;
        this.lifetime = new Lifetime(log);
        this.warnings = new Warnings(log, lifetime, params.panicOnWarn());
        log.reportTo(warnings);
        this.ipiFaults = ipiFaults;
        this.possible = new CpuMask(nrCpuIds);
        this.present = new CpuMask(nrCpuIds);
        this.online = new CpuMask(nrCpuIds);
        this.active = new CpuMask(nrCpuIds);
        this.dying = new CpuMask(nrCpuIds);
        possible.setAll();
        present.setAll();
        cores = params.pin() ? Pinning.allowedCores() : new int[0];
        PendingWord[] pending = new PendingWord[nrCpuIds]; // made first, one behind the other: see there
        for (int cpu = 0; cpu < nrCpuIds; cpu++) {
            pending[cpu] = new PendingWord();
        }
        all = new Cpu[nrCpuIds];
        for (int cpu = 0; cpu < nrCpuIds; cpu++) {
            all[cpu] = new Cpu(cpu, this, pending[cpu]);
        }
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
     * The CPU on which the calling thread sits, which has to be one of these.
     *
     * @return never null
     * @throws IllegalStateException if the thread sits on no CPU, or on one of another machine
     */
    public Cpu current() {
        Cpu here = Cpu.current();
        if (here.cpus != this) {
            throw notOurs(here);
        }
        return here;
    }

    /**
     * Checks that a caller sits on one of these CPUs; for the result of {@link Preempt#disable}, which is undone if it
     * does not.
     *
     * @param here the caller's CPU
     * @return the same
     * @throws IllegalStateException if it is one of another machine
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
                + " of another machine; a machine is called from its own CPUs only");
    }

    /**
     * Checks a mask that a caller gives.
     *
     * @param mask the mask
     * @return the same
     * @throws NullPointerException if there is none
     * @throws IllegalArgumentException if it is of another size
     */
    public CpuMask check(CpuMask mask) {
        if (Objects.requireNonNull(mask, "mask").nrCpuIds() != nrCpuIds) {
            throw new IllegalArgumentException("a mask of " + mask.nrCpuIds() + " CPUs; this machine needs one of "
                    + nrCpuIds);
        }
        return mask;
    }

    /**
     * Checks a CPU number that a caller gives, where the kernel's function has no error for a CPU that does not exist.
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
    public void setCpuOnline(int cpu, boolean isOnline) {
        if (isOnline ? !online.testAndSetCpu(cpu) : online.testAndClearCpu(cpu)) {
            NUM_ONLINE.getAndAdd(this, isOnline ? 1 : -1);
        }
    }

    /** {@return how many CPUs are online; mirrors {@code num_online_cpus}} */
    public int numOnline() {
        return (int) NUM_ONLINE.getOpaque(this);
    }

    /**
     * Whether a CPU's thread sleeps in idle. Volatile: what the CPU did before is visible to a caller that sees it
     * sleep, and what that caller did before a full fence is visible to all that the CPU does when it has woken.
     * Context: any, from any thread.
     *
     * @param cpu the CPU
     * @return as of a moment ago
     */
    public boolean isParked(int cpu) {
        // pairs with the exchange in PendingWord.park and the fence in IdleWait.park
        return (cpu(cpu).pending.get() & PendingWord.PARKED) != 0;
    }

    /**
     * Installs what the function call interrupt does.
     *
     * @param handler the handler
     */
    public void installCallFunction(InterruptHandler handler) {
        callFunction = Objects.requireNonNull(handler, "handler");
    }

    /**
     * Installs what the irq_work interrupt does.
     *
     * @param handler the handler
     */
    public void installIrqWork(InterruptHandler handler) {
        irqWork = Objects.requireNonNull(handler, "handler");
    }

    /**
     * Installs what the timer interrupt does.
     *
     * @param handler the handler
     */
    public void installTimer(InterruptHandler handler) {
        timer = Objects.requireNonNull(handler, "handler");
    }

    /**
     * Installs the scheduler.
     *
     * @param scheduler whom CPUs ask when they should give way
     */
    public void installPreemption(Preemption scheduler) {
        preemption = Objects.requireNonNull(scheduler, "scheduler");
    }

    /**
     * Sets who listens to tracepoints; works only where {@link org.smp4j.lib.Trace#ON}.
     *
     * @param sink the listener, or null for none; one that throws is a warning, and hears no more
     */
    public void setEvents(EventSink sink) {
        EVENTS.setRelease(this, sink == null ? null : new GuardedEvents(sink)); // pairs with the acquire in events()
    }

    EventSink events() {
        return (EventSink) EVENTS.getAcquire(this);
    }

    /**
     * Has every CPU see that the machine has ended, also one whose task only polls; mirrors {@code smp_send_stop}.
     * Context: any, from any thread.
     */
    public void smpSendStop() {
        for (Cpu cpu : all) {
            cpu.raise(PendingWord.RESCHED);
        }
    }

    void awake(int change) {
        AWAKE.getAndAdd(this, change);
    }

    /** {@return whether each CPU that is awake can have a core of the host for itself} */
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
