package org.smp4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.smp4j.testing.Players.at;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingBits;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.Players;
import org.smp4j.testing.Recorder;

class SmpManyTest {
    private static final String IPI = "generic_smp_call_function_single_interrupt";

    private final Cpus cpus = new Cpus(5);
    private final Smp smp = new Smp(cpus);
    private final Recorder recorder = new Recorder();
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final SmpCallFunc func =
            SmpCallFunc.named("f", info -> ran.add(Cpu.smpProcessorId() + (Preempt.inHardirq() ? " irq" : " task")
            + (Cpu.current().irqsDisabled() ? "" : " IRQs on")));

    @BeforeEach
    void record() {
        cpus.setEvents(recorder);
    }

    private CpuMask mask(int... ids) {
        return CpuMask.of(5, ids);
    }

    private void many(CpuMask mask, boolean wait) {
        Preempt.disable();
        smp.smpCallFunctionMany(mask, func, null, wait);
        Preempt.enable();
    }

    private void pollAll() {
        for (int id = 0; id < 5; id++) {
            at(cpus.cpu(id), () -> Cpu.current().poll());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Invariant({5, 12})
    void manyRunsOnEachOnlineCpuOfTheMaskButTheCallersOwn(boolean wait) throws InterruptedException {
        cpus.setCpuOnline(4, false);
        new Players(cpus).cpu(1, cpu -> {
            many(mask(0, 1, 2, 4), wait);
            if (wait) {
                assertThat(ran).containsExactlyInAnyOrder("0 irq", "2 irq");
            }
        }).serving(0, 2, 3, 4).run();
        assertThat(ran).containsExactlyInAnyOrder("0 irq", "2 irq");
        assertThat(cpus.cpu(4).callSingleQueue().isEmpty()).isTrue();
    }

    @Test
    @Invariant({5, 12})
    void onEachCpuRunsLocallyTooInTheTaskWithIrqsOff() throws InterruptedException {
        cpus.setCpuOnline(3, false);
        List<List<String>> results = new ArrayList<>();
        new Players(cpus).cpu(0, cpu -> {
            smp.onEachCpu(func, null, true);
            results.add(List.copyOf(ran));
            ran.clear();
            smp.onEachCpuMask(mask(2, 3, 4), func, null, true);
            results.add(List.copyOf(ran));
            ran.clear();
            smp.onEachCpuMask(mask(0), func, null, true);
            results.add(List.copyOf(ran));
            ran.clear();
            smp.smpCallFunction(func, null, true);
            results.add(List.copyOf(ran));
        }).serving(1, 2, 4).run();
        assertThat(results.get(0)).containsExactlyInAnyOrder("0 task", "1 irq", "2 irq", "4 irq");
        assertThat(results.get(1)).containsExactlyInAnyOrder("2 irq", "4 irq");
        assertThat(results.get(2)).containsExactly("0 task");
        assertThat(results.get(3)).containsExactlyInAnyOrder("1 irq", "2 irq", "4 irq");
        assertThat(cpus.warnings.count()).isZero();
    }

    @Test
    void theLocalFunctionRunsWhileTheOthersHaveTheirInterruptAlready() {
        at(cpus.cpu(0), () -> smp.onEachCpuMask(mask(0, 2, 3), func, null, false));
        assertThat(recorder.lines()).containsExactly("0 csd_queue_cpu 2 f", "0 csd_queue_cpu 3 f",
                "0 ipi_send_cpumask 2-3 " + IPI, "0 csd_function_entry f null", "0 csd_function_exit f null");
    }

    @Test
    @Invariant(13)
    void aCpuForWhichTheConditionFailsIsNeitherLockedNorInterruptedNorWaitedFor() {
        List<String> asked = new ArrayList<>();
        SmpCondFunc cond = (cpu, info) -> {
            asked.add(cpu + " on " + Cpu.smpProcessorId() + " with " + info + " at " + Preempt.count());
            return cpu == 0;
        };
        Csd[] csds = smp.data(0).cfd.csd;
        csds[3].setLocked(CallSingleNode.CSD_TYPE_ASYNC); // a thread that wants to lock it waits forever
        // no thread plays the other CPUs: a wait would not end
        at(cpus.cpu(0), () -> smp.onEachCpuCond(cond, func, "x", true));
        assertThat(asked).containsExactly("1 on 0 with x at 1", "2 on 0 with x at 1", "3 on 0 with x at 1",
                "4 on 0 with x at 1", "0 on 0 with x at 1");
        assertThat(ran).containsExactly("0 task");
        for (int id = 1; id < 5; id++) {
            assertThat(cpus.cpu(id).pendingBits()).isZero();
            assertThat(csds[id].isLocked()).isEqualTo(id == 3);
        }
        assertThat(recorder.lines("csd_queue_cpu")).isEmpty();
    }

    @Test
    @Invariant({12, 13})
    void onlyCpusForWhichTheConditionHoldsRunIt() throws InterruptedException {
        new Players(cpus).cpu(0, cpu -> {
            smp.onEachCpuCondMask((id, info) -> id % 2 == 0, func, null, true, mask(0, 1, 2, 3));
            assertThat(ran).containsExactlyInAnyOrder("0 task", "2 irq");
            ran.clear();
            smp.onEachCpuCond((id, info) -> id == 3, func, null, true);
            assertThat(ran).containsExactly("3 irq");
            ran.clear();
            smp.onEachCpuCondMask((id, info) -> true, func, null, true, mask(2));
            assertThat(ran).containsExactly("2 irq");
        }).serving(1, 2, 3, 4).run();
    }

    @Test
    @Invariant(14)
    void oneTargetGetsASingleInterruptSeveralGetOneForTheMaskAndANonEmptyQueueNone() {
        at(cpus.cpu(0), () -> many(mask(0, 1), false));
        assertThat(recorder.lines("ipi_send_cpu")).containsExactly("0 ipi_send_cpu 1 " + IPI);
        assertThat(recorder.lines("ipi_send_cpumask")).isEmpty();
        pollAll();

        at(cpus.cpu(0), () -> many(mask(1, 2, 3), false));
        assertThat(recorder.lines("ipi_send_cpumask")).containsExactly("0 ipi_send_cpumask 1-3 " + IPI);
        assertThat(recorder.lines("ipi_send_cpu")).hasSize(1);

        at(cpus.cpu(4), () -> many(mask(1, 2, 3), false)); // queues that CPU 0 has filled
        assertThat(recorder.lines("csd_queue_cpu")).hasSize(1 + 3 + 3);
        assertThat(recorder.lines("ipi_send_cpumask")).hasSize(1);
        assertThat(recorder.lines("ipi_send_cpu")).hasSize(1);

        at(cpus.cpu(4), () -> assertThat(smp.smpCallFunctionSingle(0, func, null, false)).isZero());
        at(cpus.cpu(1), () -> Cpu.current().poll());
        at(cpus.cpu(2), () -> many(mask(0, 1, 3), false)); // only CPU 1's queue is empty
        assertThat(recorder.lines("ipi_send_cpumask")).hasSize(1);
        assertThat(recorder.lines("ipi_send_cpu")).hasSize(3).endsWith("2 ipi_send_cpu 1 " + IPI);
        pollAll();
        assertThat(ran).hasSize(1 + 3 + 3 + 1 + 3);
    }

    @Test
    @Invariant(14)
    void aSingleTargetThatPollsIsNotInterruptedButOneOfSeveralIs() {
        PendingBits.set(cpus.cpu(1), PendingWord.POLLING);
        at(cpus.cpu(0), () -> many(mask(1), false));
        assertThat(recorder.lines("sched_wake_idle_without_ipi")).containsExactly("0 sched_wake_idle_without_ipi 1");
        assertThat(recorder.lines("ipi_send_cpu")).isEmpty();
        at(cpus.cpu(1), () -> {
            Cpu.current().clearNeedResched();
            smp.flushSmpCallFunctionQueue();
        });
        PendingBits.set(cpus.cpu(1), PendingWord.POLLING);
        PendingBits.set(cpus.cpu(2), PendingWord.POLLING);
        at(cpus.cpu(0), () -> many(mask(1, 2), false));
        assertThat(recorder.lines("ipi_send_cpumask")).hasSize(1);
        assertThat(cpus.cpu(1).pendingBits()).isEqualTo(PendingWord.POLLING | PendingWord.CALL);
    }

    @Test
    @Invariant(14)
    void noOtherCpuMeansNoInterruptAtAll() {
        at(cpus.cpu(0), () -> {
            many(mask(0), true);
            many(mask(), true);
            smp.onEachCpuMask(mask(), func, null, true);
            smp.onEachCpuCond((id, info) -> false, func, null, true);
        });
        assertThat(recorder.lines()).isEmpty();
        assertThat(ran).isEmpty();
    }

    @Test
    @Invariant(8)
    void everyBroadcastLeavesTheCountAsItWas() throws InterruptedException {
        AtomicInteger sum = new AtomicInteger();
        SmpCallFunc count = info -> sum.incrementAndGet();
        new Players(cpus).cpu(0, cpu -> {
            for (int depth = 0; depth < 2; depth++) {
                for (boolean wait : new boolean[] {true, false}) {
                    smp.smpCallFunction(count, null, wait);
                    smp.onEachCpu(count, null, wait);
                    smp.onEachCpuMask(mask(0, 1), count, null, wait);
                    smp.onEachCpuCond((id, info) -> id < 2, count, null, wait);
                    smp.smpCallFunctionAny(mask(1, 2), count, null, wait);
                    smp.smpCallFunctionSingle(1, count, null, wait);
                    smp.kickAllCpusSync();
                    smp.wakeUpAllIdleCpus();
                    assertThat(Preempt.count()).isEqualTo(depth);
                    assertThat(cpu.irqsDisabled()).isFalse();
                }
                Preempt.disable();
            }
            Preempt.enable();
            Preempt.enable();
        }).serving(1, 2, 3, 4).run();
        assertThat(sum).hasValue(4 * (4 + 5 + 2 + 2 + 1 + 1));
    }

    @Test
    void anyPrefersTheCallersOwnCpuThenTheLowestThatIsOnline() throws InterruptedException {
        cpus.setCpuOnline(1, false);
        new Players(cpus).cpu(2, cpu -> {
            assertThat(smp.smpCallFunctionAny(mask(0, 2, 3), func, null, true)).isZero();
            assertThat(smp.smpCallFunctionAny(mask(1, 3, 4), func, null, true)).isZero();
            assertThat(smp.smpCallFunctionAny(mask(1), func, null, true)).isEqualTo(-Errno.ENXIO);
            assertThat(smp.smpCallFunctionAny(mask(), func, null, false)).isEqualTo(-Errno.ENXIO);
        }).serving(0, 3, 4).run();
        assertThat(ran).containsExactly("2 task", "3 irq");
    }

    @Test
    void idleCpusAreTheOnlyOnesWokenUp() {
        at(cpus.cpu(0), () -> smp.wakeUpAllIdleCpus());
        for (int id = 0; id < 5; id++) {
            assertThat(cpus.cpu(id).pendingBits()).isZero();
        }
    }

    @Test
    void aBroadcastOfNothingIsRefusedBeforeAnythingIsQueued() {
        at(cpus.cpu(0), () -> {
            Preempt.disable();
            assertThatNullPointerException().isThrownBy(() -> smp.smpCallFunctionMany(mask(1), null, null, true))
                    .withMessage("func");
            Preempt.enable();
        });
        assertThat(recorder.lines()).isEmpty();
    }
}
