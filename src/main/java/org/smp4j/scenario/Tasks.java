package org.smp4j.scenario;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.sched.Task;

/**
 * The tasks that are gone: dead, and off their CPU. Nothing queues them or changes their state. A waker that comes too late is none of these: it looks at the
 * state and lets them be, and keeps them from being freed meanwhile.
 */
final class Tasks {
    private final List<Task> gone = new ArrayList<>();

    void gone(Task task) {
        gone.add(task);
    }

    void used(Task task, String how) {
        for (Task each : gone) {
            if (each == task) {
                Cpu here = Cpu.currentOrNull();
                Exploring.broken("use after release", "task " + task.comm() + " is " + how + " by " + (here == null ? "a thread on no CPU" : here)
                        + " after it has ended and left its CPU", List.of());
            }
        }
    }
}
