package org.smp4j.stop;

/**
 * One function for one stopper; mirrors {@code struct cpu_stop_work} of {@code include/linux/stop_machine.h}. Who calls
 * {@link StopMachine#stopOneCpuNowait} brings it along and leaves it alone until the function begins.
 */
public final class CpuStopWork {
    // Written by: who queues it, before it does. Read by: the stopper. Ordering: the stopper's lock.
    CpuStopFn fn;
    Object arg;
    String caller;
    CpuStopDone done;
    CpuStopWork next;

    /** A work that is on no list. */
    public CpuStopWork() {
    }

    CpuStopWork set(CpuStopFn newFn, Object newArg, String newCaller, CpuStopDone newDone) {
        fn = newFn;
        arg = newArg;
        caller = newCaller;
        done = newDone;
        return this;
    }
}
