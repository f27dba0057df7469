package org.smp4j.hotplug;

import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.WarnSite;
import org.smp4j.sched.Rcu;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;

/** Takes a CPU from TEARDOWN_CPU to AP_IDLE_DEAD; mirrors {@code takedown_cpu} of {@code kernel/cpu.c}. */
final class TakeDown {
    /*
     *   control CPU                          | target CPU                                     | every CPU
     *   -------------------------------------+------------------------------------------------+---------------------
     *   park the hotplug thread              |                                                |
     *   stop_machine                         |                                                | IRQs off
     *                                        | take_cpu_down: clear the online bit,           | wait
     *                                        |   DYING callbacks (last flush), park stopper   |
     *                                        |                                                | IRQs on
     *   wait for done_down                   | idle sees offline: AP_IDLE_DEAD,               |
     *                                        |   a no-wait call completes done_down           |
     *   wait for DEAD                        | its thread leaves the seat; DEAD               |
     *
     * Excluded: a sender that has seen the CPU online queues a call after the last flush. The sender would have to be
     * between its check and its queueing while every CPU is stopped. But its preemption is off from before the check
     * until after the queueing, so its CPU's stopper cannot run there.
     */

    /** The last stop finds the CPU in another state. */
    static final WarnSite WRONG_STATE = WarnSite.always("take_cpu_down", "CPU %d in state %d");
    static final CpuStopFn TAKE_CPU_DOWN = CpuStopFn.named("take_cpu_down", arg -> ((TakeDown) arg).takeCpuDown());

    private final Cpus cpus;
    private final Smp smp;
    private final Rcu rcu;
    private final StepEngine engine;
    private final StopMachine stopMachine;
    private final CpuhpCpuState[] states;
    private final SyncProtocol sync;

    // Written by: tests and users, at any time. Read by: the stopper of a CPU that goes down.
    // Ordering: volatile; publishes what is in the veto of a thread that sits on no CPU. The stop orders what a CPU
    // sets.
    private volatile IntUnaryOperator archCpuDisable = cpu -> 0;

    TakeDown(Cpus cpus, Smp smp, Rcu rcu, StepEngine engine, StopMachine stopMachine, CpuhpCpuState[] states,
            SyncProtocol sync) {
        this.cpus = cpus;
        this.smp = smp;
        this.rcu = rcu;
        this.engine = engine;
        this.stopMachine = stopMachine;
        this.states = states;
        this.sync = sync;
    }

    void archCpuDisable(IntUnaryOperator veto) {
        archCpuDisable = Objects.requireNonNull(veto, "cpuDisable");
    }

    /** The teardown of TEARDOWN_CPU. Context: control CPU, task. */
    int takedownCpu(int cpu) {
        CpuhpCpuState st = states[cpu];
        st.thread.kthreadPark();
        Cpu.current().traceFunction("stop_machine_cpuslocked");
        int err = stopMachine.stopMachineCpuslocked(TAKE_CPU_DOWN, this, CpuMask.of(cpus.nrCpuIds, cpu));
        if (err != 0) {
            st.thread.kthreadUnpark();
            return err;
        }
        bugOn(cpus.online.testCpu(cpu), cpu, "is online after its take-down");
        st.await(false);
        bugOn(st.state != CpuhpState.AP_IDLE_DEAD, cpu, "reported death in state " + st.state);
        sync.waitForDead(st);
        return 0;
    }

    private void bugOn(boolean condition, int cpu, String what) {
        if (condition) {
            cpus.lifetime.panic("BUG: CPU " + cpu + " " + what);
            cpus.lifetime.check();
        }
    }

    /** Mirrors {@code take_cpu_down}. Context: the target CPU's stopper, IRQs off on every CPU. */
    private int takeCpuDown() {
        Cpu here = Cpu.current();
        here.traceFunction("take_cpu_down");
        CpuhpCpuState st = states[here.id];
        int err = cpuDisable(here.id);
        if (err < 0) {
            return err;
        }
        here.traceFunction("set_cpu_online");
        cpus.setCpuOnline(here.id, false);
        if (st.state != CpuhpState.TEARDOWN_CPU - 1) {
            cpus.warnings.warn(WRONG_STATE, here.id, st.state);
        }
        engine.rangeNofail(false, st, Math.max(st.target, CpuhpState.AP_OFFLINE));
        here.traceFunction("stop_machine_park");
        stopMachine.stopMachinePark(here.id);
        return 0;
    }

    /** Mirrors {@code __cpu_disable}. If the hook throws, that is an error, and the CPU stays online. */
    private int cpuDisable(int cpu) {
        Cpu here = Cpu.current();
        int count = here.preemptCount();
        try {
            return archCpuDisable.applyAsInt(cpu);
        } catch (Throwable e) {
            cpus.warnings.thrown(archCpuDisable, e);
            return -Errno.EIO;
        } finally {
            Context.check(here, archCpuDisable, count, true);
        }
    }

    /**
     * Ends the idle task of an offline CPU; mirrors {@code cpuhp_report_idle_dead}. Context: that task, IRQs on.
     */
    void idleDead(Cpu here) {
        here.irqSave(); // never enabled again
        here.traceFunction("cpuhp_report_idle_dead");
        CpuhpCpuState st = states[here.id];
        bugOn(st.state != CpuhpState.AP_OFFLINE, here.id, "idles offline in state " + st.state);
        rcu.expedited().reportCpuDead();
        st.state = CpuhpState.AP_IDLE_DEAD;
        SmpCallFunc report = SmpCallFunc.named("cpuhp_complete_idle_dead", arg -> {
            Cpu.current().traceFunction("cpuhp_complete_idle_dead");
            ((CpuhpCpuState) arg).complete(false);
        });
        smp.smpCallFunctionSingle(cpus.online.first(), report, st, false);
        here.traceFunction("cpuhp_ap_report_dead");
    }

    /**
     * Lets the control CPU start the CPU again; mirrors the end of {@code cpuhp_ap_report_dead}. Context: the thread of
     * the former idle task, which no longer sits.
     */
    void reportDead(Cpu left) {
        sync.set(states[left.id], SyncState.DEAD);
    }
}
