package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.until;
import static org.smp4j.testing.Players.untilWithoutPoll;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.testing.TestMachine;

class RcuTest {
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    private static void gracePeriod(Machine machine, boolean expedited) {
        Rcu rcu = machine.scheduler().rcu();
        if (expedited) {
            rcu.expedited().synchronizeRcuExpedited();
        } else {
            rcu.synchronizeRcu();
        }
    }

    /**
     * A section is under way, a grace period begins, the section ends when the updater has waited for a while: the
     * updater goes on after that.
     */
    private void updaterWaitsFor(Consumer<Runnable> section, String idle, boolean expedited) {
        try (TestMachine box = TestMachine.boot(4, idle)) {
            Machine machine = box.machine();
            AtomicBoolean inside = new AtomicBoolean();
            AtomicBoolean leave = new AtomicBoolean();
            AtomicInteger attempts = new AtomicInteger();
            box.run(0, () -> {
                box.start(1, "reader", () -> section.accept(() -> {
                    inside.set(true);
                    untilWithoutPoll(leave::get);
                    log.add("section ends");
                }));
                until(inside::get);
                Task updater = box.start(2, "updater", () -> {
                    attempts.incrementAndGet();
                    gracePeriod(machine, expedited);
                    log.add("grace period ends");
                });
                // a reader that takes no interrupts keeps an updater that interrupts it busy
                until(() -> attempts.get() == 1 && (expedited || updater.state() == TaskState.BLOCKED));
                machine.scheduler().timers().msleep(5);
                leave.set(true);
                updater.join();
            });
        }
        assertThat(log).containsExactly("section ends", "grace period ends");
    }

    @ParameterizedTest
    @CsvSource({"idle=halt, false", "idle=poll, false", "idle=halt, true", "idle=poll, true"})
    void aSectionWithPreemptionOffIsWaitedFor(String idle, boolean expedited) {
        updaterWaitsFor(body -> {
            Preempt.disable();
            body.run();
            Preempt.enable();
        }, idle, expedited);
    }

    @ParameterizedTest
    @CsvSource({"idle=halt, false", "idle=poll, false", "idle=halt, true", "idle=poll, true"})
    void aSectionWithIrqsOffIsWaitedFor(String idle, boolean expedited) {
        updaterWaitsFor(body -> {
            boolean flags = LocalIrq.save();
            body.run();
            LocalIrq.restore(flags);
        }, idle, expedited);
    }

    /** The reader is a called function: the CPU on which it runs was idle, and may still be marked as polling. */
    @ParameterizedTest
    @CsvSource({"idle=halt, false", "idle=poll, false", "idle=halt, true", "idle=poll, true"})
    void aCallOnAnIdleCpuIsWaitedFor(String idle, boolean expedited) {
        try (TestMachine box = TestMachine.boot(4, idle)) {
            Machine machine = box.machine();
            AtomicBoolean inside = new AtomicBoolean();
            AtomicBoolean leave = new AtomicBoolean();
            box.run(0, () -> {
                machine.smp().smpCallFunctionSingle(3, info -> {
                    inside.set(true);
                    untilWithoutPoll(leave::get);
                    log.add("section ends");
                }, null, false);
                until(inside::get);
                Task updater = box.start(2, "updater", () -> {
                    gracePeriod(machine, expedited);
                    log.add("grace period ends");
                });
                until(() -> expedited || updater.state() == TaskState.BLOCKED);
                machine.scheduler().timers().msleep(5);
                leave.set(true);
                updater.join();
            });
        }
        assertThat(log).containsExactly("section ends", "grace period ends");
    }

    @Test
    void aTaskThatOnlyRunsIsNotAReader() {
        try (TestMachine box = TestMachine.boot(4)) {
            AtomicBoolean done = new AtomicBoolean();
            box.run(0, () -> {
                Task runner = box.start(1, "runner", () -> until(done::get));
                until(() -> box.machine().scheduler().curr(1) == runner);
                box.machine().scheduler().rcu().synchronizeRcu();
                done.set(true);
                runner.join();
            });
        }
    }

    @Test
    void anIdleCpuIsNotWoken() {
        try (TestMachine box = TestMachine.boot(4)) {
            Machine machine = box.machine();
            box.run(0, () -> {
                until(() -> (machine.cpus().cpu(1).pendingBits() & PendingWord.PARKED) != 0);
                long before = machine.cpus().cpu(1).irqStats().total();
                for (int i = 0; i < 20; i++) {
                    machine.scheduler().rcu().synchronizeRcu();
                }
                assertThat(machine.cpus().cpu(1).irqStats().total()).isEqualTo(before);
            });
        }
    }

    @Test
    void aTaskThatMustNotSleepIsRefused() {
        try (TestMachine box = TestMachine.boot(2)) {
            box.expectWarning(Scheduler.WHILE_ATOMIC);
            Rcu rcu = box.machine().scheduler().rcu();
            box.run(0, () -> {
                Preempt.disable();
                assertThatIllegalStateException().isThrownBy(rcu::synchronizeRcu);
                assertThatIllegalStateException().isThrownBy(rcu.expedited()::synchronizeRcuExpedited);
                Preempt.enable();
            });
        }
    }

    /**
     * Readers take the current object with preemption off; the updater spoils the old one after a grace period: no
     * reader may meet a spoilt one.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noReaderSeesWhatWasGivenUpBeforeAGracePeriod(boolean expedited) {
        try (TestMachine box = TestMachine.boot(4)) {
            Machine machine = box.machine();
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger violations = new AtomicInteger();
            AtomicReference<AtomicInteger> published = new AtomicReference<>(new AtomicInteger());
            box.run(0, () -> {
                List<Task> readers = new ArrayList<>();
                for (int cpu = 1; cpu < 4; cpu++) {
                    readers.add(box.start(cpu, "reader/" + cpu, () -> {
                        while (!done.get()) {
                            Preempt.disable();
                            AtomicInteger seen = published.get();
                            Cpu.current().poll();
                            violations.addAndGet(seen.get());
                            Preempt.enable();
                            machine.scheduler().condResched();
                        }
                    }));
                }
                for (int i = 0; i < 100; i++) {
                    AtomicInteger old = published.getAndSet(new AtomicInteger());
                    gracePeriod(machine, expedited);
                    old.set(1);
                }
                done.set(true);
                readers.forEach(Task::join);
            });
            assertThat(violations).hasValue(0);
        }
    }
}
