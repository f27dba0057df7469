package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.Completion;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Warnings;
import org.smp4j.testing.TestMachine;

class WorkqueueTest {
    private final TestMachine box = TestMachine.boot(4);
    private final Machine machine = box.machine();
    private final Workqueue workqueue = machine.workqueue();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        box.close();
    }

    @Test
    void worksOfOneCpuRunInOrderAsATaskThatMaySleep() {
        box.run(0, () -> {
            for (int i = 0; i < 20; i++) {
                int number = i;
                workqueue.queueWorkOn(2, () -> {
                    machine.scheduler().mightSleep("work");
                    log.add(number + " " + Task.current().comm() + " " + Cpu.smpProcessorId());
                });
            }
            until(() -> log.size() == 20);
        });
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            expected.add(i + " kworker/2:0 2");
        }
        assertThat(log).containsExactlyElementsOf(expected);
    }

    @Test
    void worksQueuedFromEverywhereAllRunOnce() {
        AtomicInteger ran = new AtomicInteger();
        int each = 300;
        box.run(0, () -> {
            List<Task> tasks = new ArrayList<>();
            for (int cpu = 0; cpu < 4; cpu++) {
                tasks.add(box.start(cpu, "queuer/" + cpu, () -> {
                    for (int i = 0; i < each; i++) {
                        workqueue.queueWorkOn(i % 4, ran::incrementAndGet);
                    }
                }));
            }
            tasks.forEach(Task::join);
            until(() -> ran.get() == 4 * each);
            for (int cpu = 0; cpu < 4; cpu++) {
                workqueue.workOnCpu(cpu, () -> 0);
            }
        });
        assertThat(ran).hasValue(4 * each);
    }

    @Test
    void workOnCpuWaitsEvenForOneThatSleeps() {
        Completion done = new Completion();
        box.run(0, () -> {
            box.start(1, "completer", () -> {
                machine.scheduler().timers().msleep(2);
                done.complete();
            });
            assertThat(workqueue.workOnCpu(3, () -> {
                done.waitForCompletion();
                return -5;
            })).isEqualTo(-5);
        });
    }

    @Test
    void anInterruptMayQueueAWork() {
        box.run(0, () -> {
            machine.smp().smpCallFunctionSingle(1, info -> workqueue.queueWorkOn(2, () -> log.add("work")), null, true);
            until(() -> !log.isEmpty());
        });
    }

    @Test
    void aWorkThatThrowsIsReportedAndTheNextOneRuns() {
        box.expectWarning(Warnings.THROWN);
        box.run(0, () -> {
            workqueue.queueWorkOn(1, () -> {
                throw new LinkageError("on purpose");
            });
            assertThat(workqueue.workOnCpu(1, () -> {
                throw new IllegalStateException("on purpose");
            })).isEqualTo(-Errno.EIO);
            assertThat(workqueue.workOnCpu(1, () -> 3)).isEqualTo(3);
        });
        assertThat(machine.warnings().count(Warnings.THROWN)).isEqualTo(2);
    }

    @Test
    void smpCallOnCpuRefusesWhatDoesNotExist() {
        box.run(0, () -> {
            assertThat(workqueue.smpCallOnCpu(4, () -> 0)).isEqualTo(-Errno.ENXIO);
            assertThat(workqueue.smpCallOnCpu(3, () -> 9)).isEqualTo(9);
        });
    }
}
