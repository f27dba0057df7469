package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.lib.Completion;
import org.smp4j.testing.TestMachine;

/** Mutex and completion, as tasks use them. */
class SleepingLocksTest {
    private final TestMachine box = TestMachine.boot(4);
    private final Machine machine = box.machine();
    private final Scheduler scheduler = machine.scheduler();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        box.close();
    }

    private static void untilBlocked(Task task) {
        until(() -> task.state() == TaskState.BLOCKED && task.isInactive());
    }

    private static void join(List<Task> tasks) {
        tasks.forEach(Task::join);
    }

    @Test
    void aMutexHasOneOwnerAtATime() {
        Mutex mutex = new Mutex();
        int[] plain = new int[1];
        int each = 300;
        box.run(0, () -> {
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                tasks.add(box.start(i % 4, "locker/" + i, () -> {
                    for (int turn = 0; turn < each; turn++) {
                        mutex.lock();
                        plain[0]++;
                        if (turn % 16 == 0) {
                            scheduler.yieldCpu();
                        }
                        mutex.unlock();
                    }
                }));
            }
            join(tasks);
            assertThat(mutex.isLocked()).isFalse();
        });
        assertThat(plain[0]).isEqualTo(8 * each);
    }

    @Test
    void aMutexIsHandedOnInTheOrderOfTheRequests() {
        Mutex mutex = new Mutex();
        box.run(0, () -> {
            mutex.lock();
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String name = "locker/" + i;
                tasks.add(box.start(1 + i % 3, name, () -> {
                    mutex.lock();
                    log.add(name);
                    mutex.unlock();
                }));
                untilBlocked(tasks.getLast());
            }
            mutex.unlock();
            join(tasks);
        });
        assertThat(log).containsExactly("locker/0", "locker/1", "locker/2", "locker/3", "locker/4", "locker/5");
    }

    @Test
    void trylockTakesOnlyWhatIsFree() {
        Mutex mutex = new Mutex();
        box.run(0, () -> {
            assertThat(mutex.tryLock()).isTrue();
            assertThat(mutex.tryLock()).isFalse();
            mutex.unlock();
            assertThat(mutex.isLocked()).isFalse();
        });
    }

    @Test
    void misuseOfAMutexIsRefused() {
        Mutex mutex = new Mutex();
        box.run(0, () -> {
            assertThatIllegalStateException().isThrownBy(mutex::unlock);
            mutex.lock();
            assertThatIllegalStateException().isThrownBy(mutex::lock);
            box.start(1, "other", () -> assertThatIllegalStateException().isThrownBy(mutex::unlock)).join();
            mutex.unlock();
        });
    }

    @Test
    void aWakeUpBetweenTheLookAndTheSleepIsNotLost() {
        int rounds = 2000;
        box.run(0, () -> {
            Completion[] ping = new Completion[rounds];
            Completion[] pong = new Completion[rounds];
            for (int i = 0; i < rounds; i++) {
                ping[i] = new Completion();
                pong[i] = new Completion();
            }
            Task other = box.start(1, "pong", () -> {
                for (int i = 0; i < rounds; i++) {
                    ping[i].waitForCompletion();
                    pong[i].complete();
                }
            });
            for (int i = 0; i < rounds; i++) {
                ping[i].complete();
                pong[i].waitForCompletion();
            }
            other.join();
        });
    }

    @Test
    void aTimedWaitEndsWithoutACompletion() {
        box.run(0, () -> {
            Completion never = new Completion();
            assertThat(never.waitForCompletionTimeout(2_000_000)).isFalse();
            Completion done = new Completion();
            box.start(1, "completer", done::complete);
            assertThat(done.waitForCompletionTimeout(60_000_000_000L)).isTrue();
        });
    }
}
