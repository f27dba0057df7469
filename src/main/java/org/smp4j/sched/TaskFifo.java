package org.smp4j.sched;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.lib.Wiring;

/**
 * The tasks of one class that want one CPU, first in, first out. Guarded by the lock of the run queue that it belongs
 * to. Mirrors the lists of {@code struct rt_prio_array}.
 */
public final class TaskFifo {
    private Task first;
    private Task last;

    TaskFifo() {
    }

    boolean isEmpty() {
        return first == null;
    }

    void addLast(Task task) {
        task.nextQueued = null;
        if (last == null) {
            first = task;
        } else {
            last.nextQueued = task;
        }
        last = task;
    }

    void addFirst(Task task) {
        task.nextQueued = first;
        first = task;
        if (last == null) {
            last = task;
        }
    }

    Task poll() {
        Task task = first;
        if (task != null) {
            first = task.nextQueued;
            task.nextQueued = null;
            if (first == null) {
                last = null;
            }
        }
        return task;
    }

    boolean remove(Task task) {
        Task before = null;
        for (Task each = first; each != null; before = each, each = each.nextQueued) {
            if (each == task) {
                if (before == null) {
                    first = task.nextQueued;
                } else {
                    before.nextQueued = task.nextQueued;
                }
                if (last == task) {
                    last = before;
                }
                task.nextQueued = null;
                return true;
            }
        }
        return false;
    }

    /**
     * Lists the tasks, for an explorer that chooses which one is next. The caller holds the run queue's lock.
     *
     * @return a list of its own, in the order in which they run
     */
    @Wiring
    public List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (Task each = first; each != null; each = each.nextQueued) {
            tasks.add(each);
        }
        return tasks;
    }

    /**
     * Lets a task run before the others. The caller holds the run queue's lock.
     *
     * @param task one of {@link #tasks}; a task that is not in the list changes nothing
     */
    @Wiring
    public void moveToFront(Task task) {
        if (remove(task)) {
            addFirst(task);
        }
    }
}
