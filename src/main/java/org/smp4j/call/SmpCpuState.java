package org.smp4j.call;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.lib.LineGap;

/** The call floor's data of one CPU; mirrors the per-CPU variables of {@code kernel/smp.c}. */
final class SmpCpuState extends LineGap {
    private static final VarHandle CUR_CSD = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "curCsd", VarHandle.class, SmpCpuState.class, Csd.class);
    private static final VarHandle CUR_FUNC = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "curFunc", VarHandle.class, SmpCpuState.class, SmpCallFunc.class);
    private static final VarHandle CUR_INFO = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "curInfo", VarHandle.class, SmpCpuState.class, Object.class);
    private static final VarHandle TRIGGER_BACKTRACE = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "triggerBacktrace", VarHandle.class, SmpCpuState.class, int.class);

    /** For single calls of this CPU without wait. */
    final Csd csdData = new Csd();
    /**
     * For single calls of this CPU that wait, one for each interrupt context level; the kernel has it on the sender's
     * stack.
     */
    final Csd[] waiting = {new Csd(), new Csd(), new Csd(), new Csd()};

    // Allocated and freed by the thread that brings the CPU up or takes it down, while the CPU is offline; used by the
    // CPU itself. Published with the online bit.
    Cfd cfd;
    /** Whether this CPU is evaluating the condition of a call; only the CPU itself uses it. */
    boolean asking;

    // Written by: the CPU itself, around each function that it runs for other CPUs.
    // Read by: a CPU that has waited too long for one of its csds.
    // Ordering: the fences in record(); read with acquire.
    private Csd curCsd;

    // Written by: the CPU itself, before curCsd. Read by: a CPU that has read curCsd.
    // Ordering: opaque, by that of curCsd; the CPU may have gone on to another call, which the report then names.
    private SmpCallFunc curFunc;

    // Written by: the CPU itself, before curCsd. Read by: a CPU that has read curCsd. Ordering: as curFunc.
    private Object curInfo;

    // Written by: the CPU's flush (1); the thread that prints its backtrace (1 to 0).
    // Read by: the same.
    // Ordering: opaque, and a compare-and-set, so that one of several threads prints it; it publishes nothing.
    private int triggerBacktrace = 1;

    /** Records what the CPU is about to run, or null after it has run; mirrors {@code __csd_lock_record}. */
    void record(Csd csd, SmpCallFunc func, Object info) {
        if (csd == null) {
            VarHandle.fullFence(); // the function's effects before the record that it has ended
            CUR_CSD.setOpaque(this, (Csd) null);
            return;
        }
        CUR_FUNC.setOpaque(this, func);
        CUR_INFO.setOpaque(this, info);
        VarHandle.storeStoreFence(); // function and argument before the csd that names them
        CUR_CSD.setOpaque(this, csd);
        VarHandle.fullFence(); // the record before the function
    }

    Csd current() {
        return (Csd) CUR_CSD.getAcquire(this); // pairs with the fences in record
    }

    SmpCallFunc currentFunc() {
        return (SmpCallFunc) CUR_FUNC.getOpaque(this);
    }

    Object currentInfo() {
        return (Object) CUR_INFO.getOpaque(this);
    }

    void armBacktrace() {
        TRIGGER_BACKTRACE.setOpaque(this, 1);
    }

    boolean takeBacktrace() {
        return TRIGGER_BACKTRACE.compareAndSet(this, 1, 0);
    }
}
