package org.smp4j.hotplug;

import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.Errno;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.WarnSite;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Mutex;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.SmpbootThreads;
import org.smp4j.sched.Workqueue;
import org.smp4j.stop.StopMachine;

/**
 * Brings CPUs of a machine up and takes them down; mirrors the API of {@code kernel/cpu.c}. Unless a method says
 * otherwise, its context is: task, may sleep, not from hotplug callbacks; in another context it throws an
 * {@link IllegalStateException}. A callback that throws counts as -EIO.
 */
public final class CpuHotplug {
    /*
     * Locks, outermost first: device_hotplug_lock, cpu_add_remove_lock, cpu_hotplug_lock, cpuhp_state_mutex,
     * stop_cpus_mutex.
     */

    /** A CPU whose DEAD callback failed. */
    public static final WarnSite DEAD_ERROR = WarnSite.always("_cpu_down", "DEAD callback error for CPU%d");
    /** A rollback failed. */
    public static final WarnSite ROLLBACK = WarnSite.always("cpuhp_up_callbacks", "rollback of CPU %d failed: %d");
    /** More enables than disables. */
    public static final WarnSite UNBALANCED = WarnSite.once("__cpu_hotplug_enable", "Unbalanced cpu hotplug enable");

    private final Cpus cpus;
    private final Scheduler scheduler;
    private final CpuHotplugLock hotplugLock;
    private final Workqueue workqueue;
    private final SmpbootThreads smpboot;
    private final CpuhpSteps steps;
    private final StepEngine engine;
    private final CpuhpThread thread;
    private final TakeDown takeDown;
    private final CpuhpCpuState[] states;
    private final CpuhpSetup setup;
    private final HotplugFiles files;
    private final Mutex deviceHotplugLock = new Mutex();
    private final Mutex cpuAddRemoveLock = new Mutex();
    private int disabled; // guarded by cpuAddRemoveLock
    private boolean offliningDisabled; // guarded by cpuAddRemoveLock
    private final Suspend suspend; // guarded by cpuAddRemoveLock

    /**
     * Hotplug of a machine. Its online CPUs are in state ONLINE.
     *
     * @param cpus the CPUs
     * @param smp their calls
     * @param irqWorks their irq_works
     * @param scheduler their scheduler
     * @param stopMachine their stoppers
     * @param hotplugLock the lock that keeps the set of online CPUs stable
     * @param workqueue their workers
     * @param smpboot their per-CPU kernel threads
     */
    public CpuHotplug(Cpus cpus, Smp smp, IrqWorks irqWorks, Scheduler scheduler, StopMachine stopMachine,
            CpuHotplugLock hotplugLock, Workqueue workqueue, SmpbootThreads smpboot) {
        this.cpus = cpus;
        this.scheduler = scheduler;
        this.hotplugLock = hotplugLock;
        this.workqueue = workqueue;
        this.smpboot = smpboot;
        states = new CpuhpCpuState[cpus.nrCpuIds];
        for (int cpu = 0; cpu < states.length; cpu++) {
            states[cpu] = new CpuhpCpuState(cpu, cpus.online.testCpu(cpu) ? CpuhpState.ONLINE : CpuhpState.OFFLINE);
            states[cpu].syncState.set(cpus.online.testCpu(cpu) ? SyncState.ONLINE : SyncState.DEAD);
        }
        suspend = new Suspend(cpus);
        steps = new CpuhpSteps(cpus.warnings);
        engine = new StepEngine(cpus, steps);
        thread = new CpuhpThread(cpus, engine, hotplugLock, states);
        Kthread[] threads = smpboot.registerEarly(thread);
        for (int cpu = 0; cpu < states.length; cpu++) {
            states[cpu].thread = threads[cpu];
        }
        SyncProtocol sync = new SyncProtocol(cpus, scheduler.timers());
        BringUp bringUp = new BringUp(cpus, scheduler, engine, thread, stopMachine, states, sync);
        takeDown = new TakeDown(cpus, smp, scheduler.rcu(), engine, stopMachine, states, sync);
        new CoreStates(cpus, smp, irqWorks, scheduler, smpboot, workqueue).register(steps, bringUp, takeDown);
        steps.seal();
        setup = new CpuhpSetup(cpus, hotplugLock, steps, engine, thread, states);
        files = new HotplugFiles(cpus, this, steps, states);
        scheduler.installLifecycle(new SecondaryCpus(bringUp, takeDown));
    }

    /** {@return registration of states} */
    public CpuhpSetup setup() {
        return setup;
    }

    /** {@return the {@code hotplug} files of sysfs} */
    public HotplugFiles files() {
        return files;
    }

    /**
     * Sets the architecture's veto on taking a CPU down; mirrors {@code __cpu_disable}.
     *
     * @param cpuDisable gets the CPU, in its last stop, and returns 0, or a negated error number to keep it online
     */
    public void archCpuDisable(IntUnaryOperator cpuDisable) {
        takeDown.archCpuDisable(cpuDisable);
    }

    /** Throws if the caller must not sleep, or is a hotplug callback, for which the control CPU waits. */
    private void begin(String what) {
        scheduler.mightSleep(what);
        hotplugLock.assertCpusNotHeld();
    }

    private static int under(Mutex mutex, IntSupplier action) {
        mutex.lock();
        try {
            return action.getAsInt();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Brings a CPU online; mirrors {@code add_cpu}.
     *
     * @param cpu the CPU
     * @return 0; 1 if it was already online; or a negated error number
     */
    public int addCpu(int cpu) {
        begin("add_cpu");
        return under(deviceHotplugLock, () -> cpus.online.testCpu(cpu) ? 1 : cpuUp(cpu));
    }

    /**
     * Takes a CPU offline; mirrors {@code remove_cpu}.
     *
     * @param cpu the CPU
     * @return 0; 1 if it was already offline; or a negated error number
     */
    public int removeCpu(int cpu) {
        begin("remove_cpu");
        return under(deviceHotplugLock, () -> cpus.possible.testCpu(cpu) && !cpus.online.testCpu(cpu)
                ? 1 : cpuDown(cpu));
    }

    /**
     * Brings a CPU online; mirrors {@code cpu_up}.
     *
     * @param cpu the CPU
     * @return 0, also if it is already online; -EINVAL if it is not possible or not present; -EBUSY while hotplug is
     *         disabled; or a callback's error
     */
    public int cpuUp(int cpu) {
        return cpuUp(cpu, CpuhpState.ONLINE);
    }

    int cpuUp(int cpu, int target) {
        if (!cpus.possible.testCpu(cpu)) {
            cpus.printk.print("can't online cpu " + cpu + " because it is not configured as may-hotadd at boot time");
            return -Errno.EINVAL;
        }
        begin("cpu_up");
        return under(cpuAddRemoveLock, () -> disabled > 0 ? -Errno.EBUSY : cpuUp(states[cpu], target));
    }

    /** Mirrors {@code _cpu_up}. */
    private int cpuUp(CpuhpCpuState st, int target) {
        hotplugLock.cpusWriteLock();
        try {
            return cpuUpWriteLocked(st, target);
        } finally {
            hotplugLock.cpusWriteUnlock();
        }
    }

    /** The part of {@code _cpu_up} for which cpu_hotplug_lock is held. */
    private int cpuUpWriteLocked(CpuhpCpuState st, int target) {
        if (!cpus.present.testCpu(st.cpu)) {
            return -Errno.EINVAL;
        }
        if (st.state >= target) {
            return 0;
        }
        engine.setState(st, target);
        if (st.state > CpuhpState.BRINGUP_CPU) {
            int ret = cpuhpKickApWork(st);
            if (ret != 0) {
                return ret;
            }
        }
        int prev = st.state;
        int ret = engine.range(true, st, Math.min(target, CpuhpState.BRINGUP_CPU));
        if (ret != 0) {
            engine.resetState(st, prev);
            rolledBack(st, engine.range(false, st, prev));
            retireIfOffline(st);
        }
        return ret;
    }

    private void rolledBack(CpuhpCpuState st, int ret) {
        if (ret != 0) {
            cpus.warnings.warn(ROLLBACK, st.cpu, ret);
        }
    }

    /** Moves a CPU within its ONLINE section; mirrors {@code cpuhp_kick_ap_work}. */
    private int cpuhpKickApWork(CpuhpCpuState st) {
        Cpu.current().traceFunction("cpuhp_kick_ap_work");
        int prev = st.state;
        EventSink trace = Cpu.current().trace();
        if (trace != null) {
            StepEngine.enters(trace, st, prev, "cpuhp_kick_ap_work");
        }
        int ret = thread.kickTo(st, st.target);
        trace = Cpu.current().trace();
        if (trace != null) {
            StepEngine.exits(trace, st, prev, ret);
        }
        return ret;
    }

    /**
     * Takes a CPU offline; mirrors {@code cpu_down}. Another CPU controls the operation.
     *
     * @param cpu the CPU
     * @return 0; -EINVAL if it is not present; -EBUSY if it is the only online CPU, or while hotplug is disabled;
     *         -EOPNOTSUPP after {@link #cpuHotplugDisableOfflining}; or a callback's error
     */
    public int cpuDown(int cpu) {
        return cpuDown(cpu, CpuhpState.OFFLINE);
    }

    int cpuDown(int cpu, int target) {
        if (!cpus.possible.testCpu(cpu)) {
            return -Errno.EINVAL;
        }
        begin("cpu_down");
        return under(cpuAddRemoveLock,
                () -> offliningDisabled ? -Errno.EOPNOTSUPP : disabled > 0 ? -Errno.EBUSY
                : cpuDownMapsLocked(states[cpu], target));
    }

    /** Mirrors {@code cpu_down_maps_locked}: the control CPU is never the CPU that goes down. */
    private int cpuDownMapsLocked(CpuhpCpuState st, int target) {
        int control = cpus.active.first() == st.cpu ? cpus.active.next(st.cpu) : cpus.active.first();
        return control >= cpus.nrCpuIds ? -Errno.EBUSY : workqueue.workOnCpu(control, () -> cpuDown(st, target));
    }

    /** Mirrors {@code _cpu_down}. */
    private int cpuDown(CpuhpCpuState st, int target) {
        if (cpus.numOnline() == 1) { // even if that is another CPU, and this one is in a PREPARE state
            return -Errno.EBUSY;
        }
        if (!cpus.present.testCpu(st.cpu)) {
            return -Errno.EINVAL;
        }
        hotplugLock.cpusWriteLock();
        try {
            int ret = cpuDownWriteLocked(st, target);
            retireIfOffline(st);
            return ret;
        } finally {
            hotplugLock.cpusWriteUnlock();
        }
    }

    /** The part of {@code _cpu_down} for which cpu_hotplug_lock is held. */
    private int cpuDownWriteLocked(CpuhpCpuState st, int target) {
        if (st.state <= target) {
            return 0;
        }
        int prev = engine.setState(st, target);
        if (st.state > CpuhpState.TEARDOWN_CPU) {
            st.target = Math.max(target, CpuhpState.TEARDOWN_CPU);
            int ret = cpuhpKickApWork(st);
            if (ret != 0 || st.state > CpuhpState.TEARDOWN_CPU) {
                return ret;
            }
            st.target = target;
        }
        int ret = cpuhpDownCallbacks(st, target);
        if (ret != 0 && st.state < prev) {
            if (st.state == CpuhpState.TEARDOWN_CPU) {
                engine.resetState(st, prev);
                thread.kick(st);
            } else {
                cpus.warnings.warn(DEAD_ERROR, st.cpu);
            }
        }
        return ret;
    }

    /** Mirrors {@code cpuhp_down_callbacks}. */
    private int cpuhpDownCallbacks(CpuhpCpuState st, int target) {
        int prev = st.state;
        int ret = engine.range(false, st, target);
        if (ret != 0) {
            engine.resetState(st, prev);
            if (st.state < prev) {
                rolledBack(st, engine.range(true, st, prev));
            }
        }
        return ret;
    }

    /** Ends the Java threads of a CPU that is down. */
    private void retireIfOffline(CpuhpCpuState st) {
        if (st.state == CpuhpState.OFFLINE) {
            smpboot.retireThreads(st.cpu);
        }
    }

    /**
     * Makes bringing CPUs up and down fail with -EBUSY until {@link #cpuHotplugEnable}; waits for an operation in
     * progress; mirrors {@code cpu_hotplug_disable}.
     */
    public void cpuHotplugDisable() {
        begin("cpu_hotplug_disable");
        under(cpuAddRemoveLock, () -> ++disabled);
    }

    /** Undoes {@link #cpuHotplugDisable}; mirrors {@code cpu_hotplug_enable}. */
    public void cpuHotplugEnable() {
        begin("cpu_hotplug_enable");
        under(cpuAddRemoveLock, this::enableLocked);
    }

    private int enableLocked() {
        if (disabled == 0) {
            cpus.warnings.warn(UNBALANCED);
        } else {
            disabled--;
        }
        return 0;
    }

    /** Makes taking CPUs down fail with -EOPNOTSUPP from now on; mirrors {@code cpu_hotplug_disable_offlining}. */
    public void cpuHotplugDisableOfflining() {
        begin("cpu_hotplug_disable_offlining");
        cpuAddRemoveLock.lock();
        offliningDisabled = true;
        cpuAddRemoveLock.unlock();
    }

    /**
     * Takes all CPUs down but one, highest first, and leaves hotplug disabled, even after an error; mirrors
     * {@code freeze_secondary_cpus}.
     *
     * @param primary the CPU that stays; if it is offline, the first online CPU stays
     * @return 0, or the first error
     */
    public int freezeSecondaryCpus(int primary) {
        begin("freeze_secondary_cpus");
        return under(cpuAddRemoveLock, () -> {
            disabled++;
            return suspend.freeze(primary,
                    (stays, cpu) -> workqueue.workOnCpu(stays, () -> cpuDown(states[cpu], CpuhpState.OFFLINE)));
        });
    }

    /**
     * Brings up what {@link #freezeSecondaryCpus} took down, and enables hotplug; mirrors {@code thaw_secondary_cpus}.
     */
    public void thawSecondaryCpus() {
        begin("thaw_secondary_cpus");
        under(cpuAddRemoveLock, () -> {
            enableLocked();
            return suspend.thaw(cpu -> cpuUp(states[cpu], CpuhpState.ONLINE));
        });
    }

    /**
     * {@return whether the operation in progress is part of a suspend; mirrors {@code cpuhp_tasks_frozen}. Context:
     * hotplug callbacks}
     */
    public boolean cpuhpTasksFrozen() {
        return suspend.tasksFrozen();
    }

    /**
     * Whether a CPU's current or last operation takes it down; mirrors {@code cpu_dying}. Context: any.
     *
     * @param cpu the CPU
     * @return whether it does
     */
    public boolean cpuDying(int cpu) {
        return cpus.dying.testCpu(cpu);
    }
}
