package org.smp4j.stop;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.cpu.QueuedFunction;

/**
 * One function for one stopper; mirrors {@code struct cpu_stop_work} of {@code include/linux/stop_machine.h}. A caller
 * of {@link StopMachine#stopOneCpuNowait} provides it, and must not touch it until the function begins.
 */
public final class CpuStopWork implements QueuedFunction {
    private static final VarHandle IN_USE = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "inUse", VarHandle.class, CpuStopWork.class, boolean.class);

    // Written by: the sender that does not wait; cleared by the stopper before the function. Read by: the next sender.
    // Ordering: volatile compare-and-set, release.
    private boolean inUse;

    // Written by: the sender, before it queues the work. Read by: the stopper. Ordering: the stopper's lock.
    CpuStopFn fn;
    Object arg;
    String caller;
    CpuStopDone done;
    CpuStopWork next;

    /** A work on no list. */
    public CpuStopWork() {
    }

    /** Claims it for the caller, which then fills and queues it; false if it is already on a queue. */
    boolean claim() {
        return IN_USE.compareAndSet(this, false, true);
    }

    /** Returns it to its owner, before its function runs. */
    void free() {
        IN_USE.setRelease(this, false); // pairs with the next claim
    }

    @Override
    public Object function() {
        return fn;
    }

    CpuStopWork set(CpuStopFn newFn, Object newArg, String newCaller, CpuStopDone newDone) {
        fn = newFn;
        arg = newArg;
        caller = newCaller;
        done = newDone;
        return this;
    }
}
