package org.smp4j.scenario.oracle;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Sitter;
import org.smp4j.explore.Exploring;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskState;

/**
 * The tasks that are gone: dead, and off their CPU. Nothing queues them or changes their state. A waker that comes too
 * late is none of these: it looks at the state and lets them be, and keeps them from being freed meanwhile.
 *
 * <p>And those that were woken and have not gone on since: when nothing more happens none of them waits.
 */
final class TrackedTasks {
    private final List<Task> gone = new ArrayList<>();

    private final List<Task> woken = new ArrayList<>();
    private final List<Kthread> kthreads = new ArrayList<>();

    void gone(Task task) {
        gone.add(task);
        goesOn(task);
    }

    void woken(Task task) {
        if (woken.stream().noneMatch(each -> each == task)) {
            woken.add(task);
        }
        if (task instanceof Kthread thread && !kthreads.contains(thread)) {
            kthreads.add(thread);
        }
    }

    void goesOn(Task task) {
        woken.removeIf(each -> each == task);
    }

    void check() {
        for (Task task : woken) {
            Sitter sitter = task.cpus.cpu(task.cpu()).sitter();
            boolean free = sitter == null || sitter.isIdleTask();
            if (task.state() == TaskState.BLOCKED || task.state() == TaskState.RUNNING && free) {
                Exploring.broken("lost wake-up", "task " + task.comm() + " was woken, and "
                        + (task.state() == TaskState.BLOCKED ? "still waits"
                        : "has not got CPU " + task.cpu() + ", which is free"), List.of());
            }
        }
        for (Kthread thread : kthreads) {
            if (thread.state() == TaskState.PARKED && !thread.kthreadShouldPark()) {
                Exploring.broken("lost wake-up", "task " + thread.comm() + " was unparked, and still is parked",
                        List.of());
            }
        }
    }

    void used(Task task, String how) {
        for (Task each : gone) {
            if (each == task) {
                Cpu here = Cpu.currentOrNull();
                Exploring.broken("use after release", "task " + task.comm() + " is " + how + " by "
                        + (here == null ? "a thread on no CPU" : here)
                        + " after it has ended and left its CPU", List.of());
            }
        }
    }
}
