package org.smp4j.scenario;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.smp4j.cpu.SeatThread;
import org.smp4j.cpu.Sitter;
import org.smp4j.cpu.ThreadSource;
import org.smp4j.explore.Exploring;
import org.smp4j.sched.Task;

/**
 * The threads of an explored machine. They are never started; the explorer runs their bodies. One strand runs at a
 * time, so the lists need no ordering.
 */
final class StrandThreads implements ThreadSource {
    private final List<Thread> made = new ArrayList<>();
    private int spawned;
    private final List<Task> tasks = new ArrayList<>();
    private final List<Thread> taskThreads = new ArrayList<>();

    @Override
    public void spawned(Sitter sitter) {
        Exploring.quietly(() -> spawned++);
    }

    /** {@return how many started tasks have not had a CPU yet} */
    int waiting() {
        return spawned - tasks.size();
    }

    @Override
    public SeatThread newThread(String name, Sitter sitter, Runnable body) {
        // those of the machine itself are of classes of their own
        boolean ofScenario = sitter instanceof Task && sitter.getClass() == Task.class;
        SeatThread thread = new SeatThread(name, sitter, ofScenario ? () -> {
            Exploring.focus(Thread.currentThread());
            body.run();
        } : body);
        Exploring.quietly(() -> { // the bookkeeping is not part of the machine
            made.add(thread);
            if (ofScenario) {
                tasks.add((Task) sitter);
                taskThreads.add(thread);
            }
        });
        return thread;
    }

    @Override
    public void ended(Thread thread) {
        // The explorer knows.
    }

    @Override
    public Set<Thread> threads() {
        return new LinkedHashSet<>(made);
    }

    /** {@return the tasks that the scenario has started so far, live} */
    List<Task> tasks() {
        return tasks;
    }

    /** {@return the thread of the task of this number, also when the task has left it} */
    Thread taskThread(int number) {
        return taskThreads.get(number);
    }

    @Override
    public boolean join(long millis) {
        return true; // a finished run is dropped as it is
    }
}
