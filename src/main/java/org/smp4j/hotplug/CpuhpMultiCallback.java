package org.smp4j.hotplug;

import org.smp4j.lib.Symbol;

/**
 * A callback for each instance when a CPU passes a state; mirrors the multi callbacks of {@code struct cpuhp_step} of
 * {@code kernel/cpu.c}.
 */
@FunctionalInterface
public interface CpuhpMultiCallback extends Symbol.Named {
    /**
     * Runs the callback. Context: that of the section, see {@link CpuhpState}.
     *
     * @param cpu the CPU that moves
     * @param node the instance
     * @return 0, or a negated error number to stop the operation and roll it back
     */
    int call(int cpu, Object node);
}
