package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.Completion;
import org.smp4j.lib.Errno;
import org.smp4j.testing.TestMachine;

class KthreadTest {
    private final TestMachine box = TestMachine.boot(4);
    private final Machine machine = box.machine();
    private final Scheduler scheduler = machine.scheduler();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final AtomicInteger turns = new AtomicInteger();

    @AfterEach
    void close() {
        box.close();
    }

    /** A thread that counts its turns, parks and ends as it is told. */
    private Kthread counter(int cpu, boolean sleeps) {
        Kthread[] self = new Kthread[1];
        self[0] = Kthread.createOnCpu(scheduler, "counter/" + cpu, cpu, () -> {
            while (!self[0].kthreadShouldStop()) {
                if (self[0].kthreadShouldPark()) {
                    self[0].kthreadParkme();
                }
                assertThat(Cpu.smpProcessorId()).isEqualTo(cpu);
                turns.incrementAndGet();
                if (sleeps) {
                    self[0].block();
                } else {
                    scheduler.condResched();
                }
            }
        });
        return self[0];
    }

    private void untilItTurns() {
        int before = turns.get();
        until(() -> turns.get() > before);
    }

    @Test
    void aParkedThreadStandsStillUntilItIsUnparked() {
        box.run(0, () -> {
            Kthread thread = counter(1, false);
            thread.startOnce();
            untilItTurns();
            for (int i = 0; i < 50; i++) {
                assertThat(thread.kthreadPark()).isZero();
                assertThat(thread.state()).isEqualTo(TaskState.PARKED);
                assertThat(thread.isInactive()).isTrue();
                int parkedAt = turns.get();
                machine.smp().smpCallFunctionSingle(1, info -> { }, null, true);
                assertThat(turns).hasValue(parkedAt);
                thread.kthreadUnpark();
                untilItTurns();
            }
            thread.kthreadStop();
            until(() -> thread.state() == TaskState.DEAD);
        });
    }

    @Test
    void aSleepingThreadIsWokenToPark() {
        box.run(0, () -> {
            Kthread thread = counter(1, true);
            thread.startOnce();
            until(() -> turns.get() > 0);
            until(() -> thread.state() == TaskState.BLOCKED);
            assertThat(thread.kthreadPark()).isZero();
            assertThat(thread.state()).isEqualTo(TaskState.PARKED);
            thread.wake();
            assertThat(thread.state()).as("an ordinary wake-up does not unpark").isEqualTo(TaskState.PARKED);
            thread.kthreadStop();
        });
    }

    @Test
    void aThreadOfABusyCpuIsOffItsQueueWhenItIsParked() {
        AtomicBoolean done = new AtomicBoolean();
        box.run(0, () -> {
            for (int i = 0; i < 3; i++) {
                box.start(1, "busy/" + i, () -> until(done::get));
            }
            Kthread thread = counter(1, false);
            thread.startOnce();
            untilItTurns();
            for (int i = 0; i < 20; i++) {
                assertThat(thread.kthreadPark()).isZero();
                assertThat(thread.onRq).isEqualTo(Task.OnRq.NO);
                thread.kthreadUnpark();
                untilItTurns();
            }
            done.set(true);
            thread.kthreadStop();
        });
    }

    @Test
    void aThreadThatParksItselfIsOnlyTold() {
        Kthread[] self = new Kthread[1];
        box.run(0, () -> {
            self[0] = Kthread.createOnCpu(scheduler, "self/1", 1, () -> {
                assertThat(self[0].kthreadPark()).isZero();
                log.add("goes on, should park: " + self[0].kthreadShouldPark());
                self[0].kthreadParkme();
                log.add("unparked, should park: " + self[0].kthreadShouldPark());
            });
            self[0].startOnce();
            until(() -> self[0].state() == TaskState.PARKED && self[0].isInactive());
            self[0].kthreadUnpark();
            self[0].join();
        });
        assertThat(log).containsExactly("goes on, should park: true", "unparked, should park: false");
    }

    @Test
    void unparkThatMeetsTheParkingIsNotLost() {
        Kthread[] self = new Kthread[1];
        int rounds = 300;
        Completion[] asked = new Completion[rounds];
        for (int i = 0; i < rounds; i++) {
            asked[i] = new Completion();
        }
        box.run(0, () -> {
            self[0] = Kthread.createOnCpu(scheduler, "self/1", 1, () -> {
                for (int i = 0; i < rounds; i++) {
                    self[0].kthreadPark();
                    asked[i].complete();
                    self[0].kthreadParkme();
                }
            });
            self[0].startOnce();
            for (int i = 0; i < rounds; i++) {
                asked[i].waitForCompletion();
                self[0].kthreadUnpark();
            }
            self[0].join();
        });
    }

    @Test
    void aReportLeftOverFromAnEarlierParkDoesNotEndTheNext() {
        Kthread thread = counter(1, false);
        box.run(0, () -> {
            thread.startOnce();
            for (int i = 0; i < 200; i++) {
                untilItTurns();
                Task parker = box.start(2, "parker", thread::kthreadPark);
                until(thread::kthreadShouldPark);
                parker.join();
                assertThat(thread.state()).isEqualTo(TaskState.PARKED);
                thread.kthreadUnpark();
            }
            thread.kthreadStop();
        });
    }

    @Test
    void aSecondRequestToParkReturnsBusy() {
        box.expectWarning(Kthread.PARK_TWICE);
        box.run(0, () -> {
            Kthread thread = counter(1, false);
            thread.startOnce();
            untilItTurns();
            assertThat(thread.kthreadPark()).isZero();
            assertThat(thread.kthreadPark()).isEqualTo(-Errno.EBUSY);
            assertThat(thread.kthreadPark()).isEqualTo(-Errno.EBUSY);
            assertThat(machine.warnings().count(Kthread.PARK_TWICE)).isEqualTo(1);
            thread.kthreadStop();
        });
    }

    @Test
    void aThreadThatEndsCannotBeParked() {
        box.expectWarning(Kthread.PARK_EXITING);
        box.run(0, () -> {
            Kthread thread = counter(1, true);
            thread.startOnce();
            until(() -> turns.get() > 0);
            thread.kthreadStop();
            assertThat(thread.kthreadPark()).isEqualTo(-Errno.ENOSYS);
        });
    }

    @Test
    void aThreadThatIsParkedOrAsleepCanBeStopped() {
        box.run(0, () -> {
            Kthread parked = counter(1, false);
            parked.startOnce();
            untilItTurns();
            parked.kthreadPark();
            parked.kthreadStop();
            Kthread asleep = counter(2, true);
            asleep.startOnce();
            until(() -> asleep.state() == TaskState.BLOCKED);
            asleep.kthreadStop();
            until(() -> parked.state() == TaskState.DEAD && asleep.state() == TaskState.DEAD);
        });
    }

    @Test
    void aNewThreadThatWasParkedParksBeforeAnythingElse() {
        box.run(0, () -> {
            Kthread thread = counter(1, true);
            assertThat(thread.kthreadPark()).isZero();
            thread.startOnce();
            until(() -> thread.state() == TaskState.PARKED);
            assertThat(turns).hasValue(0);
            thread.kthreadUnpark();
            until(() -> turns.get() > 0);
            thread.kthreadStop();
        });
    }
}
