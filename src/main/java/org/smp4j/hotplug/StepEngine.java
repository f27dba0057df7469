package org.smp4j.hotplug;

import java.util.List;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Errno;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.WarnSite;

/**
 * Moves a CPU through its states, one step at a time, and back after a failure; mirrors the first half of
 * {@code kernel/cpu.c}.
 */
final class StepEngine {
    /** A step without a callback was about to run. */
    static final WarnSite EMPTY = WarnSite.once("cpuhp_invoke_callback", "no callback in state %d");
    /** Undoing an instance failed. */
    static final WarnSite UNDO = WarnSite.once("cpuhp_invoke_callback", "state %d: undoing an instance failed: %d");

    private final Cpus cpus;
    private final CpuhpSteps steps;

    StepEngine(Cpus cpus, CpuhpSteps steps) {
        this.cpus = cpus;
        this.steps = steps;
    }

    /**
     * The next state that has a callback for this direction, or INVALID; mirrors {@code cpuhp_next_state}. The state is
     * advanced before its step runs.
     */
    int next(boolean bringup, CpuhpCpuState st, int target) {
        Cpu.current().traceFunction("cpuhp_next_state");
        int step;
        do {
            if (bringup) {
                if (st.state >= target) {
                    return CpuhpState.INVALID;
                }
                step = ++st.state;
            } else {
                if (st.state <= target) {
                    return CpuhpState.INVALID;
                }
                step = st.state--;
            }
        } while (steps.get(step).isEmpty(bringup));
        return step;
    }

    /**
     * Runs one step; mirrors {@code cpuhp_invoke_callback}.
     *
     * @param node the only instance to run it for, or null for all
     * @param partial whether a failing instance is recorded in {@code st.last} for the way back, instead of being
     *         undone here
     * @return 0 or the callback's error
     */
    int invoke(CpuhpCpuState st, int state, boolean bringup, Object node, boolean partial) {
        Cpu.current().traceFunction("cpuhp_invoke_callback");
        CpuhpStep step = steps.get(state);
        if (st.fail == state) {
            st.fail = CpuhpState.INVALID;
            return -Errno.EAGAIN;
        }
        if (step.isEmpty(bringup)) {
            cpus.warnings.warn(EMPTY, state);
            return 0;
        }
        if (!step.multiInstance()) {
            return invokeSingle(st, state, step.single(bringup));
        }
        return node != null ? invokeMulti(st, state, step.multi(bringup), node)
                : invokeAll(st, state, step, bringup, partial);
    }

    private int invokeSingle(CpuhpCpuState st, int state, CpuhpCallback callback) {
        EventSink trace = Cpu.current().trace();
        if (trace != null) {
            enters(trace, st, state, callback);
        }
        int count = Preempt.count();
        boolean irqsOff = LocalIrq.disabled();
        int ret;
        try {
            ret = callback.call(st.cpu);
        } catch (Throwable e) {
            ret = thrown(callback, e);
        }
        Context.check(Cpu.current(), callback, count, irqsOff);
        exit(st, state, ret);
        return ret;
    }

    private int invokeMulti(CpuhpCpuState st, int state, CpuhpMultiCallback callback, Object node) {
        EventSink trace = Cpu.current().trace();
        if (trace != null) {
            entersMulti(trace, st, state, callback);
        }
        int count = Preempt.count();
        boolean irqsOff = LocalIrq.disabled();
        int ret;
        try {
            ret = callback.call(st.cpu, node);
        } catch (Throwable e) {
            ret = thrown(callback, e);
        }
        Context.check(Cpu.current(), callback, count, irqsOff);
        exit(st, state, ret);
        return ret;
    }

    /** A callback that throws has failed. */
    private int thrown(Object callback, Throwable e) {
        cpus.warnings.thrown(callback, e);
        return -Errno.EIO;
    }

    private void exit(CpuhpCpuState st, int state, int ret) {
        EventSink trace = Cpu.current().trace();
        if (trace != null) {
            exits(trace, st, state, ret);
        }
    }

    static void enters(EventSink trace, CpuhpCpuState st, int state, Object callback) {
        trace.cpuhpEnter(st.cpu, st.target, state, callback);
    }

    private static void entersMulti(EventSink trace, CpuhpCpuState st, int state, Object callback) {
        trace.cpuhpMultiEnter(st.cpu, st.target, state, callback);
    }

    static void exits(EventSink trace, CpuhpCpuState st, int state, int ret) {
        trace.cpuhpExit(st.cpu, st.state, state, ret);
    }

    private int invokeAll(CpuhpCpuState st, int state, CpuhpStep step, boolean bringup, boolean partial) {
        List<CpuhpStep.Instance> instances = step.instances();
        for (int done = 0; done < instances.size(); done++) {
            CpuhpStep.Instance instance = instances.get(done);
            if (partial && instance == st.last) {
                break; // on the way back: stop where the way forth failed
            }
            int ret = invokeMulti(st, state, step.multi(bringup), instance.node());
            if (ret != 0) {
                if (partial) {
                    st.last = instance;
                } else {
                    undo(st, state, step.multi(!bringup), instances.subList(0, done));
                }
                return ret;
            }
        }
        if (partial) {
            st.last = null;
        }
        return 0;
    }

    private void undo(CpuhpCpuState st, int state, CpuhpMultiCallback opposite, List<CpuhpStep.Instance> done) {
        if (opposite == null) {
            return;
        }
        for (CpuhpStep.Instance instance : done) {
            int ret = invokeMulti(st, state, opposite, instance.node());
            if (ret != 0) {
                cpus.warnings.warn(UNDO, state, ret);
            }
        }
    }

    /**
     * Runs all steps up or down to a state; stops at the first failure. Mirrors {@code cpuhp_invoke_callback_range}.
     */
    int range(boolean bringup, CpuhpCpuState st, int target) {
        return range(bringup, st, target, false);
    }

    /**
     * As {@link #range}, but a failure is only logged, and the CPU moves on. Mirrors
     * {@code cpuhp_invoke_callback_range_nofail}.
     */
    void rangeNofail(boolean bringup, CpuhpCpuState st, int target) {
        range(bringup, st, target, true);
    }

    private int range(boolean bringup, CpuhpCpuState st, int target, boolean nofail) {
        int ret = 0;
        for (int state; (state = next(bringup, st, target)) != CpuhpState.INVALID; ) {
            int err = invoke(st, state, bringup, null, false);
            if (err == 0) {
                continue;
            }
            ret = err;
            if (!nofail) {
                break;
            }
            cpus.printk.print("CPU %d %s state %s (%d) failed (%d)".formatted(st.cpu, bringup
                    ? "UP" : "DOWN", steps.get(state).name(), state, err));
        }
        return ret;
    }

    /** Sets a CPU's target state; returns its current state. Mirrors {@code cpuhp_set_state}. */
    int setState(CpuhpCpuState st, int target) {
        int prev = st.state;
        st.rollback = false;
        st.last = null;
        st.target = target;
        st.single = false;
        st.bringup = prev < target;
        cpus.setCpuDying(st.cpu, !st.bringup);
        return prev;
    }

    /** Reverses a CPU's direction after a failure; mirrors {@code cpuhp_reset_state}. */
    void resetState(CpuhpCpuState st, int prev) {
        st.target = prev;
        if (st.rollback) {
            return;
        }
        st.rollback = true;
        // The failed step is not undone, unless it failed halfway through its instances: then it runs in the other
        // direction up to the failed instance.
        if (st.last == null) {
            st.state += st.bringup ? -1 : 1;
        }
        st.bringup = !st.bringup;
        cpus.setCpuDying(st.cpu, !st.bringup);
    }
}
