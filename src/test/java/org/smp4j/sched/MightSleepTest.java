package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.call.IrqWork;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Completion;
import org.smp4j.testing.TestMachine;

/**
 * A call that may sleep is refused in atomic context, also when there is nothing to wait for; and a refused waiter is
 * not left in the queue.
 */
class MightSleepTest {
    private final TestMachine box = TestMachine.boot(4);
    private final Machine machine = box.machine();
    private final Scheduler scheduler = machine.scheduler();

    @AfterEach
    void close() {
        box.close();
    }

    /** Everything that may sleep and has no reason to. */
    private Map<String, Runnable> sleepers() {
        Completion complete = new Completion();
        complete.completeAll();
        Map<String, Runnable> all = new LinkedHashMap<>();
        all.put("mutex_lock", () -> new Mutex().lock());
        all.put("wait_for_completion", complete::waitForCompletion);
        all.put("wait_for_completion, timed", () -> complete.waitForCompletionTimeout(1));
        all.put("percpu_down_read", () -> new PercpuRwsem(scheduler).downRead());
        all.put("percpu_down_write", () -> new PercpuRwsem(scheduler).downWrite());
        all.put("cpus_read_lock", () -> machine.cpuHotplugLock().cpusReadLock());
        all.put("irq_work_sync", () -> machine.irqWorks().irqWorkSync(IrqWork.of(work -> { })));
        all.put("cond_resched", scheduler::condResched);
        all.put("schedule", scheduler::schedule);
        all.put("yield", scheduler::yieldCpu);
        all.put("msleep", () -> scheduler.timers().msleep(0));
        all.put("schedule_timeout", () -> scheduler.timers().scheduleTimeout(0));
        all.put("synchronize_rcu", () -> scheduler.rcu().synchronizeRcu());
        all.put("synchronize_rcu_expedited", () -> scheduler.rcu().expedited().synchronizeRcuExpedited());
        all.put("set_cpus_allowed_ptr", () -> scheduler.setCpusAllowedPtr(Task.current(), Task.current().affinity()));
        all.put("work_on_cpu", () -> machine.workqueue().workOnCpu(1, () -> 0));
        all.put("smp_call_on_cpu", () -> machine.workqueue().smpCallOnCpu(1, () -> 0));
        all.put("kthread_stop", () -> Kthread.createOnCpu(scheduler, "kthread/1", 1, () -> { }).kthreadStop());
        all.put("kthread_park", () -> Kthread.createOnCpu(scheduler, "kthread/1", 1, () -> { }).kthreadPark());
        all.put("stop_one_cpu", () -> machine.stopMachine().stopOneCpu(1, arg -> 0, null));
        all.put("stop_two_cpus", () -> machine.stopMachine().stopTwoCpus(1, 2, arg -> 0, null));
        all.put("stop_machine", () -> machine.stopMachine().stopMachine(arg -> 0, null, null));
        all.put("add_cpu", () -> machine.hotplug().addCpu(1));
        all.put("cpu_hotplug_disable", () -> machine.hotplug().cpuHotplugDisable());
        return all;
    }

    private void assertRefused(String where, Runnable sleeper) {
        int before = machine.warnings().count(Scheduler.WHILE_ATOMIC);
        assertThatIllegalStateException().as(where).isThrownBy(sleeper::run)
                .withMessageContaining("must not sleep here");
        assertThat(machine.warnings().count(Scheduler.WHILE_ATOMIC)).as(where).isEqualTo(before + 1);
    }

    @Test
    void whatMayNotSleepIsRefusedAlthoughThereIsNothingToWaitFor() {
        box.expectWarning(Scheduler.WHILE_ATOMIC);
        box.run(0, () -> sleepers().forEach((name, sleeper) -> {
            Preempt.disable();
            assertRefused(name + " with preemption off", sleeper);
            assertThat(Preempt.count()).as(name).isEqualTo(1);
            Preempt.enable();
            assertThat(Preempt.preemptible()).as(name).isTrue();
        }));
        box.run(0, () -> sleepers().forEach((name, sleeper) -> machine.stopMachine().stopOneCpu(1, arg -> {
            assertRefused(name + " in a stopper", sleeper);
            return 0;
        }, null)));
        assertThat(machine.warnings().list()).allMatch(warning -> warning.site().equals(Scheduler.WHILE_ATOMIC));
    }

    @Test
    void itIsNotRefusedWhereOneMaySleep() {
        box.run(0, () -> sleepers().forEach((name, sleeper) -> {
            sleeper.run();
            if (name.equals("cpus_read_lock")) {
                machine.cpuHotplugLock().cpusReadUnlock();
            } else if (name.equals("cpu_hotplug_disable")) {
                machine.hotplug().cpuHotplugEnable();
            }
        }));
    }

    @Test
    void aRefusedTaskIsNotInTheQueueOfAMutex() {
        box.expectWarning(Scheduler.WHILE_ATOMIC);
        Mutex mutex = new Mutex();
        box.run(0, () -> {
            mutex.lock();
            box.start(1, "refused", () -> {
                Preempt.disable();
                assertThatIllegalStateException().isThrownBy(mutex::lock);
                Preempt.enable();
            }).join();
            mutex.unlock();
            assertThat(mutex.isLocked()).isFalse();
            assertThat(mutex.tryLock()).isTrue();
        });
    }

    @Test
    void aRefusedTaskTakesNoCompletion() {
        box.expectWarning(Scheduler.WHILE_ATOMIC);
        Completion completion = new Completion();
        box.run(0, () -> {
            boolean flags = LocalIrq.save();
            assertThatIllegalStateException().isThrownBy(completion::waitForCompletion);
            LocalIrq.restore(flags);
            completion.complete();
            assertThat(completion.tryWaitForCompletion()).isTrue();
        });
    }
}
