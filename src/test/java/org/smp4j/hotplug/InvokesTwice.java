package org.smp4j.hotplug;

/** An engine that makes each step twice. */
public final class InvokesTwice {
    private InvokesTwice() {
    }

    public static int invoke(StepEngine engine, CpuhpCpuState cpu, int state, boolean up, Object node,
            boolean partial) {
        engine.invoke(cpu, state, up, node, partial);
        return engine.invoke(cpu, state, up, node, partial);
    }
}
