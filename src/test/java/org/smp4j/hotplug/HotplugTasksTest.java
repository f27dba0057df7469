package org.smp4j.hotplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskState;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.TestMachine;

/** What becomes of a CPU's threads, tasks, timers and works when it goes and comes. */
class HotplugTasksTest {
    private static final int CPUS = 4;

    private final TestMachine box = TestMachine.boot(CPUS);
    private final Machine machine = box.machine();
    private final Scheduler scheduler = machine.scheduler();
    private final CpuHotplug hotplug = machine.hotplug();
    private final Cpus cpus = machine.cpus();

    @AfterEach
    void close() {
        box.close();
    }

    private void run(Runnable body) {
        box.run(0, body);
    }

    private void down(int cpu) {
        assertThat(hotplug.removeCpu(cpu)).isZero();
    }

    private void up(int cpu) {
        assertThat(hotplug.addCpu(cpu)).isZero();
    }

    /** The names of the Java threads that belong to a CPU. */
    private static Set<String> threadsOf(int cpu) {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("\\w+/" + cpu + "(:\\d+)?")) {
                names.add(thread.getName());
            }
        }
        return names;
    }

    // ---- threads ----

    @Test
    void aCpuThatIsDownKeepsNoThreadAndGetsThemBack() {
        run(() -> {
            machine.workqueue().workOnCpu(3, () -> 0);
            down(3);
            until(() -> threadsOf(3).isEmpty());
            up(3);
            assertThat(threadsOf(3)).containsExactlyInAnyOrder("cpu/3", "cpuhp/3");
            machine.workqueue().workOnCpu(3, () -> 0);
            assertThat(threadsOf(3)).hasSize(3);
            down(3);
            until(() -> threadsOf(3).isEmpty());
        });
    }

    @Test
    void aBringUpThatFailsLeavesNoThread() {
        run(() -> {
            down(3);
            for (int state : new int[] {CpuhpState.SMPCFD_PREPARE, CpuhpState.BRINGUP_CPU, CpuhpState.AP_ACTIVE}) {
                assertThat(hotplug.files().setFail(3, state)).isZero();
                assertThat(hotplug.addCpu(3)).isEqualTo(-Errno.EAGAIN);
                // there its idle thread waits to be kicked again, as the kernel's CPU does
                if (state != CpuhpState.BRINGUP_CPU) {
                    until(() -> threadsOf(3).isEmpty());
                }
            }
            up(3);
        });
    }

    @Test
    void aCpuThatGoesAndComesInOneBreathIsTheSameAgain() {
        run(() -> {
            for (int turn = 0; turn < 100; turn++) {
                down(3);
                up(3);
                box.start(3, "there", () -> { }).join();
                assertThat(machine.stopMachine().stopOneCpu(3, arg -> 7, null)).isEqualTo(7);
                assertThat(machine.smp().smpCallFunctionSingle(3, info -> { }, null, true)).isZero();
            }
        });
    }

    // ---- tasks ----

    @Test
    void tasksThatRunAreMovedAndGoOn() {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger turns = new AtomicInteger();
        run(() -> {
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                tasks.add(scheduler.run("mover" + i, Task.Policy.NORMAL, CpuMask.parse("2-3", CPUS), () -> {
                    while (!stop.get()) {
                        turns.incrementAndGet();
                        scheduler.condResched();
                    }
                }));
            }
            for (int turn = 0; turn < 3; turn++) {
                down(3);
                for (Task task : tasks) {
                    assertThat(task.cpu()).isEqualTo(2);
                }
                int before = turns.get();
                until(() -> turns.get() > before + 6);
                up(3);
            }
            stop.set(true);
            tasks.forEach(Task::join);
        });
        assertThat(box.printed()).noneMatch(line -> line.contains("no longer affine"));
    }

    @Test
    void aTaskThatIsBoundToTheCpuIsLetOffWithANote() {
        AtomicBoolean stop = new AtomicBoolean();
        run(() -> {
            Task runs = box.start(3, "runs", () -> {
                while (!stop.get()) {
                    scheduler.condResched();
                }
            });
            Completion wake = new Completion();
            Task sleeps = box.start(3, "sleeps", () -> {
                wake.waitForCompletion();
                assertThat(Cpu.rawSmpProcessorId()).isNotEqualTo(3);
            });
            until(() -> sleeps.state() == TaskState.BLOCKED);
            down(3);
            assertThat(runs.cpu()).isNotEqualTo(3);
            assertThat(runs.affinity()).isEqualTo(cpus.possible);
            wake.complete();
            sleeps.join();
            assertThat(sleeps.failure()).isNull();
            up(3);
            assertThat(runs.affinity()).as("a broken affinity stays broken").isEqualTo(cpus.possible);
            stop.set(true);
            runs.join();
        });
        assertThat(box.printed()).contains("process runs no longer affine to cpu3",
                "process sleeps no longer affine to cpu3");
    }

    @Test
    void aTaskWhoseMigrationIsDisabledHoldsTheGoingUp() {
        Completion wake = new Completion();
        AtomicBoolean ended = new AtomicBoolean();
        run(() -> {
            Task pinned = scheduler.run("pinned", Task.Policy.NORMAL, CpuMask.of(CPUS, 3), () -> {
                Task.migrateDisable();
                wake.waitForCompletion();
                assertThat(Cpu.rawSmpProcessorId()).isEqualTo(3);
                assertThat(cpus.online.testCpu(3)).isTrue();
                ended.set(true);
                Task.migrateEnable();
            });
            until(() -> pinned.state() == TaskState.BLOCKED);
            Task remover = box.start(1, "remover", () -> {
                down(3);
                assertThat(ended).isTrue();
            });
            until(() -> hotplug.files().state(3) == CpuhpState.AP_SCHED_WAIT_EMPTY - 1);
            scheduler.timers().msleep(5);
            assertThat(cpus.online.testCpu(3)).isTrue();
            wake.complete();
            pinned.join();
            remover.join();
            assertThat(pinned.failure()).isNull();
        });
    }

    @Test
    void theTaskThatAsksIsMovedOffItsOwnCpu() {
        box.run(3, () -> {
            down(3);
            assertThat(Cpu.rawSmpProcessorId()).isNotEqualTo(3);
            up(3);
        });
    }

    // ---- timers ----

    @Test
    void sleepersOfACpuThatGoesWakeOnTime() {
        run(() -> {
            List<Task> sleepers = new ArrayList<>();
            AtomicInteger awake = new AtomicInteger();
            for (int i = 0; i < 20; i++) {
                int millis = 1 + 3 * i;
                sleepers.add(box.start(3, "sleeper" + i, () -> {
                    long until = System.nanoTime() + millis * 1_000_000L;
                    scheduler.timers().msleep(millis);
                    assertThat(System.nanoTime() - until).isNotNegative();
                    awake.incrementAndGet();
                }));
            }
            Task last = sleepers.getLast();
            until(() -> last.state() == TaskState.BLOCKED);
            down(3);
            sleepers.forEach(Task::join);
            assertThat(awake).hasValue(20);
            sleepers.forEach(task -> assertThat(task.failure()).isNull());
        });
    }

    @Test
    void aTimerOfACpuThatGoesFiresElsewhere() {
        AtomicInteger fired = new AtomicInteger(-1);
        run(() -> {
            box.start(3, "arms", () -> scheduler.timers()
                    .start(System.nanoTime() + 30_000_000L, () -> fired.set(Cpu.rawSmpProcessorId()))).join();
            down(3);
            until(() -> fired.get() >= 0);
            assertThat(cpus.online.testCpu(fired.get()) || fired.get() == 3).isTrue();
        });
    }

    // ---- works ----

    @Test
    void aWorkOfACpuThatGoesIsFinishedElsewhere() {
        Completion wake = new Completion();
        List<Integer> where = new ArrayList<>();
        run(() -> {
            Task caller = box.start(1, "caller", () -> assertThat(machine.workqueue().workOnCpu(3, () -> {
                where.add(Cpu.rawSmpProcessorId());
                wake.waitForCompletion();
                where.add(Cpu.rawSmpProcessorId());
                return 5;
            })).isEqualTo(5));
            until(() -> where.size() == 1 && caller.state() == TaskState.BLOCKED);
            down(3);
            wake.complete();
            caller.join();
            assertThat(caller.failure()).isNull();
            assertThat(where).hasSize(2).startsWith(3).doesNotHaveDuplicates();
            up(3);
            assertThat(machine.workqueue().smpCallOnCpu(3, Cpu::rawSmpProcessorId)).isEqualTo(3);
        });
        assertThat(box.printed()).noneMatch(line -> line.contains("no longer affine"));
    }

    @Test
    void aWorkThatComesJustWhenTheWorkerRunsOutOfThemIsRun() {
        AtomicInteger ran = new AtomicInteger();
        run(() -> {
            List<Task> callers = new ArrayList<>();
            for (int cpu = 1; cpu < 3; cpu++) {
                callers.add(box.start(cpu, "caller/" + cpu, () -> {
                    for (int turn = 0; turn < 1500; turn++) {
                        machine.workqueue().queueWorkOn(3, ran::incrementAndGet);
                        machine.workqueue().workOnCpu(3, ran::incrementAndGet);
                    }
                }));
            }
            callers.forEach(Task::join);
            until(() -> ran.get() == 6000);
        });
    }

    @Test
    void aWorkThatIsStillAtItWhenItsCpuIsBackEndsThere() {
        Completion wake = new Completion();
        AtomicInteger where = new AtomicInteger(-1);
        run(() -> {
            machine.workqueue().queueWorkOn(3, () -> {
                wake.waitForCompletion();
                where.set(Cpu.rawSmpProcessorId());
            });
            down(3);
            up(3);
            wake.complete();
            until(() -> where.get() >= 0);
            assertThat(where).hasValue(3);
        });
    }

    @Test
    @Invariant(36)
    void aReaderOfTheLockMayCallOnTheCpuThatControlsATakeDown() {
        run(() -> {
            Completion go = new Completion();
            Task reader = box.start(1, "reader", () -> {
                machine.cpuHotplugLock().cpusReadLock();
                go.waitForCompletion();
                assertThat(machine.workqueue().smpCallOnCpu(0, () -> 9))
                        .as("its worker sleeps for the lock in another work").isEqualTo(9);
                assertThat(cpus.online.testCpu(3)).isTrue();
                machine.cpuHotplugLock().cpusReadUnlock();
            });
            until(() -> reader.state() == TaskState.BLOCKED);
            Task remover = box.start(2, "remover", () -> down(3));
            until(() -> remover.state() == TaskState.BLOCKED && scheduler.curr(0) == Task.current());
            scheduler.timers().msleep(5);
            go.complete();
            reader.join();
            remover.join();
            assertThat(reader.failure()).isNull();
            assertThat(cpus.online.testCpu(3)).isFalse();
        });
    }

    @Test
    @Invariant(37)
    void aCpuHasCallDataFromItsPreparationOn() {
        run(() -> {
            List<String> seen = new ArrayList<>();
            CpuhpCallback broadcasts = cpu -> {
                AtomicInteger ran = new AtomicInteger();
                if (Cpu.rawSmpProcessorId() == cpu) {
                    machine.smp().smpCallFunctionMany(CpuMask.parse("0-2", CPUS), info -> ran.incrementAndGet(), null,
                            false);
                    seen.add("called");
                }
                return 0;
            };
            // Straight above its preparation and below its end: the CPU itself broadcasts, offline and with IRQs off.
            hotplug.setup().setupStateNocalls(CpuhpState.AP_ARM_XEN_STARTING, "test", broadcasts, broadcasts);
            down(3);
            up(3);
            assertThat(seen).hasSize(2);
        });
    }
}
