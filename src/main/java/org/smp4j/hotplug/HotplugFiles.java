package org.smp4j.hotplug;

import org.smp4j.cpu.Cpus;
import org.smp4j.lib.Errno;

/** The hotplug files of sysfs; mirrors {@code /sys/devices/system/cpu/hotplug} and {@code cpuN/hotplug}. */
public final class HotplugFiles {
    private final Cpus cpus;
    private final CpuHotplug hotplug;
    private final CpuhpSteps steps;
    private final CpuhpCpuState[] states;

    HotplugFiles(Cpus cpus, CpuHotplug hotplug, CpuhpSteps steps, CpuhpCpuState[] states) {
        this.cpus = cpus;
        this.hotplug = hotplug;
        this.steps = steps;
        this.states = states;
    }

    /** {@return the named states, one per line, as {@code hotplug/states} prints them} */
    public String states() {
        StringBuilder text = new StringBuilder();
        for (int state = 0; state <= CpuhpState.ONLINE; state++) {
            String name = steps.get(state).name();
            if (name != null) {
                text.append("%3d: %s\n".formatted(state, name));
            }
        }
        return text.toString();
    }

    /**
     * A CPU's state, as {@code hotplug/state} prints it. Context: any thread.
     *
     * @param cpu the CPU
     * @return a state of {@link CpuhpState}
     */
    public int state(int cpu) {
        return states[cpus.check(cpu)].state;
    }

    /**
     * The state to which a CPU moves or has moved, as {@code hotplug/target} prints it. Context: any thread.
     *
     * @param cpu the CPU
     * @return a state of {@link CpuhpState}
     */
    public int target(int cpu) {
        return states[cpus.check(cpu)].target;
    }

    /**
     * Moves a CPU to a state, as writing {@code hotplug/target} does with {@code CONFIG_CPU_HOTPLUG_STATE_CONTROL}.
     * Context: task, may sleep. Differs: states of the STARTING section are refused too; the kernel accepts them, skips
     * them on the way up and hits a {@code BUG} on the way down.
     *
     * @param cpu the CPU
     * @param target a state of {@link CpuhpState}
     * @return 0; -EINVAL if there is no such CPU, the state has no name or a CPU can't be left in it; or as
     *         {@link CpuHotplug#cpuUp} and {@link CpuHotplug#cpuDown}
     */
    public int setTarget(int cpu, int target) {
        if (!cpus.possible.testCpu(cpu) || target < CpuhpState.OFFLINE || target > CpuhpState.ONLINE
                || steps.get(target).name() == null || steps.get(target).cantStop()
                || CpuhpState.isAtomicState(target)) {
            return -Errno.EINVAL;
        }
        int state = states[cpu].state; // once: it may pass the target between two looks
        return state < target ? hotplug.cpuUp(cpu, target) : state > target ? hotplug.cpuDown(cpu, target) : 0;
    }

    /**
     * The state at which a CPU's next operation fails, as {@code hotplug/fail} prints it.
     *
     * @param cpu the CPU
     * @return a state of {@link CpuhpState}, or INVALID
     */
    public int fail(int cpu) {
        return states[cpus.check(cpu)].fail;
    }

    /**
     * Makes a CPU's next operation fail at a state, once, with -EAGAIN, as writing {@code hotplug/fail} does. Context:
     * any thread.
     *
     * @param cpu the CPU
     * @param state a state of {@link CpuhpState}; INVALID for none
     * @return 0; -EINVAL if there is no such CPU or state, or the state must not fail, can't fail on the way down, or
     *         has no callbacks
     */
    public int setFail(int cpu, int state) {
        if (!cpus.possible.testCpu(cpu)) {
            return -Errno.EINVAL;
        }
        CpuhpCpuState st = states[cpu];
        if (state == CpuhpState.INVALID) {
            st.fail = state;
            return 0;
        }
        if (state < CpuhpState.OFFLINE || state > CpuhpState.ONLINE || CpuhpState.isAtomicState(state)
                || state <= CpuhpState.BRINGUP_CPU && st.state > CpuhpState.BRINGUP_CPU
                || steps.get(state).isEmpty(true) && steps.get(state).isEmpty(false)) {
            return -Errno.EINVAL;
        }
        st.fail = state;
        return 0;
    }
}
