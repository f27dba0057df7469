package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.until;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Warnings;
import org.smp4j.testing.Recorder;
import org.smp4j.testing.TestMachine;

class TaskTest {
    private final TestMachine box = TestMachine.boot(4);
    private final Machine machine = box.machine();
    private final Cpus cpus = machine.cpus();
    private final Scheduler scheduler = machine.scheduler();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean flag = new AtomicBoolean();

    @AfterEach
    void close() {
        box.close();
    }

    private static CpuMask mask(String list) {
        return CpuMask.parse(list, 4);
    }

    private Task fifo(int cpu, String comm, Runnable body) {
        return scheduler.run(comm, Task.Policy.FIFO, CpuMask.of(4, cpu), body);
    }

    private static void untilBlocked(Task task) {
        until(() -> task.state() == TaskState.BLOCKED && task.isInactive());
    }

    /** Runs code on CPU 1 where nothing preempts it until all it starts is queued there, and waits for its end. */
    private void whileNothingElseRunsOnCpu1(int queued, Runnable starts) {
        box.start(1, "holder", () -> {
            Preempt.disable();
            starts.run();
            until(() -> scheduler.runQueue(1).queued() == queued);
            Preempt.enable();
        });
    }

    @Test
    void aTaskRunsOnItsCpuUnderItsName() {
        box.run(0, () -> {
            box.start(2, "worker", () -> {
                log.add(Task.current().comm() + " " + Cpu.rawSmpProcessorId() + " " + Thread.currentThread()
                        .getName() + " " + Preempt.count());
                assertThat(Cpu.smpProcessorId()).isEqualTo(2);
            }).join();
            assertThat(Task.current().cpu()).isZero();
        });
        assertThat(log).containsExactly("worker 2 worker 0");
    }

    @Test
    void normalTasksOfOneCpuTakeTurnsAtPollPoints() {
        AtomicInteger turn = new AtomicInteger();
        Runnable even = () -> {
            for (int i = 0; i < 20; i += 2) {
                int mine = i;
                until(() -> turn.get() == mine);
                turn.incrementAndGet();
            }
        };
        Runnable odd = () -> {
            for (int i = 1; i < 20; i += 2) {
                int mine = i;
                until(() -> turn.get() == mine);
                turn.incrementAndGet();
            }
        };
        box.run(0, () -> {
            Task first = box.start(1, "even", even);
            box.start(1, "odd", odd).join();
            first.join();
        });
        assertThat(turn).hasValue(20);
    }

    @Test
    void fifoTasksGiveWayToNoTaskOfTheirClassOrBelow() {
        Completion done = new Completion();
        whileNothingElseRunsOnCpu1(3, () -> {
            fifo(1, "first", () -> {
                for (int i = 0; i < 2000; i++) {
                    Cpu.current().resched();
                    scheduler.condResched();
                }
                log.add("first");
            });
            fifo(1, "second", () -> log.add("second"));
            box.start(1, "normal", () -> {
                log.add("normal");
                done.complete();
            });
        });
        box.run(0, done::waitForCompletion);
        assertThat(log).containsExactly("first", "second", "normal");
    }

    @Test
    void yieldLetsEqualsGoFirst() {
        Completion done = new Completion();
        whileNothingElseRunsOnCpu1(2, () -> {
            fifo(1, "first", () -> {
                log.add("first");
                scheduler.yieldCpu();
                log.add("first again");
                done.complete();
            });
            fifo(1, "second", () -> log.add("second"));
        });
        box.run(0, done::waitForCompletion);
        assertThat(log).containsExactly("first", "second", "first again");
    }

    @Test
    void aFifoTaskPreemptsANormalOneThatPolls() {
        box.run(0, () -> {
            Task normal = box.start(1, "normal", () -> until(flag::get));
            until(() -> scheduler.curr(1) == normal);
            fifo(1, "urgent", () -> flag.set(true)).join();
            normal.join();
        });
    }

    @Test
    void preemptionWaitsForPreemptEnable() {
        box.run(0, () -> box.start(1, "worker", () -> {
            Preempt.disable();
            fifo(1, "urgent", () -> log.add("urgent"));
            until(() -> scheduler.runQueue(1).queued() == 1);
            Cpu.current().poll();
            log.add("preemption off");
            Preempt.enable();
            log.add("preemption on");
        }).join());
        assertThat(log).containsExactly("preemption off", "urgent", "preemption on");
    }

    @Test
    void preemptionWaitsForIrqsOn() {
        box.run(0, () -> box.start(1, "worker", () -> {
            boolean flags = LocalIrq.save();
            fifo(1, "urgent", () -> log.add("urgent"));
            Preempt.disable();
            Preempt.enable();
            log.add("IRQs off");
            LocalIrq.restore(flags);
            log.add("IRQs on");
        }).join());
        assertThat(log).containsExactly("IRQs off", "urgent", "IRQs on");
    }

    @Test
    void aWakeUpForAnotherActiveCpuTravelsThroughItsCallQueue() {
        Completion done = new Completion();
        box.run(0, () -> {
            Task sleeper = box.start(1, "sleeper", done::waitForCompletion);
            untilBlocked(sleeper);
            Recorder events = new Recorder();
            cpus.setEvents(events);
            done.complete();
            sleeper.join();
            assertThat(events.lines("csd_queue_cpu")).contains("0 csd_queue_cpu 1 sched_ttwu_pending");
            assertThat(events.lines("csd_function_entry")).contains("1 csd_function_entry sched_ttwu_pending");
        });
    }

    @Test
    void aWakeUpOnTheSameCpuSendsNothing() {
        Completion done = new Completion();
        box.run(0, () -> {
            Task sleeper = box.start(0, "sleeper", done::waitForCompletion);
            while (sleeper.state() != TaskState.BLOCKED) {
                scheduler.yieldCpu();
            }
            Recorder events = new Recorder();
            cpus.setEvents(events);
            done.complete();
            cpus.setEvents(null);
            assertThat(events.lines("csd_queue_cpu")).isEmpty();
            assertThat(events.lines("ipi_send_cpu")).isEmpty();
            sleeper.join();
        });
    }

    @Test
    void aKernelThreadOfAnInactiveCpuIsWokenByRescheduleInterrupt() {
        Completion done = new Completion();
        box.run(0, () -> {
            Kthread sleeper = Kthread.createOnCpu(scheduler, "sleeper/1", 1, done::waitForCompletion);
            sleeper.startOnce();
            untilBlocked(sleeper);
            cpus.setCpuActive(1, false);
            Recorder events = new Recorder();
            cpus.setEvents(events);
            done.complete();
            cpus.setEvents(null);
            assertThat(events.lines("csd_queue_cpu")).isEmpty();
            assertThat(events.lines("ipi_send_cpu")).containsExactly("0 ipi_send_cpu 1 0x0");
            sleeper.join();
        });
    }

    @Test
    void aBlockedTaskLeavesItsCpuToOthersAndToItsInterruptsAndStopper() {
        Completion done = new Completion();
        box.run(0, () -> {
            Task sleeper = box.start(1, "sleeper", done::waitForCompletion);
            untilBlocked(sleeper);
            assertThat(machine.smp().smpCallFunctionSingle(1, info -> log.add("call"), null, true)).isZero();
            assertThat(machine.stopMachine().stopOneCpu(1, arg -> 7, null)).isEqualTo(7);
            box.start(1, "other", () -> log.add("other")).join();
            assertThat(sleeper.state()).isEqualTo(TaskState.BLOCKED);
            done.complete();
            sleeper.join();
        });
        assertThat(log).containsExactly("call", "other");
    }

    @Test
    void aRunningTaskIsMoved() {
        box.run(0, () -> {
            Task task = scheduler.run("mover", Task.Policy.NORMAL, mask("1"), () -> until(flag::get));
            until(() -> scheduler.curr(1) == task);
            assertThat(scheduler.setCpusAllowedPtr(task, mask("2"))).isZero();
            assertThat(scheduler.curr(1)).isNotSameAs(task);
            until(() -> scheduler.curr(2) == task);
            flag.set(true);
            task.join();
        });
    }

    @Test
    void aQueuedTaskIsMovedAtOnceEvenBehindOneThatNeverGivesWay() {
        box.run(0, () -> {
            Task hog = fifo(1, "hog", () -> until(flag::get));
            until(() -> scheduler.curr(1) == hog);
            Task task = scheduler.run("mover", Task.Policy.NORMAL, mask("1"),
                    () -> log.add("ran on " + Cpu.rawSmpProcessorId()));
            assertThat(scheduler.setCpusAllowedPtr(task, mask("2"))).isZero();
            task.join();
            flag.set(true);
            hog.join();
        });
        assertThat(log).containsExactly("ran on 2");
    }

    @Test
    void aSleepingTaskWakesUpElsewhere() {
        Completion done = new Completion();
        box.run(0, () -> {
            Task task = box.start(1, "mover", () -> {
                done.waitForCompletion();
                log.add("on " + Cpu.rawSmpProcessorId());
            });
            untilBlocked(task);
            assertThat(scheduler.setCpusAllowedPtr(task, mask("3"))).isZero();
            done.complete();
            task.join();
        });
        assertThat(log).containsExactly("on 3");
    }

    @Test
    void aTaskMovesItself() {
        box.run(0, () -> box.start(1, "mover", () -> {
            for (int cpu : new int[] {2, 0, 3, 1}) {
                assertThat(scheduler.setCpusAllowedPtr(Task.current(), mask("" + cpu))).isZero();
                assertThat(Cpu.smpProcessorId()).isEqualTo(cpu);
            }
        }).join());
    }

    @Test
    void noActiveCpuInTheMaskIsRefused() {
        cpus.setCpuActive(3, false);
        box.run(0, () -> {
            assertThat(scheduler.setCpusAllowedPtr(Task.current(), mask("3"))).isEqualTo(-Errno.EINVAL);
            assertThat(Task.current().affinity()).hasToString("0");
        });
    }

    @Test
    void migrateDisableKeepsATaskOnItsCpuAndItsMoverWaits() {
        AtomicBoolean disabled = new AtomicBoolean();
        box.run(0, () -> {
            Task task = scheduler.run("pinned", Task.Policy.NORMAL, mask("1"), () -> {
                Task.migrateDisable();
                Task.migrateDisable();
                disabled.set(true);
                until(flag::get);
                for (int i = 0; i < 10; i++) {
                    scheduler.yieldCpu();
                    scheduler.timers().scheduleTimeout(1);
                    assertThat(Cpu.smpProcessorId()).isEqualTo(1);
                }
                Task.migrateEnable();
                assertThat(Cpu.smpProcessorId()).isEqualTo(1);
                log.add("migration on");
                Task.migrateEnable();
                assertThat(Cpu.rawSmpProcessorId()).isEqualTo(2);
            });
            until(disabled::get);
            Task mover = box.start(3, "mover", () -> {
                assertThat(scheduler.setCpusAllowedPtr(task, mask("2"))).isZero();
                log.add("moved");
            });
            until(() -> task.affinity().testCpu(2));
            box.start(1, "another", () -> log.add("preemptible")).join();
            flag.set(true);
            mover.join();
            task.join();
        });
        assertThat(log).containsExactly("preemptible", "migration on", "moved");
    }

    @Test
    void aTaskWithItsMigrationDisabledCannotMoveItself() {
        box.run(0, () -> box.start(1, "pinned", () -> {
            Task.migrateDisable();
            assertThat(scheduler.setCpusAllowedPtr(Task.current(), mask("2"))).isEqualTo(-Errno.EBUSY);
            assertThat(Task.current().affinity()).hasToString("1");
            Task.migrateEnable();
            assertThat(scheduler.setCpusAllowedPtr(Task.current(), mask("2"))).isZero();
        }).join());
    }

    @Test
    void affinityIsBrokenWithANoteWhenNoneOfItsCpusIsActive() {
        box.run(0, () -> {
            Task task = box.start(3, "stray", () -> until(() -> Cpu.rawSmpProcessorId() != 3));
            until(() -> scheduler.curr(3) == task);
            cpus.setCpuActive(3, false);
            scheduler.reschedCpu(3);
            task.join();
            assertThat(task.affinity()).hasToString("0-3");
        });
        assertThat(box.printed()).contains("process stray no longer affine to cpu3");
    }

    @Test
    void aTaskOfSeveralCpusRunsOnAnIdleOne() {
        box.run(0, () -> {
            Task hog = box.start(1, "hog", () -> until(flag::get));
            until(() -> scheduler.curr(1) == hog);
            scheduler.run("guest", Task.Policy.NORMAL, mask("1-2"), () -> log.add("on " + Cpu.rawSmpProcessorId()))
                    .join();
            flag.set(true);
            hog.join();
        });
        assertThat(log).containsExactly("on 2");
    }

    @Test
    void aTaskThatMustNotSleepGetsAnExceptionAndGoesOnAsBefore() {
        box.expectWarning(Scheduler.WHILE_ATOMIC);
        box.run(0, () -> {
            Completion done = new Completion();
            Preempt.disable();
            assertThatIllegalStateException().isThrownBy(done::waitForCompletion);
            assertThatIllegalStateException().isThrownBy(scheduler::yieldCpu);
            Preempt.enable();
            boolean flags = LocalIrq.save();
            assertThatIllegalStateException().isThrownBy(scheduler::schedule);
            LocalIrq.restore(flags);
            assertThat(Task.current().state()).isEqualTo(TaskState.RUNNING);
            box.start(1, "completer", done::complete);
            scheduler.timers().msleep(1);
            assertThat(Preempt.count()).isZero();
        });
        assertThat(machine.warnings().count(Scheduler.WHILE_ATOMIC)).isEqualTo(3);
    }

    @Test
    void aStopperThatTriesToSleepDoesNotLoseTheTaskWhoseThreadItBorrows() {
        box.expectWarning(Scheduler.WHILE_ATOMIC, Warnings.THROWN);
        Completion never = new Completion();
        box.run(0, () -> {
            // some of them meet the sleeper on its way out, with its state changed and its thread still there
            for (int i = 0; i < 200; i++) {
                Completion done = new Completion();
                Task sleeper = box.start(1, "sleeper", done::waitForCompletion);
                machine.stopMachine().stopOneCpu(1, arg -> {
                    never.waitForCompletion();
                    return 0;
                }, null);
                done.complete();
                sleeper.join();
            }
        });
    }

    @Test
    void aTaskThatEndsWithPreemptionOffLeavesItsCpuPreemptible() {
        box.run(0, () -> {
            box.start(1, "careless", () -> {
                Preempt.disable();
                Preempt.disable();
                LocalIrq.disable();
            }).join();
            box.start(1, "next", () -> {
                assertThat(Preempt.count()).isZero();
                assertThat(LocalIrq.disabled()).isFalse();
            }).join();
        });
        assertThat(box.printed()).contains("note: careless exited with preempt_count 2",
                "note: careless exited with irqs disabled");
    }

    @Test
    void aBodyThatThrowsEndsItsTaskAndIsReported() {
        box.expectWarning(Warnings.THROWN);
        IllegalArgumentException failure = new IllegalArgumentException("on purpose");
        box.run(0, () -> {
            Task task = box.start(1, "thrower", () -> {
                throw failure;
            });
            task.join();
            assertThat(task.failure()).isSameAs(failure);
        });
    }

    @Test
    void aBodyThatThrowsOutOfRunLeavesTheCpu() {
        assertThatIllegalStateException().isThrownBy(() -> machine.run(1, () -> {
            Preempt.disable();
            throw new IllegalStateException("on purpose");
        })).withMessage("on purpose");
        box.run(1, () -> assertThat(Preempt.count()).isZero());
    }

    @Test
    void aThreadThatIsOnACpuCannotBecomeATaskOfAnother() {
        box.run(0, () -> assertThatIllegalStateException().isThrownBy(() -> machine.run(1, () -> log.add("never")))
                .withMessageContaining("CPU 0"));
        assertThat(log).isEmpty();
    }

    @Test
    void tasksFromThreadsThatAreOnNoCpuAllArrive() throws InterruptedException {
        int threads = 4;
        int each = 250;
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(threads);
        for (int thread = 0; thread < threads; thread++) {
            int cpu = thread;
            Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < each; i++) {
                    machine.spawn((cpu + i) % 4, "arrival", ran::incrementAndGet);
                }
                started.countDown();
            });
        }
        box.await(() -> ran.get() == threads * each, "tasks");
        started.await();
    }

    @Test
    void theSchedulersTurnsAreCounted() {
        box.run(0, () -> {
            long before = scheduler.switches(1);
            box.start(1, "task", () -> { }).join();
            assertThat(scheduler.switches(1)).isGreaterThan(before);
        });
        assertThat(List.copyOf(log)).isEmpty();
    }
}
