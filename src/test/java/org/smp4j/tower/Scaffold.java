package org.smp4j.tower;

import java.util.List;
import java.util.function.Predicate;
import org.smp4j.Machine;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Waiter;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.TaskState;

/** What several scenarios of the tower have in common. */
final class Scaffold {
    private Scaffold() {
    }

    /** Lets others go on, as a spin loop does. */
    static void relax() {
        Waiter.current().relax(0);
    }

    /** Ends the run, with a message, unless a rule holds. */
    static void hold(boolean holds, String rule, String message) {
        if (!holds) {
            Exploring.broken(rule, message, List.of());
        }
    }

    /** {@return a kernel thread that parks when it is asked to, and otherwise waits, until it may end} */
    static Kthread parks(Machine machine, int cpu, Predicate<Kthread> mayEnd) {
        Kthread[] threads = new Kthread[1];
        threads[0] = Kthread.createOnCpu(machine.scheduler(), "kthread", cpu, () -> {
            Kthread self = threads[0];
            while (!mayEnd.test(self)) {
                if (self.kthreadShouldPark()) {
                    self.kthreadParkme();
                } else {
                    self.block();
                }
            }
        });
        return threads[0];
    }

    /** Starts a kernel thread and parks it. */
    static void park(Kthread thread) {
        thread.startOnce();
        int err = thread.kthreadPark();
        TaskState state = thread.state();
        hold(err == 0 && state == TaskState.PARKED, "parked", "kthread_park returns " + err + " in state " + state);
    }
}
