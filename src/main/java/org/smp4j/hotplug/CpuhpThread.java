package org.smp4j.hotplug;

import java.lang.invoke.VarHandle;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.WarnSite;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.SmpbootThreads;

/**
 * The hotplug thread of each CPU, {@code cpuhp/3}, which runs its ONLINE section; mirrors {@code cpuhp_thread_fun} of
 * {@code kernel/cpu.c}.
 */
final class CpuhpThread implements SmpbootThreads.HotplugThread {
    /** The thread was woken without work. */
    static final WarnSite NOTHING = WarnSite.once("cpuhp_thread_fun", "CPU %d: nothing to do");
    /** The thread got a step of another section. */
    static final WarnSite NOT_AP = WarnSite.once("cpuhp_thread_fun", "CPU %d: state %d is not the target CPU's");
    /** A step that must not fail has failed. */
    static final WarnSite ATOMIC_FAILED = WarnSite.once("cpuhp_thread_fun", "CPU %d: state %d failed: %d");
    /** The rollback failed too: the CPU stays where it is. */
    static final WarnSite DOUBLE_FAULT = WarnSite.once("cpuhp_thread_fun", "CPU %d: rollback failed in state %d: %d");

    private final Cpus cpus;
    private final StepEngine engine;
    private final CpuHotplugLock hotplugLock;
    private final CpuhpCpuState[] states;

    CpuhpThread(Cpus cpus, StepEngine engine, CpuHotplugLock hotplugLock, CpuhpCpuState[] states) {
        this.cpus = cpus;
        this.engine = engine;
        this.hotplugLock = hotplugLock;
        this.states = states;
    }

    @Override
    public String comm(int cpu) {
        return "cpuhp/" + cpu;
    }

    @Override
    public boolean selfparking() {
        return true;
    }

    @Override
    public boolean threadShouldRun(int cpu) {
        Cpu.current().traceFunction("cpuhp_should_run");
        return states[cpu].shouldRun;
    }

    /** Runs one step at a time, so that the thread can be stopped between two steps. */
    @Override
    public void threadFn(int cpu) {
        Cpu.current().traceFunction("cpuhp_thread_fun");
        CpuhpCpuState st = states[cpu];
        VarHandle.fullFence(); // pairs with the one in kick: a thread that sees shouldRun sees the request
        if (!st.shouldRun) {
            cpus.warnings.warn(NOTHING, cpu);
            return;
        }
        hotplugLock.borrow(); // the control CPU holds it for writing, on this thread's behalf
        boolean bringup = st.bringup;
        int state;
        if (st.single) {
            state = st.cbState;
            st.shouldRun = false;
        } else {
            state = engine.next(bringup, st, st.target);
            st.shouldRun = state != CpuhpState.INVALID;
        }
        if (state != CpuhpState.INVALID) {
            run(st, state, bringup);
        }
        hotplugLock.giveBack();
        if (!st.shouldRun) {
            st.complete(bringup);
        }
    }

    private void run(CpuhpCpuState st, int state, boolean bringup) {
        if (!CpuhpState.isApState(state)) {
            cpus.warnings.warn(NOT_AP, st.cpu, state);
        }
        if (CpuhpState.isAtomicState(state)) {
            Cpu here = Cpu.current();
            boolean flags = here.irqSave();
            st.result = engine.invoke(st, state, bringup, st.node, true);
            here.irqRestore(flags);
            if (st.result != 0) {
                cpus.warnings.warn(ATOMIC_FAILED, st.cpu, state, st.result);
            }
        } else {
            st.result = engine.invoke(st, state, bringup, st.node, true);
        }
        if (st.result != 0) {
            if (st.rollback) {
                cpus.warnings.warn(DOUBLE_FAULT, st.cpu, state, st.result);
            }
            st.shouldRun = false;
        }
    }

    /** Makes the thread carry out the control block's request, and waits for it; mirrors {@code __cpuhp_kick_ap}. */
    void kick(CpuhpCpuState st) {
        if (!st.single && st.state == st.target) {
            return;
        }
        st.result = 0;
        VarHandle.fullFence(); // pairs with the one in threadFn
        st.shouldRun = true;
        boolean bringup = st.bringup;
        st.thread.startOnce();
        st.thread.wake();
        st.await(bringup);
    }

    /** Moves a CPU to a state, and back if that fails; mirrors {@code cpuhp_kick_ap}. */
    int kickTo(CpuhpCpuState st, int target) {
        int prev = engine.setState(st, target);
        kick(st);
        int ret = st.result;
        if (ret != 0) {
            engine.resetState(st, prev);
            kick(st);
        }
        return ret;
    }

    /** Runs one callback on a CPU's thread; mirrors {@code cpuhp_invoke_ap_callback}. */
    int invoke(CpuhpCpuState st, int state, boolean bringup, Object node) {
        if (!cpus.online.testCpu(st.cpu)) {
            return 0;
        }
        st.rollback = false;
        st.last = null;
        st.node = node;
        st.bringup = bringup;
        st.cbState = state;
        st.single = true;
        kick(st);
        int ret = st.result;
        if (ret != 0 && st.last != null) {
            st.rollback = true;
            st.bringup = !bringup;
            kick(st);
        }
        st.node = null;
        st.last = null;
        return ret;
    }
}
