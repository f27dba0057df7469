package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.hotplug.CpuHotplug;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Workqueue;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;
import org.smp4j.testing.TestMachine;

/**
 * What comes of a CPU that does not exist, of one that is offline, and of a function that throws: one answer for each
 * function, the kernel's.
 */
class AnswersTest {
    private static final List<Integer> NO_CPUS = List.of(-1, 4, 99, Integer.MIN_VALUE, Integer.MAX_VALUE);
    private static final int OFFLINE = 3;

    private final TestMachine box = TestMachine.boot(4);
    private final Machine machine = box.machine();
    private final Smp smp = machine.smp();
    private final StopMachine stop = machine.stopMachine();
    private final Workqueue works = machine.workqueue();
    private final CpuHotplug hotplug = machine.hotplug();
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void close() {
        box.close();
    }

    private int count() {
        ran.incrementAndGet();
        return 7;
    }

    private Map<String, Integer> answers(int cpu) {
        CpuStopFn fn = arg -> count();
        Map<String, Integer> answers = new LinkedHashMap<>();
        answers.put("single", smp.smpCallFunctionSingle(cpu, info -> count(), null, true));
        answers.put("async", smp.smpCallFunctionSingleAsync(cpu, new Csd(info -> count(), null)));
        answers.put("call_on", works.smpCallOnCpu(cpu, this::count));
        answers.put("stop_one", stop.stopOneCpu(cpu, fn, null));
        answers.put("stop_nowait", stop.stopOneCpuNowait(cpu, fn, null, new CpuStopWork()) ? 1 : 0);
        answers.put("stop_two", stop.stopTwoCpus(1, cpu, fn, null));
        answers.put("stop_two, reversed", stop.stopTwoCpus(cpu, 1, fn, null));
        machine.cpuHotplugLock().cpusReadLock();
        answers.put("stop_core", stop.stopCoreCpuslocked(cpu, fn, null));
        machine.cpuHotplugLock().cpusReadUnlock();
        return answers;
    }

    private static Map<String, Integer> refusals() {
        Map<String, Integer> refusals = new LinkedHashMap<>();
        List.of("single", "async", "call_on").forEach(each -> refusals.put(each, -Errno.ENXIO));
        List.of("stop_one", "stop_two", "stop_two, reversed", "stop_core")
                .forEach(each -> refusals.put(each, -Errno.ENOENT));
        refusals.put("stop_nowait", 0);
        return refusals;
    }

    @Test
    void thereIsOneAnswerForACpuThatDoesNotExist() {
        box.run(0, () -> NO_CPUS.forEach(cpu -> {
            assertThat(answers(cpu)).as("CPU %d", cpu).containsExactlyInAnyOrderEntriesOf(refusals());
            List<IntSupplier> motions =
                    List.of(() -> hotplug.addCpu(cpu), () -> hotplug.removeCpu(cpu), () -> hotplug.cpuUp(cpu),
                    () -> hotplug.cpuDown(cpu),
                    () -> hotplug.files().setTarget(cpu, CpuhpState.OFFLINE), () -> hotplug.files()
                    .setFail(cpu, CpuhpState.INVALID));
            assertThat(motions).as("CPU %d", cpu).allMatch(motion -> motion.getAsInt() == -Errno.EINVAL);
            List<Runnable> others =
                    List.of(() -> works.workOnCpu(cpu, this::count), () -> works.queueWorkOn(cpu, this::count),
                    () -> machine.spawn(cpu, "task", this::count),
                    () -> Kthread.createOnCpu(machine.scheduler(), "kthread", cpu, this::count),
                    () -> machine.irqWorks().irqWorkQueueOn(IrqWork.of(work -> count()), cpu), () -> machine.cpus()
                    .cpu(cpu),
                    () -> machine.scheduler().curr(cpu), () -> hotplug.files()
                    .state(cpu), () -> stop.printStopInfo(cpu), () -> machine.scheduler().timers().migrate(cpu, 0));
            for (Runnable each : others) {
                assertThatIllegalArgumentException().isThrownBy(each::run)
                        .withMessage("CPU " + cpu + ": this machine has 0 to 3");
            }
            machine.scheduler().reschedCpu(cpu);
            assertThat(hotplug.cpuDying(cpu)).isFalse();
        }));
        assertThat(ran).hasValue(0);
    }

    @Test
    void thereIsOneAnswerForACpuThatIsOffline() {
        box.expectWarning(IrqWorks.QUEUE_ON_OFFLINE);
        box.run(0, () -> {
            assertThat(hotplug.removeCpu(OFFLINE)).isZero();
            assertThat(answers(OFFLINE)).containsExactlyInAnyOrderEntriesOf(refusals());
            assertThat(ran).hasValue(0);
            assertThat(hotplug.removeCpu(OFFLINE)).isEqualTo(1);
            assertThat(hotplug.cpuDown(OFFLINE)).isZero();
            assertThatIllegalArgumentException().isThrownBy(() -> machine.spawn(OFFLINE, "task", this::count));
            assertThat(smp.smpCallFunctionAny(CpuMask.of(4, OFFLINE), info -> count(), null, true))
                    .isEqualTo(-Errno.ENXIO);
            smp.onEachCpuMask(CpuMask.of(4, OFFLINE), info -> count(), null, true);
            assertThat(stop.stopMachine(arg -> count(), null, CpuMask.of(4, OFFLINE))).isZero();
            assertThat(ran).hasValue(0);
            assertThat(works.workOnCpu(OFFLINE, this::count)).as("another CPU does it").isEqualTo(7);
            IrqWork work = IrqWork.of(self -> count());
            assertThat(machine.irqWorks().irqWorkQueueOn(work, OFFLINE)).isTrue();
            assertThat(hotplug.addCpu(OFFLINE)).isZero();
            machine.irqWorks().irqWorkSync(work);
        });
        assertThat(ran).hasValue(2);
    }

    @Test
    void whatPassesOnAResultIsNeverPlainSuccessWhenTheFunctionThrew() {
        box.expectWarning(Warnings.THROWN);
        IntSupplier throwing = () -> {
            throw new IllegalStateException("on purpose");
        };
        box.run(0, () -> {
            CpuStopFn fn = arg -> throwing.getAsInt();
            machine.cpuHotplugLock().cpusReadLock();
            assertThat(stop.stopMachineCpuslocked(fn, null, null)).isEqualTo(-Errno.EIO);
            assertThat(stop.stopCoreCpuslocked(2, fn, null)).isEqualTo(-Errno.EIO);
            machine.cpuHotplugLock().cpusReadUnlock();
            assertThat(List.of(stop.stopOneCpu(1, fn, null), stop.stopTwoCpus(1, 2, fn, null),
                    stop.stopMachine(fn, null, null),
                    stop.stopMachine(fn, null, CpuMask.of(4, 1, 2)), works.workOnCpu(1, throwing),
                    works.smpCallOnCpu(1, throwing),
                    hotplug.setup().setupState(CpuhpState.AP_ONLINE_DYN, "test:throws", cpu -> throwing.getAsInt(),
                    null))).containsOnly(-Errno.EIO);
            hotplug.archCpuDisable(cpu -> throwing.getAsInt());
            assertThat(hotplug.removeCpu(1)).isEqualTo(-Errno.EIO);
            hotplug.archCpuDisable(cpu -> 0);
            assertThat(hotplug.removeCpu(1)).isZero();
            assertThat(smp.smpCallFunctionSingle(2, info -> throwing.getAsInt(), null, true)).as("it was called")
                    .isZero();
        });
        assertThat(machine.warnings().count(Warnings.THROWN)).isEqualTo(12);
    }
}
