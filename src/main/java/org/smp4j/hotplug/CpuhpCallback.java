package org.smp4j.hotplug;

import org.smp4j.lib.Symbol;

/**
 * A callback for a CPU that passes a state; mirrors the single callbacks of {@code struct cpuhp_step} of
 * {@code kernel/cpu.c}.
 */
@FunctionalInterface
public interface CpuhpCallback extends Symbol.Named {
    /**
     * Runs the callback. Context: that of the section, see {@link CpuhpState}.
     *
     * @param cpu the CPU that moves
     * @return 0, or a negated error number to stop the operation and roll it back
     */
    int call(int cpu);

    /**
     * Gives a callback a name, which traces show.
     *
     * @param name the name, without blanks
     * @param callback the callback
     * @return the same callback with the name
     */
    static CpuhpCallback named(String name, CpuhpCallback callback) {
        return new CpuhpCallback() {
            @Override
            public int call(int cpu) {
                return callback.call(cpu);
            }

            @Override
            public String name() {
                return name;
            }
        };
    }
}
