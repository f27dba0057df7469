package org.smp4j.hotplug;

import java.util.concurrent.atomic.AtomicReference;
import org.smp4j.lib.Completion;
import org.smp4j.sched.Kthread;

/** The hotplug state of one CPU; mirrors {@code struct cpuhp_cpu_state} of {@code kernel/cpu.c}. */
final class CpuhpCpuState {
    final int cpu;

    /*
     * The control CPU owns all of it under cpu_hotplug_lock, and lends it to the target CPU: to its hotplug thread from
     * should_run = true until the completion, to its idle task from the start until done_up, and from the last stop
     * until done_down.
     */
    // Written by: the current owner, see above. Read by: the same, and any thread.
    // Ordering: what lends it and gives it back: explorations need opaque. Volatile for reports.
    volatile int state;
    // Written by: the control CPU. Read by: the same, the target CPU, and any thread. Ordering: as state.
    volatile int target;
    // Written by: the control CPU (true), the hotplug thread (false). Read by: both. Ordering: volatile; publishes the
    // plain fields below to the thread. So do the two fences in CpuhpThread, which are the kernel's: either is enough.
    volatile boolean shouldRun;
    // Written by: the thread that injects a failure, and the step that takes it. Read by: steps.
    // Ordering: as state. A failure that is injected while a step takes one may be lost, as in the kernel.
    volatile int fail = CpuhpState.INVALID;

    // Plain, used only by the current owner, see above.
    boolean rollback;
    boolean single;
    boolean bringup;
    Object node;
    CpuhpStep.Instance last;
    int cbState;
    int result;
    Kthread thread;

    // Written by: the control CPU and the target CPU by turns, see SyncProtocol. Read by: both.
    // Ordering: volatile. A CPU that has been started before, and given up as too late, learns only by it what the
    // control CPU has done since; the start of a thread and the completions below hand on the rest. That the CPU first
    // reads other volatile fields (state, target, its steps) would be enough, too.
    final AtomicReference<SyncState> syncState = new AtomicReference<>(SyncState.DEAD);

    // Completed by: the thread or the CPU that borrows the state. Awaited by: the control CPU. Their locks order the
    // earlier writes.
    final Completion doneUp = new Completion();
    final Completion doneDown = new Completion();

    CpuhpCpuState(int cpu, int state) {
        this.cpu = cpu;
        this.state = state;
        this.target = state;
    }

    /** Mirrors {@code complete_ap_thread}. */
    void complete(boolean up) {
        (up ? doneUp : doneDown).complete();
    }

    /** Mirrors {@code wait_for_ap_thread}. */
    void await(boolean up) {
        (up ? doneUp : doneDown).waitForCompletion();
    }
}
