package org.smp4j.sched;

import java.lang.invoke.VarHandle;
import java.util.function.IntPredicate;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;

/**
 * Memory barriers on all CPUs that run certain tasks, by interrupts; mirrors the expedited commands of
 * {@code kernel/sched/membarrier.c}. A task that needs a barrier seldom makes one for all, and those that would need
 * one often need none of their own.
 *
 * <p>Context of every command: task that uses an {@link Mm}, may sleep.
 *
 * <p>Differs: one process is never alone on a machine, so there are no shortcuts for a single user or CPU; and there
 * is no synchronization of instruction streams or restartable sequences.
 */
public final class Membarrier {
    /*
     *   CPU of a task                               | task that makes the barrier
     *   --------------------------------------------+------------------------------------------
     *   (X) the task that leaves reads, writes      | writes (A)
     *   full fence (RunQueue.noteSwitch)            | full fence
     *   curr = the task that comes; full fence      | reads curr, and the copy of the state
     *   copy of the state, if it is another;        | interrupts the CPUs that it finds
     *     full fence                                |
     *   (Y) the task that comes reads, writes       | full fence; reads (B)
     *
     * If curr or the copy shows that the CPU is to be left out, X comes before B, or Y sees A: a fence each between a
     * write and a read of what the other side writes. Registering is alike: it writes the state and reads curr, the
     * switch writes curr and reads the state. So either the switch copies the new state, or the CPU is called.
     *
     * A CPU that is called needs no fence in the model of smp4j's explorations: the call hands on what the caller did,
     * and its end what the CPU's task did. Nor does noteSwitch, since the scheduler's lock comes after it. Both are
     * there for LKMM's sake. The fences of the caller are needed only as long as the operations of the hotplug lock do
     * not order what they order, which in Java they do. The fence of a registration is needed only as long as curr is
     * not volatile, and the state is not changed by volatile operations.
     */
    private static final int PRIVATE_EXPEDITED_READY = 1;
    private static final int PRIVATE_EXPEDITED = 2;
    private static final int GLOBAL_EXPEDITED_READY = 4;
    private static final int GLOBAL_EXPEDITED = 8;

    private static final SmpCallFunc IPI_MB = SmpCallFunc.named("ipi_mb", info -> VarHandle.fullFence());

    private final Scheduler scheduler;
    private final Cpus cpus;
    private final CpuHotplugLock hotplugLock;

    /**
     * The barriers of a machine.
     *
     * @param scheduler its scheduler
     * @param hotplugLock its lock that keeps the set of online CPUs stable
     */
    public Membarrier(Scheduler scheduler, CpuHotplugLock hotplugLock) {
        this.scheduler = scheduler;
        this.cpus = scheduler.cpus;
        this.hotplugLock = hotplugLock;
    }

    /**
     * From here on {@link #privateExpedited} works for the caller's process; mirrors
     * {@code membarrier_register_private_expedited}.
     *
     * @return 0; -EINVAL if the task uses no address space
     */
    public int registerPrivateExpedited() {
        return register(PRIVATE_EXPEDITED, PRIVATE_EXPEDITED_READY);
    }

    /**
     * From here on {@link #globalExpedited} reaches the caller's process; mirrors
     * {@code membarrier_register_global_expedited}.
     *
     * @return 0; -EINVAL if the task uses no address space
     */
    public int registerGlobalExpedited() {
        return register(GLOBAL_EXPEDITED, GLOBAL_EXPEDITED_READY);
    }

    private int register(int command, int ready) {
        Mm mm = Task.current().mm;
        if (mm == null) {
            return -Errno.EINVAL;
        }
        if ((mm.membarrierState() & ready) == 0) {
            mm.register(command);
            syncRunqueuesMembarrierState(mm);
            mm.register(ready);
        }
        return 0;
    }

    private void syncRunqueuesMembarrierState(Mm mm) {
        VarHandle.fullFence(); // a CPU whose curr is not seen here copies the new state
        hotplugLock.cpusReadLock();
        CpuMask mask = running(cpu -> Mm.of(scheduler.curr(cpu)) == mm);
        scheduler.smp.onEachCpuMask(mask, SmpCallFunc.named("ipi_sync_rq_state", info -> ipiSyncRqState(mm)), null,
                true);
        hotplugLock.cpusReadUnlock();
    }

    private void ipiSyncRqState(Mm mm) {
        Task self = Task.current();
        if (self.mm == mm) {
            switchMm(scheduler.runQueue(Cpu.rawSmpProcessorId()), self);
        }
    }

    /**
     * Makes every CPU that runs a task of the caller's process pass a full barrier; mirrors
     * {@code membarrier_private_expedited}. A task of it that does not run has passed one since it left its CPU, or
     * will before it goes on.
     *
     * @return 0; -EPERM if the process is not registered for it, or the task uses no address space
     */
    public int privateExpedited() {
        Mm mm = Task.current().mm;
        if (mm == null || (mm.membarrierState() & PRIVATE_EXPEDITED_READY) == 0) {
            return -Errno.EPERM;
        }
        interrupt(cpu -> Mm.of(scheduler.curr(cpu)) == mm);
        return 0;
    }

    /**
     * Makes every CPU that runs a task of any registered process pass a full barrier; mirrors
     * {@code membarrier_global_expedited}. The caller's process need not be registered, and the task needs no address
     * space.
     *
     * @return 0
     */
    public int globalExpedited() {
        interrupt(cpu -> (scheduler.runQueue(cpu).membarrierState() & GLOBAL_EXPEDITED) != 0
                && Mm.of(scheduler.curr(cpu)) != null);
        return 0;
    }

    private void interrupt(IntPredicate which) {
        VarHandle.fullFence(); // what the caller did before, then the look at the CPUs
        hotplugLock.cpusReadLock();
        CpuMask mask = running(which);
        Cpu here = Preempt.disable();
        scheduler.smp.smpCallFunctionMany(mask, IPI_MB, null, true); // not on the caller's CPU: it makes its own
        here.preemptEnable();
        hotplugLock.cpusReadUnlock();
        VarHandle.fullFence(); // what other tasks did before, then what the caller does next
    }

    private CpuMask running(IntPredicate which) {
        CpuMask mask = new CpuMask(cpus.nrCpuIds);
        for (int cpu = cpus.online.first(); cpu < cpus.nrCpuIds; cpu = cpus.online.next(cpu)) {
            if (which.test(cpu)) {
                mask.setCpu(cpu);
            }
        }
        return mask;
    }

    /**
     * A CPU begins to run a task, and its curr says so; mirrors {@code membarrier_switch_mm} and the barrier of
     * {@code switch_mm}. For a task without an address space the copy stays, as that of the one before.
     */
    static void switchMm(RunQueue rq, Task next) {
        Mm mm = next.mm;
        if (mm == null) {
            return;
        }
        VarHandle.fullFence();
        int state = mm.membarrierState();
        if (rq.membarrierState() != state) {
            rq.setMembarrierState(state);
            VarHandle.fullFence();
        }
    }
}
