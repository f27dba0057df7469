package org.smp4j.stop;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.lib.Completion;

/**
 * The completion and result of a stop request; mirrors {@code struct cpu_stop_done} of {@code kernel/stop_machine.c}.
 */
final class CpuStopDone {
    private static final VarHandle RET = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "ret",
            VarHandle.class, CpuStopDone.class, int.class);

    private final AtomicInteger todo;
    private final Completion completion = new Completion();

    // Written by: each stopper whose function returned non-zero; the last write wins.
    // Read by: the caller after the completion.
    // Ordering: opaque, as several may write it: each does so before its count in "todo", an atomic operation, and the
    // last count comes before the completion.
    private int ret;

    CpuStopDone(int works) {
        todo = new AtomicInteger(works);
    }

    /** Records the result of one work. */
    void result(int value) {
        if (value != 0) {
            RET.setOpaque(this, value);
        }
    }

    /** Counts one finished work; mirrors {@code cpu_stop_signal_done}. */
    void signal() {
        if (todo.decrementAndGet() == 0) {
            completion.complete();
        }
    }

    /** Whether the caller may return and drop this: false while the last stopper still uses the completion. */
    boolean isComplete() {
        return completion.completionDone();
    }

    int await() {
        completion.waitForCompletion();
        return ret();
    }

    int ret() {
        return (int) RET.getOpaque(this);
    }
}
