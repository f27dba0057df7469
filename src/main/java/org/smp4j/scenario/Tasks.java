package org.smp4j.scenario;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.sched.Task;

/** The tasks that are gone: dead, and off their CPU, where the scheduler drops the last reference. Nobody wakes, queues or changes them. */
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
