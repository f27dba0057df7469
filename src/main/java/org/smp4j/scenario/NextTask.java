package org.smp4j.scenario;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.Exploring;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskFifo;

/**
 * The tasks that wait for a CPU, and the choice of the next one, among those of the normal class. The FIFO class
 * promises an order, which is kept, as is the order of the classes. The run queues know nothing of it:
 * {@link Programs#weave} has them tell here what they do.
 */
public final class NextTask {
    private static NextTask current; // of this run; the explorer puts static fields back between runs

    private final List<Task> waiting = new ArrayList<>();
    private int waits; // how many are in it: looked at before every step

    private NextTask() {
    }

    /** {@return whether any task waits for any CPU} */
    static boolean anyWaits() {
        return current != null && current.waits > 0;
    }

    /** {@return whether a task waits for the CPU of a running task, and could get it} */
    static boolean waitsFor(Task running) {
        for (Task task : current.waiting) {
            if (task.cpu() == running.cpu() && task.cpus == running.cpus && task.policy()
                    .compareTo(running.policy()) <= 0) {
                return true;
            }
        }
        return false;
    }

    private void dequeue(Task task) {
        waiting.remove(task);
        waits = waiting.size();
    }

    /**
     * A task is queued.
     *
     * @param queue where
     * @param task the task
     */
    public static void queued(Object queue, Task task) {
        Exploring.quietly(() -> {
            if (current == null) {
                current = new NextTask();
            }
            if (current.waiting.contains(task)) {
                Exploring.broken("queued twice", "task " + task.comm() + " is put on a run queue although it is on one",
                        List.of());
            }
            current.waiting.add(task);
            current.waits = current.waiting.size();
        });
    }

    /**
     * A task is taken off its queue, but not to run.
     *
     * @param queue where
     * @param task the task
     */
    public static void removed(Object queue, Task task) {
        Exploring.quietly(() -> {
            if (current != null) {
                current.dequeue(task);
            }
        });
    }

    /**
     * The first one of a list is to run next: chooses which one that is.
     *
     * @param list the tasks of one class that wait for one CPU; may be empty
     */
    public static void polled(TaskFifo list) {
        Exploring.quietly(() -> {
            List<Task> tasks = list.tasks();
            if (!tasks.isEmpty()) {
                boolean free = tasks.getFirst().policy() == Task.Policy.NORMAL;
                int chosen =
                        free ? Exploring.pick(tasks.size(), i -> tasks.get(i) + " is next, before " + tasks.getFirst())
                        : 0;
                if (chosen > 0) {
                    list.moveToFront(tasks.get(chosen));
                }
                current.dequeue(tasks.get(chosen));
            }
        });
    }
}
