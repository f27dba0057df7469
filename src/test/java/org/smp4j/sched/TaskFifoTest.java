package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.lib.CpuMask;
import org.smp4j.testing.TestMachine;

/** The list of tasks that wait for one CPU, as an explorer changes it: nothing is lost at either end. */
class TaskFifoTest {
    private final TestMachine box = TestMachine.boot(1);
    private final TaskFifo fifo = new TaskFifo();
    private final List<Task> tasks = new ArrayList<>();

    @AfterEach
    void close() {
        box.close();
    }

    private Task queued(String name) {
        Task task = new Task(box.machine().scheduler(), name, Task.Policy.NORMAL, CpuMask.of(1, 0), () -> { }) { };
        fifo.addLast(task);
        return task;
    }

    private List<String> polled() {
        List<String> names = new ArrayList<>();
        for (Task task = fifo.poll(); task != null; task = fifo.poll()) {
            names.add(task.comm());
        }
        assertThat(fifo.isEmpty()).isTrue();
        return names;
    }

    @Test
    void listsItsTasksInOrder() {
        assertThat(fifo.tasks()).isEmpty();
        tasks.addAll(List.of(queued("a"), queued("b"), queued("c")));
        assertThat(fifo.tasks()).isEqualTo(tasks);
        assertThat(polled()).containsExactly("a", "b", "c");
    }

    @Test
    void lastOneGoesToTheFrontAndTheNextIsQueuedBehindTheNewLast() {
        tasks.addAll(List.of(queued("a"), queued("b"), queued("c")));
        fifo.moveToFront(tasks.get(2));
        queued("d");
        assertThat(polled()).containsExactly("c", "a", "b", "d");
    }

    @Test
    void oneBetweenOthersGoesToTheFront() {
        tasks.addAll(List.of(queued("a"), queued("b"), queued("c")));
        fifo.moveToFront(tasks.get(1));
        assertThat(polled()).containsExactly("b", "a", "c");
    }

    @Test
    void firstOneStaysAndAStrangerChangesNothing() {
        Task stranger = queued("s");
        assertThat(fifo.remove(stranger)).isTrue();
        tasks.addAll(List.of(queued("a"), queued("b")));
        fifo.moveToFront(tasks.get(0));
        fifo.moveToFront(stranger);
        assertThat(polled()).containsExactly("a", "b");
    }
}
