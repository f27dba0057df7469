package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.cpu.SeatThread;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Printk;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Mutex;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskState;

/** Booting and, above all, ending: whatever a machine's threads do, closing it leaves none. */
class MachineTest {
    private static final int CPUS = 4;

    private final List<String> printed = Collections.synchronizedList(new ArrayList<>());
    private Machine machine;

    @BeforeEach
    void boot() {
        machine = Machine.boot(BootParams.cpus(CPUS).with("pin=none"), printed::add, null);
    }

    @AfterEach
    void nothingIsLeft() {
        Set<Thread> threads = machine.threads().threads();
        machine.close();
        assertThat(threads).allSatisfy(thread -> assertThat(endsSoon(thread)).as("%s", thread).isTrue());
        assertThat(machine.threads().threads()).extracting(Thread::getName).isEmpty();
        machine.close();
        assertThat(machine.threads().threads()).extracting(Thread::getName).isEmpty();
    }

    private static boolean endsSoon(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return !thread.isAlive();
    }

    /** Runs tasks that each call a thing that does not end, and comes back when they all do. */
    private void start(Runnable... bodies) {
        AtomicInteger begun = new AtomicInteger();
        for (int i = 0; i < bodies.length; i++) {
            Runnable body = bodies[i];
            machine.spawn(i % CPUS, "task/" + i, () -> {
                begun.incrementAndGet();
                body.run();
            });
        }
        await(() -> begun.get() == bodies.length);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.yield();
        }
    }

    @Test
    void theThreadsBearTheirKernelNames() {
        assertThat(machine.threads().threads()).extracting(Thread::getName)
                .contains("cpu/0", "cpu/1", "cpu/2", "cpu/3", "clockevents", "watchdog");
        assertThat(machine.threads().threads()).allMatch(thread -> thread instanceof SeatThread && thread.isDaemon());
    }

    @Test
    void idleCpusEnd() {
        machine.run(0, () -> machine.smp().smpCallFunction(info -> { }, null, true));
    }

    @Test
    void blockedTasksEnd() {
        Completion never = new Completion();
        Mutex mutex = new Mutex();
        start(never::waitForCompletion, () -> {
            mutex.lock();
            never.waitForCompletion();
        }, () -> {
            until(mutex::isLocked);
            mutex.lock();
        }, () -> machine.scheduler().timers().msleep(3_600_000), () -> machine.workqueue().workOnCpu(2, () -> {
            never.waitForCompletion();
            return 0;
        }), () -> {
            machine.cpuHotplugLock().cpusReadLock();
            never.waitForCompletion();
        }, () -> machine.cpuHotplugLock().cpusWriteLock());
    }

    @Test
    void whatATaskDoesInItsFinallyClausesIsNotAFailure() {
        Completion never = new Completion();
        Runnable cleansUp = () -> {
            try {
                never.waitForCompletion();
            } finally {
                new Completion().complete();
            }
        };
        start(cleansUp, cleansUp, cleansUp, cleansUp, cleansUp);
        machine.close();
        assertThat(machine.warnings().list()).isEmpty();
    }

    @Test
    void tasksThatOnlyPollEnd() {
        start(MachineTest::pollForEver, () -> {
            Preempt.disable();
            pollForEver();
        }, () -> {
            for (;;) {
                machine.scheduler().condResched();
            }
        }, () -> {
            for (;;) {
                boolean flags = LocalIrq.save();
                LocalIrq.restore(flags);
            }
        });
    }

    private static void pollForEver() {
        for (;;) {
            Cpu.current().poll();
        }
    }

    @Test
    void tasksThatSpinEnd() {
        start(() -> until(() -> false), () -> {
            Preempt.disable();
            until(() -> false);
        }, () -> {
            LocalIrq.disable();
            until(() -> false);
        }, () -> machine.smp().smpCallFunctionSingle(2, info -> { }, null, true));
    }

    @Test
    void tasksThatCallAndStopEachOtherEnd() {
        Runnable calls = () -> {
            for (;;) {
                machine.smp().smpCallFunction(info -> { }, null, true);
                machine.stopMachine().stopMachine(arg -> 0, null, null);
            }
        };
        start(calls, calls, calls, calls);
    }

    @Test
    void aStopThatNeverEndsDoes() {
        start(() -> machine.stopMachine().stopMachine(arg -> {
            until(() -> false);
            return 0;
        }, null, CpuMask.of(CPUS, 3)));
    }

    @Test
    void parkedAndSleepingKernelThreadsEnd() {
        Kthread[] parked = new Kthread[1];
        machine.run(0, () -> {
            parked[0] = Kthread.createOnCpu(machine.scheduler(), "parked/1", 1, () -> {
                for (;;) {
                    if (parked[0].kthreadShouldPark()) {
                        parked[0].kthreadParkme();
                    }
                    parked[0].block();
                }
            });
            parked[0].startOnce();
            parked[0].kthreadPark();
        });
    }

    @Test
    void tasksThatWereQueuedAndNeverRanEnd() {
        start(() -> {
            Preempt.disable();
            for (int i = 0; i < 50; i++) {
                machine.spawn(0, "queued/" + i, () -> { });
            }
            until(() -> false);
        });
    }

    @Test
    void manyBlockedTasksEnd() {
        Completion never = new Completion();
        Runnable[] bodies = new Runnable[500];
        Arrays.fill(bodies, (Runnable) never::waitForCompletion);
        start(bodies);
    }

    @Test
    void afterAFailureEveryThreadEndsToo() {
        machine.spawn(1, "thrower", () -> {
            throw new IllegalStateException("on purpose");
        });
        await(() -> machine.warnings().count() == 1);
        assertThatThrownBy(() -> machine.run(0, () -> {
            throw new IllegalStateException("on purpose");
        })).hasMessage("on purpose");
        machine.cpus().lifetime.panic("on purpose");
        assertThat(printed).contains("Kernel panic - not syncing: on purpose");
    }

    @Test
    void aThreadThatRunsOnTheMachineIsAborted() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch inside = new CountDownLatch(1);
        Thread guest = Thread.ofPlatform().daemon().start(() -> {
            try {
                machine.run(2, () -> {
                    inside.countDown();
                    pollForEver();
                });
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        assertThat(inside.await(40, TimeUnit.SECONDS)).isTrue();
        machine.close();
        assertThat(endsSoon(guest)).isTrue();
        assertThat(thrown.get()).isInstanceOf(Aborted.class).hasMessage("machine closed");
    }

    @Test
    void aClosedMachineRunsNothing() {
        machine.close();
        assertThatThrownBy(() -> machine.run(0, () -> { })).isInstanceOf(Aborted.class);
        assertThatThrownBy(() -> machine.spawn(0, "late", () -> { })).isInstanceOf(Aborted.class);
        assertThat(Cpu.currentOrNull()).isNull();
    }

    @Test
    void aThreadThatRunsOnTheMachineCannotCloseIt() {
        machine.run(0, () -> assertThatThrownBy(machine::close).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("CPU 0", "of this machine"));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        machine.spawn(1, "closer", () -> machine.smp().smpCallFunctionSingle(2, info -> {
            try {
                machine.close();
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        }, null, true));
        await(() -> thrown.get() != null);
        machine.run(3, () -> assertThat(machine.smp().smpCallFunctionSingle(1, info -> { }, null, true)).isZero());
        assertThat(machine.cpus().lifetime.ended()).isFalse();
    }

    @Test
    void aCpuOfAnotherMachineIsRefused() {
        Task[] sleeper = new Task[1];
        Completion never = new Completion();
        machine.run(0, () -> sleeper[0] = machine.spawn(1, "sleeper", never::waitForCompletion));
        await(() -> sleeper[0].state() == TaskState.BLOCKED); // else the completion has no machine yet
        try (Machine other = Machine.boot(BootParams.cpus(2).with("pin=none"), Printk.NONE, null)) {
            List<Runnable> calls =
                    List.of(() -> machine.smp().onEachCpu(info -> { }, null, true), () -> machine.workqueue()
                    .workOnCpu(1, () -> 0),
                    () -> machine.stopMachine().stopMachine(arg -> 0, null, null), () -> machine.hotplug()
                    .removeCpu(3), sleeper[0]::wake, sleeper[0]::join,
                    () -> machine.spawn(1, "stranger", () -> { }), () -> machine.cpuHotplugLock()
                    .cpusReadLock(), machine.scheduler()::condResched,
                    () -> machine.scheduler().timers().start(0, () -> { }), () -> machine.scheduler().rcu()
                    .synchronizeRcu(), never::complete);
            other.run(1, () -> {
                for (Runnable each : calls) {
                    assertThatThrownBy(each::run).isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("of another machine");
                    assertThat(Preempt.preemptible()).isTrue();
                }
            });
        }
        machine.run(3, () -> {
            assertThat(machine.hotplug().removeCpu(2)).isZero();
            never.complete(); // its lock was given back
            sleeper[0].join();
        });
    }

    @Test
    void aMachineThatDoesNotEndSaysSoWhenItIsAsked() {
        AtomicInteger spins = new AtomicInteger(1);
        machine.spawn(1, "spinner", () -> {
            while (spins.get() > 0) {
                spins.incrementAndGet();
            }
        });
        await(() -> spins.get() > 1);
        assertThat(machine.closeWithin(50)).contains("spinner");
        spins.set(Integer.MIN_VALUE);
        machine.close();
    }

    @Test
    void machinesDoNotKnowEachOther() {
        try (Machine other = Machine.boot(BootParams.cpus(2).with("pin=none"), Printk.NONE, null)) {
            other.run(0, () -> assertThat(Task.current().cpus).isSameAs(other.cpus()));
        }
        machine.run(3, () -> assertThat(machine.smp().smpCallFunctionSingle(0, info -> { }, null, true)).isZero());
    }

    @Test
    void maxcpusLeavesTheOthersOffline() {
        try (Machine other = Machine.boot(BootParams.cpus(4).with("maxcpus=2 pin=none"))) {
            assertThat(other.cpus().online).hasToString("0-1");
            assertThat(other.cpus().present).hasToString("0-3");
            assertThat(other.threads().threads()).extracting(Thread::getName).contains("cpu/0", "cpu/1")
                    .doesNotContain("cpu/2", "cpu/3");
        }
        try (Machine other = Machine.boot(BootParams.cpus(4).with("maxcpus=0 pin=none"))) {
            assertThat(other.cpus().online).hasToString("0");
        }
    }
}
