package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.TestMachine;

class PercpuRwsemTest {
    private final TestMachine box = TestMachine.boot(4);
    private final Machine machine = box.machine();
    private final Scheduler scheduler = machine.scheduler();
    private final PercpuRwsem lock = new PercpuRwsem(scheduler);
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        box.close();
    }

    private static void untilBlocked(Task task) {
        until(() -> task.state() == TaskState.BLOCKED && task.isInactive());
    }

    /** A writer sleeps for its grace period first, so that it is blocked says nothing yet. */
    private static void untilQueued(Task task) {
        until(() -> task.thread() != null);
        until(() -> Arrays.stream(task.thread().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("enqueueAndWait"))
                && task.state() == TaskState.BLOCKED && task.isInactive());
    }

    @Test
    void readersDoNotWaitForEachOther() {
        AtomicInteger inside = new AtomicInteger();
        box.run(0, () -> {
            List<Task> readers = new ArrayList<>();
            for (int cpu = 0; cpu < 4; cpu++) {
                readers.add(box.start(cpu, "reader/" + cpu, () -> {
                    lock.downRead();
                    inside.incrementAndGet();
                    until(() -> inside.get() == 4);
                    lock.upRead();
                }));
            }
            readers.forEach(Task::join);
            lock.downWrite();
            assertThat(lock.isWriteLocked()).isTrue();
            lock.upWrite();
            assertThat(lock.isWriteLocked()).isFalse();
        });
    }

    @Test
    void aWriterWaitsForReadersAndKeepsNewOnesOut() {
        AtomicBoolean leave = new AtomicBoolean();
        box.run(0, () -> {
            Task reader = box.start(1, "reader", () -> {
                lock.downRead();
                log.add("reader in");
                until(leave::get);
                log.add("reader out");
                lock.upRead();
            });
            until(() -> log.contains("reader in"));
            Task writer = box.start(2, "writer", () -> {
                lock.downWrite();
                log.add("writer");
                lock.upWrite();
            });
            until(lock::isWriteLocked);
            assertThat(lock.downReadTrylock()).as("while a writer waits").isFalse();
            Task late = box.start(3, "late reader", () -> {
                lock.downRead();
                log.add("late reader");
                lock.upRead();
            });
            untilBlocked(late);
            leave.set(true);
            reader.join();
            writer.join();
            late.join();
            assertThat(lock.downReadTrylock()).isTrue();
            lock.upRead();
        });
        assertThat(log).containsExactly("reader in", "reader out", "writer", "late reader");
    }

    @Test
    void waitersAreServedInOrder() {
        box.run(0, () -> {
            lock.downWrite();
            List<Task> tasks = new ArrayList<>();
            for (String name : List.of("r1", "r2", "w1", "r3", "w2")) {
                tasks.add(box.start(1 + tasks.size() % 3, name, () -> {
                    if (name.startsWith("r")) {
                        lock.downRead();
                        log.add(name);
                        lock.upRead();
                    } else {
                        lock.downWrite();
                        log.add(name);
                        lock.upWrite();
                    }
                }));
                untilQueued(tasks.getLast());
            }
            lock.upWrite();
            tasks.forEach(Task::join);
        });
        List<String> order = List.copyOf(log);
        assertThat(order.subList(0, 2)).containsExactlyInAnyOrder("r1", "r2");
        assertThat(order.subList(2, 5)).containsExactly("w1", "r3", "w2");
    }

    @Test
    void aReaderMayUnlockOnAnotherCpu() {
        box.run(0, () -> {
            box.start(1, "reader", () -> {
                for (int i = 0; i < 20; i++) {
                    lock.downRead();
                    scheduler.setCpusAllowedPtr(Task.current(), CpuMask.of(4, i % 4));
                    lock.upRead();
                }
            }).join();
            lock.downWrite();
            lock.upWrite();
        });
    }

    @Test
    void aTaskThatMustNotSleepIsRefused() {
        box.expectWarning(Scheduler.WHILE_ATOMIC);
        box.run(0, () -> {
            Preempt.disable();
            assertThatIllegalStateException().isThrownBy(lock::downRead);
            assertThatIllegalStateException().isThrownBy(lock::downWrite);
            assertThat(lock.downReadTrylock()).isTrue();
            lock.upRead();
            Preempt.enable();
        });
    }

    /** No waiter is left sleeping, and a writer is alone: readers, tries from interrupts and writers on all CPUs. */
    @Test
    @Invariant(36)
    void aWriterIsAloneAndNoWaiterIsForgottenInAStorm() {
        int each = 120;
        AtomicInteger readers = new AtomicInteger();
        AtomicInteger writers = new AtomicInteger();
        AtomicInteger violations = new AtomicInteger();
        Runnable reads = () -> {
            readers.incrementAndGet();
            violations.addAndGet(writers.get());
            readers.decrementAndGet();
            lock.upRead();
        };
        box.run(0, () -> {
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                SplittableRandom random = new SplittableRandom(36 + i);
                boolean writes = i % 4 == 0;
                tasks.add(scheduler.run("locker/" + i, Task.Policy.NORMAL, machine.cpus().possible, () -> {
                    for (int turn = 0; turn < each; turn++) {
                        if (writes) {
                            lock.downWrite();
                            violations.addAndGet(writers.getAndIncrement() + readers.get());
                            scheduler.condResched();
                            violations.addAndGet(readers.get());
                            writers.decrementAndGet();
                            lock.upWrite();
                        } else if (random.nextInt(4) == 0) {
                            Preempt.disable();
                            machine.smp().smpCallFunction(info -> {
                                if (lock.downReadTrylock()) {
                                    reads.run();
                                }
                            }, null, true);
                            Preempt.enable();
                        } else {
                            lock.downRead();
                            reads.run();
                        }
                    }
                }));
            }
            tasks.forEach(Task::join);
            assertThat(lock.isWriteLocked()).isFalse();
        });
        assertThat(violations).hasValue(0);
    }
}
