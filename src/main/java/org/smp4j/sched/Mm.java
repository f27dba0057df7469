package org.smp4j.sched;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;

/**
 * An address space, which the tasks of one process use; mirrors {@code struct mm_struct} of
 * {@code include/linux/mm_types.h} as far as {@link Membarrier} needs it.
 *
 * <p>Differs: there is no memory in it; it says which tasks belong together.
 */
public final class Mm {
    private static final VarHandle MM = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "mm", VarHandle.class, Task.class, Mm.class);
    private static final VarHandle STATE = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "membarrierState", VarHandle.class, Mm.class, int.class);

    // Written by: tasks that register. Read by: the same; CPUs, which copy it for the task that they run.
    // Ordering: volatile read-modify-writes and opaque reads, and the fences of Membarrier around them.
    private int membarrierState;

    /** An address space without a task. */
    public Mm() {
        // no task uses it yet
    }

    /** {@return what a task uses, or null; possibly stale at once} */
    static Mm of(Task task) {
        return (Mm) MM.getOpaque(task);
    }

    int membarrierState() {
        return (int) STATE.getOpaque(this);
    }

    void register(int bits) {
        STATE.getAndBitwiseOr(this, bits);
    }

    /**
     * The current task uses it from here on; mirrors {@code kthread_use_mm}. Context: task without an address space.
     *
     * @throws IllegalStateException if the task uses one already
     */
    public void kthreadUse() {
        Task self = Task.current();
        if (self.mm != null) {
            throw new IllegalStateException("kthread_use_mm: " + self + " uses an address space already");
        }
        change(self, this);
    }

    /**
     * The current task uses it no longer; mirrors {@code kthread_unuse_mm}. Context: task that uses it.
     *
     * @throws IllegalStateException if the task does not
     */
    public void kthreadUnuse() {
        Task self = Task.current();
        if (self.mm != this) {
            throw new IllegalStateException("kthread_unuse_mm: " + self + " does not use this address space");
        }
        VarHandle.fullFence(); // a barrier that leaves this CPU out sees what the task has done
        change(self, null);
    }

    private static void change(Task self, Mm mm) {
        boolean flags = LocalIrq.save(); // a call that copies the state comes before or after
        MM.setOpaque(self, mm);
        Membarrier.switchMm(self.scheduler.runQueue(Cpu.rawSmpProcessorId()), self);
        LocalIrq.restore(flags);
    }
}
