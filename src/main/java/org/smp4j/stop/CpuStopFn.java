package org.smp4j.stop;

import org.smp4j.lib.Symbol;

/** A function for a stopper; mirrors {@code cpu_stop_fn_t} of {@code include/linux/stop_machine.h}. */
@FunctionalInterface
public interface CpuStopFn extends Symbol.Named {
    /**
     * Runs the function. Context: the stopper, preemption off; IRQs off too if all CPUs are stopped; must not sleep.
     *
     * @param arg the argument that the caller passed
     * @return 0, or another result for the caller
     */
    int call(Object arg);

    /**
     * Gives a function a name, which reports show.
     *
     * @param name the name, without blanks
     * @param fn the function
     * @return the same function with the name
     */
    static CpuStopFn named(String name, CpuStopFn fn) {
        return new CpuStopFn() {
            @Override
            public int call(Object arg) {
                return fn.call(arg);
            }

            @Override
            public String name() {
                return name;
            }
        };
    }
}
