package org.smp4j.hotplug;

/** Engines that run callbacks which they must not. */
public final class OutOfStep {
    private OutOfStep() {
    }

    /** Makes a step twice that has no callback for the way up. */
    public static int oneSidedTwice(StepEngine engine, CpuhpCpuState cpu, int state, boolean up, Object node,
            boolean partial) {
        if (state == CpuhpState.AP_SCHED_WAIT_EMPTY) {
            engine.invoke(cpu, state, up, node, partial);
        }
        return engine.invoke(cpu, state, up, node, partial);
    }

    /** Makes a step of a driver twice. */
    public static int dynamicTwice(StepEngine engine, CpuhpCpuState cpu, int state, boolean up, Object node,
            boolean partial) {
        if (state >= CpuhpState.AP_ONLINE_DYN && state <= CpuhpState.AP_ONLINE_DYN_END) {
            engine.invoke(cpu, state, up, node, partial);
        }
        return engine.invoke(cpu, state, up, node, partial);
    }

    /** Takes back what has failed. */
    public static int undoesFailure(StepEngine engine, CpuhpCpuState cpu, int state, boolean up, Object node,
            boolean partial) {
        int ret = engine.invoke(cpu, state, up, node, partial);
        if (ret != 0) {
            engine.invoke(cpu, state, !up, node, partial);
        }
        return ret;
    }
}
