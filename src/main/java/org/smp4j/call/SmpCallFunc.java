package org.smp4j.call;

import org.smp4j.lib.Symbol;

/** A function that one CPU asks another to run; mirrors {@code smp_call_func_t} of {@code include/linux/smp.h}. */
@FunctionalInterface
public interface SmpCallFunc extends Symbol.Named {
    /**
     * Runs the function. Context: hard interrupt on a remote CPU, task on the caller's own; IRQs off in both; must be
     * short and must not wait.
     *
     * @param info the argument that the caller passed
     */
    void call(Object info);

    /**
     * Gives a function a name, which traces and reports show.
     *
     * @param name the name, without blanks
     * @param func the function
     * @return the same function with the name
     */
    static SmpCallFunc named(String name, SmpCallFunc func) {
        return new SmpCallFunc() {
            @Override
            public void call(Object info) {
                func.call(info);
            }

            @Override
            public String name() {
                return name;
            }
        };
    }
}
