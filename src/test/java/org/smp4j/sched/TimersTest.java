package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.IrqStats;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Warnings;
import org.smp4j.testing.TestMachine;

/** Timers, sleeps and the tick. */
class TimersTest {
    private static final long HOUR = 3_600_000_000_000L;

    private final TestMachine box = TestMachine.boot(4);
    private final Machine machine = box.machine();
    private final Timers timers = machine.scheduler().timers();
    private final IrqWorks irqWorks = machine.irqWorks();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        box.close();
    }

    @Test
    void aTimerFiresInAnInterruptOfItsCpu() {
        box.run(0, () -> {
            box.start(2, "starter", () -> timers.start(System.nanoTime(),
                    () -> log.add(Cpu.rawSmpProcessorId() + " " + Preempt.inHardirq() + " " + LocalIrq.disabled())))
                    .join();
            until(() -> !log.isEmpty());
        });
        assertThat(log).containsExactly("2 true true");
    }

    @Test
    void timersNeverFireEarlyAndAllOfThemFire() {
        AtomicInteger fired = new AtomicInteger();
        AtomicInteger early = new AtomicInteger();
        box.run(0, () -> {
            long now = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                long deadline = now + (i * 37 % 100) * 100_000L;
                timers.start(deadline, () -> {
                    early.addAndGet(System.nanoTime() - deadline < 0 ? 1 : 0);
                    fired.incrementAndGet();
                });
            }
            until(() -> fired.get() == 100);
        });
        assertThat(early).hasValue(0);
    }

    @Test
    void aCancelledTimerDoesNotFireAndALaterOneDoes() {
        box.run(0, () -> {
            Timers.Timer far = timers.start(System.nanoTime() + HOUR, () -> log.add("far"));
            long deadline = System.nanoTime() + 20_000_000;
            Timers.Timer cancelled = timers.start(deadline, () -> log.add("cancelled"));
            timers.start(deadline + 1, () -> log.add("later"));
            timers.cancel(cancelled);
            timers.cancel(cancelled);
            until(() -> !log.isEmpty());
            timers.cancel(far);
        });
        assertThat(log).containsExactly("later");
    }

    @Test
    void aTimerIsCancelledFromAnotherCpu() {
        box.run(0, () -> {
            Timers.Timer far = timers.start(System.nanoTime() + HOUR, () -> log.add("far"));
            box.start(1, "canceller", () -> timers.cancel(far)).join();
        });
        assertThat(log).isEmpty();
    }

    @Test
    void timersOfACpuThatLeavesFireOnAnother() {
        box.run(0, () -> {
            Timers.Timer[] cancelled = new Timers.Timer[1];
            box.start(2, "starter", () -> {
                timers.start(System.nanoTime() + 20_000_000, () -> log.add("on " + Cpu.rawSmpProcessorId()));
                cancelled[0] = timers.start(System.nanoTime() + 20_000_000, () -> log.add("cancelled"));
            }).join();
            timers.migrate(2, 0);
            timers.cancel(cancelled[0]);
            until(() -> !log.isEmpty());
        });
        assertThat(log).containsExactly("on 0");
    }

    /** Starts timers that become due together, in the given order of their deadlines, and lets them fire. */
    private void fireTogether(long... order) {
        box.run(0, () -> {
            long deadline = System.nanoTime() + 5_000_000;
            boolean flags = LocalIrq.save();
            for (long each : order) {
                timers.start(deadline + each, () -> {
                    log.add("" + each);
                    if (each == 1) {
                        Preempt.disable();
                        throw new IllegalStateException("on purpose");
                    }
                });
            }
            while (System.nanoTime() - deadline < 5_000_000) {
                Thread.onSpinWait();
            }
            LocalIrq.restore(flags);
            until(() -> log.size() == order.length);
            assertThat(Preempt.count()).isZero();
        });
    }

    @Test
    void timersThatAreDueTogetherFireInTheOrderOfTheirDeadlines() {
        fireTogether(3, 2, 5, 4, 0);
        assertThat(log).containsExactly("0", "2", "3", "4", "5");
    }

    @Test
    void timersOfOneDeadlineFireInTheOrderInWhichTheyWereStarted() {
        AtomicInteger started = new AtomicInteger();
        box.run(0, () -> {
            long deadline = System.nanoTime() + 5_000_000;
            for (int i = 0; i < 20; i++) {
                int number = i;
                timers.start(deadline, () -> log.add((started.getAndIncrement() == number) + ""));
            }
            until(() -> log.size() == 20);
        });
        assertThat(log).containsOnly("true");
    }

    @Test
    void aTimerThatThrowsIsNamedAndTheOthersFire() {
        box.expectWarning(Warnings.THROWN, Context.PREEMPT_LEAK);
        fireTogether(0, 1, 2);
        assertThat(log).containsExactly("0", "1", "2");
        assertThat(machine.warnings().list()).extracting(Object::toString)
                .allMatch(text -> text.contains("TimersTest$$Lambda"));
        AtomicBoolean ran = new AtomicBoolean();
        box.run(0, () -> { // the tick is armed again
            Task spinner = box.start(1, "spinner", () -> {
                while (!ran.get()) {
                    Cpu.current().poll();
                }
            });
            box.start(1, "other", () -> ran.set(true)).join();
            spinner.join();
        });
    }

    @Test
    void farDeadlinesDoNotDisturbNearOnes() {
        box.run(0, () -> {
            List<Timers.Timer> far = new ArrayList<>();
            for (long deadline : new long[] {Long.MAX_VALUE, System.nanoTime() + Long.MAX_VALUE, System.nanoTime()
                    + Long.MAX_VALUE / 2}) {
                far.add(timers.start(deadline, () -> log.add("far")));
            }
            timers.start(System.nanoTime() - Long.MAX_VALUE / 2, () -> log.add("past"));
            timers.start(System.nanoTime() + 1_000_000, () -> log.add("near"));
            until(() -> log.size() == 2);
            far.forEach(timers::cancel);
        });
        assertThat(log).containsExactly("past", "near");
    }

    @Test
    void aSleepWithoutTimeoutDoesNotEndByItself() {
        box.run(0, () -> {
            Task sleeper = box.start(1, "sleeper", () -> timers.msleep(Long.MAX_VALUE));
            Task timeout = box.start(2, "timeout", () -> timers.scheduleTimeout(Timers.MAX_SCHEDULE_TIMEOUT));
            until(() -> sleeper.state() == TaskState.BLOCKED && timeout.state() == TaskState.BLOCKED);
            timers.msleep(20);
            assertThat(sleeper.state()).isEqualTo(TaskState.BLOCKED);
            assertThat(timeout.state()).isEqualTo(TaskState.BLOCKED);
            sleeper.wake();
            timeout.wake();
            timeout.join();
            until(() -> sleeper.state() == TaskState.BLOCKED); // a wake-up does not end it
            timers.msleep(-1);
            timers.scheduleTimeout(Long.MIN_VALUE);
        });
    }

    @Test
    void aSleeperLeavesItsCpuToOthers() {
        AtomicBoolean ran = new AtomicBoolean();
        box.run(0, () -> {
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                tasks.add(box.start(1, "sleeper/" + i, () -> {
                    long before = System.nanoTime();
                    timers.msleep(2);
                    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(2_000_000);
                }));
            }
            box.start(1, "other", () -> ran.set(true)).join();
            tasks.forEach(Task::join);
        });
        assertThat(ran).isTrue();
    }

    @Test
    void aWakeUpEndsAScheduleTimeoutButNotAnMsleep() {
        box.run(0, () -> {
            Task early = box.start(1, "early", () -> timers.scheduleTimeout(3_600_000));
            until(() -> early.state() == TaskState.BLOCKED);
            early.wake();
            early.join();
            long before = System.nanoTime();
            Task late = box.start(1, "late", () -> timers.msleep(10));
            while (late.state() != TaskState.DEAD) {
                late.wake();
                Cpu.current().poll();
            }
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(10_000_000);
        });
    }

    @Test
    void aLazyIrqWorkWaitsForTheTickOnABusyCpu() {
        IrqWork work = IrqWork.lazy(self -> log.add("lazy " + Preempt.inHardirq()));
        box.run(1, () -> {
            boolean flags = LocalIrq.save();
            assertThat(irqWorks.irqWorkQueue(work)).isTrue();
            assertThat(Cpu.current().pendingBits() & PendingWord.IRQ_WORK).as("no interrupt of its own").isZero();
            LocalIrq.restore(flags);
            until(() -> !log.isEmpty());
            assertThat(machine.cpus().cpu(1).irqStats().get(IrqStats.Kind.IWI)).isZero();
        });
        assertThat(log).containsExactly("lazy true");
    }

    @Test
    void aLazyIrqWorkOfAnIdleCpuRunsAtOnce() {
        IrqWork work = IrqWork.lazy(self -> log.add("lazy " + Cpu.rawSmpProcessorId()));
        box.run(0, () -> {
            machine.smp().smpCallFunctionSingle(1, info -> irqWorks.irqWorkQueue(work), null, true);
            until(() -> !log.isEmpty());
            assertThat(machine.cpus().cpu(1).irqStats().get(IrqStats.Kind.IWI)).isEqualTo(1);
        });
        assertThat(log).containsExactly("lazy 1");
    }

    @Test
    void lazyIrqWorksComeInTheReverseOfTheirOrder() {
        box.run(1, () -> {
            boolean flags = LocalIrq.save();
            for (String name : List.of("first", "second", "third")) {
                irqWorks.irqWorkQueue(IrqWork.lazy(self -> log.add(name)));
            }
            LocalIrq.restore(flags);
            until(() -> log.size() == 3);
        });
        assertThat(log).containsExactly("third", "second", "first");
    }

    @Test
    void aTaskThatOnlyPollsIsPreemptedByTheTick() {
        AtomicBoolean flag = new AtomicBoolean();
        box.run(0, () -> {
            Task spinner = box.start(1, "spinner", () -> {
                while (!flag.get()) {
                    Cpu.current().poll();
                }
            });
            until(() -> machine.scheduler().curr(1) == spinner);
            box.start(1, "ender", () -> flag.set(true)).join();
            spinner.join();
        });
    }
}
