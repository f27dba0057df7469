package org.smp4j.cpu;

/** What a node of a CPU's call queue will run, as {@link Backtrace} shows it; no kernel counterpart. */
public interface QueuedFunction {
    /** {@return the function, which may have a {@code name()}. Context: any, from any thread} */
    Object function();
}
