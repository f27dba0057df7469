package org.smp4j.hotplug;

import java.util.concurrent.atomic.AtomicReference;
import org.smp4j.lib.Completion;
import org.smp4j.sched.Kthread;

/** What is known of one CPU's motion; mirrors {@code struct cpuhp_cpu_state} of {@code kernel/cpu.c}. */
final class CpuhpCpuState {
    final int cpu;

    /*
     * The control CPU owns all of it under cpu_hotplug_lock, and lends it to the target CPU: to its hotplug thread from should_run = true until the
     * completion, to its idle task from the start until done_up, and from the last stop until done_down.
     */
    // Written by: whoever owns it, see above.
    // Read by: the same; "state" and "target" by anybody.
    // Ordering: volatile state and shouldRun; the other fields are published by them and by the completions.
    volatile int state;
    volatile boolean shouldRun;
    volatile int target;

    volatile int fail = CpuhpState.INVALID; // Written by: who injects a failure, and the step that takes it. Read by: steps. Ordering: volatile.
    boolean rollback;
    boolean single;
    boolean bringup;
    Object node;
    CpuhpStep.Instance last;
    int cbState;
    int result;
    Kthread thread;

    final AtomicReference<SyncState> syncState = new AtomicReference<>(SyncState.DEAD);
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
