package org.smp4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.at;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.IrqStats;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.LlistNode;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.Recorder;

class CallFlusherTest {
    private static final class Wakeup extends TtwuNode {
        final String task;

        Wakeup(String task) {
            this.task = task;
        }
    }

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Cpus cpus = new Cpus(BootParams.cpus(3).withPin(false), log::add, null);
    private final Smp smp = new Smp(cpus);
    private final IrqWorks irqWorks = new IrqWorks(smp);
    private final Recorder recorder = new Recorder();
    private final List<String> ran = new ArrayList<>();
    private final Cpu sender = cpus.cpu(0);
    private final Cpu target = cpus.cpu(1);

    @BeforeEach
    void boot() {
        for (int cpu = 0; cpu < 3; cpu++) {
            cpus.setCpuOnline(cpu, true);
            smp.smpcfdPrepareCpu(cpu);
        }
        cpus.setEvents(recorder);
        smp.flusher().installTtwu(chain -> {
            List<String> tasks = new ArrayList<>();
            for (LlistNode node = chain; node != null; node = node.next()) {
                tasks.add(((Wakeup) node).task);
            }
            ran.add("wake " + tasks);
        });
    }

    private Csd csd(String name, int type) {
        Csd csd = new Csd(SmpCallFunc.named(name, info -> ran.add(name)), null);
        csd.setLocked(type);
        return csd;
    }

    private Csd async(String name) {
        return csd(name, CallSingleNode.CSD_TYPE_ASYNC);
    }

    private Csd sync(String name) {
        return csd(name, CallSingleNode.CSD_TYPE_SYNC);
    }

    private void queue(CallSingleNode... nodes) {
        at(sender, () -> {
            Preempt.disable();
            for (CallSingleNode node : nodes) {
                smp.smpCallSingleQueue(sender, target, node);
            }
            Preempt.enable();
        });
    }

    private IrqWork work(String name) {
        IrqWork work = IrqWork.of(w -> ran.add(name));
        work.claim();
        return work;
    }

    private void poll(Cpu cpu) {
        at(cpu, cpu::poll);
    }

    @Test
    @Invariant(10)
    void waitingCallsComeFirstThenOthersAndIrqWorksThenAllWakeUpsAtOnceEachOldestFirst() {
        queue(new Wakeup("t1"), async("a1"), sync("s1"), work("w1"), new Wakeup("t2"), async("a2"), sync("s2"),
                work("w2"), sync("s3"), async("a3"), new Wakeup("t3"));
        poll(target);
        assertThat(ran).containsExactly("s1", "s2", "s3", "a1", "w1", "a2", "w2", "a3", "wake [t1, t2, t3]");
        assertThat(recorder.lines("ipi_send_cpu")).as("one interrupt for the batch").hasSize(1);
        assertThat(recorder.lines("csd_queue_cpu")).hasSize(11);
        assertThat(recorder.lines().subList(12, recorder.lines().size())).as("irq_works leave no trace")
                .containsExactly(
                "1 csd_function_entry s1", "1 csd_function_exit s1", "1 csd_function_entry s2",
                "1 csd_function_exit s2",
                "1 csd_function_entry s3", "1 csd_function_exit s3", "1 csd_function_entry a1",
                "1 csd_function_exit a1",
                "1 csd_function_entry a2", "1 csd_function_exit a2", "1 csd_function_entry a3",
                "1 csd_function_exit a3",
                "1 csd_function_entry sched_ttwu_pending", "1 csd_function_exit sched_ttwu_pending");
    }

    @Test
    @Invariant(10)
    void aBatchOfOneClassKeepsItsOrderToo() {
        queue(sync("s1"), sync("s2"));
        poll(target);
        queue(async("a1"), async("a2"), async("a3"));
        poll(target);
        queue(new Wakeup("t1"), new Wakeup("t2"));
        poll(target);
        queue(async("a4"), sync("s3"));
        poll(target);
        queue(sync("s4"), new Wakeup("t3"));
        poll(target);
        assertThat(ran).containsExactly("s1", "s2", "a1", "a2", "a3", "wake [t1, t2]", "s3", "a4", "s4", "wake [t3]");
    }

    @Test
    @Invariant(3)
    void onlyTheFirstOfABatchBringsAnInterruptAndThatOneServesAll() {
        queue(async("a1"), async("a2"));
        queue(async("a3"));
        assertThat(target.pendingBits()).isEqualTo(PendingWord.CALL);
        assertThat(recorder.lines("ipi_send_cpu")).hasSize(1);
        poll(target);
        assertThat(ran).hasSize(3);
        assertThat(target.pendingBits()).isZero();
        assertThat(target.irqStats().get(IrqStats.Kind.CAL)).isEqualTo(1);
    }

    @Test
    @Invariant({3, 10})
    void whatIsQueuedDuringAFlushComesWithAnInterruptOfItsOwn() {
        Csd late = new Csd(SmpCallFunc.named("late", info -> ran.add("late, by interrupt "
                + "" + target.irqStats().get(IrqStats.Kind.CAL))), null);
        late.setLocked(CallSingleNode.CSD_TYPE_ASYNC);
        Csd later = async("later");
        Csd first = new Csd(SmpCallFunc.named("first", info -> {
            ran.add("first");
            smp.smpCallSingleQueue(Cpu.current(), target, late);
            assertThat(target.pendingBits() & PendingWord.CALL).as("a new generation").isNotZero();
            smp.smpCallSingleQueue(Cpu.current(), target, later);
        }), null);
        first.setLocked(CallSingleNode.CSD_TYPE_ASYNC);
        queue(first, async("a1"));
        poll(target);
        assertThat(ran).containsExactly("first", "a1", "late, by interrupt 2", "later");
        assertThat(recorder.lines("ipi_send_cpu")).hasSize(2);
        assertThat(target.irqStats().get(IrqStats.Kind.CAL)).isEqualTo(2);
        assertThat(cpus.warnings.count()).isZero();
    }

    @Test
    @Invariant({5, 18})
    void theFlushOfACpuThatLeavesRunsInTaskContextAndWarnsOfNothing() {
        Csd call = new Csd(info ->
                ran.add(Integer.toHexString(Preempt.count()) + (LocalIrq.disabled() ? " off " : " on ")
                        + Cpu.smpProcessorId()), null);
        at(sender, () -> smp.smpCallFunctionSingleAsync(1, call));
        at(target, () -> {
            Preempt.disable();
            LocalIrq.disable();
            cpus.setCpuOnline(1, false);
            smp.smpcfdDyingCpu();
            assertThat(ran).containsExactly("1 off 1");
            assertThat(target.callSingleQueue().isEmpty()).isTrue();
            cpus.setCpuOnline(1, true);
            LocalIrq.enable();
            Preempt.enable();
            assertThat(target.pendingBits()).as("the late interrupt found nothing").isZero();
        });
        assertThat(cpus.warnings.count()).isZero();
        assertThat(ran).hasSize(1);
    }

    @Test
    @Invariant(18)
    void callsThatAnInterruptFindsOnACpuThatIsOfflineAreReportedOnceAndRunAllTheSame() {
        cpus.setCpuOnline(1, false);
        queue(async("a1"), sync("s1"), work("w1"), new Wakeup("t1"));
        poll(target);
        assertThat(ran).containsExactly("s1", "a1", "w1", "wake [t1]");
        assertThat(cpus.warnings.count(CallFlusher.IPI_ON_OFFLINE_CPU)).isEqualTo(1);
        assertThat(log).hasSize(5).startsWith("WARNING: __flush_smp_call_function_queue: IPI on offline CPU 1",
                "IPI callback a1+0x0/0x0 sent to offline CPU", "IPI callback s1+0x0/0x0 sent to offline CPU")
                .endsWith("IPI task-wakeup sent to offline CPU");
        assertThat(log.get(3)).startsWith("IPI callback CallFlusherTest$$Lambda")
                .endsWith("+0x0/0x0 sent to offline CPU");

        queue(async("a2"));
        poll(target);
        assertThat(ran).hasSize(5);
        assertThat(log).as("once").hasSize(5);
    }

    @Test
    @Invariant(18)
    void anInterruptWithoutCallsOnACpuThatIsOfflineIsNoReason() {
        cpus.setCpuOnline(1, false);
        target.sendInterrupt(PendingWord.CALL);
        poll(target);
        at(target, () -> smp.flushSmpCallFunctionQueue());
        assertThat(log).isEmpty();
        cpus.setCpuOnline(1, true);
        queue(async("a1"));
        poll(target);
        assertThat(log).isEmpty();
    }

    @Test
    @Invariant(18)
    void theFlushOfIdleWarnsToo() {
        cpus.setCpuOnline(1, false);
        queue(async("a1"));
        at(target, () -> smp.flushSmpCallFunctionQueue());
        assertThat(cpus.warnings.count(CallFlusher.IPI_ON_OFFLINE_CPU)).isEqualTo(1);
        assertThat(ran).containsExactly("a1");
    }

    @Test
    @Invariant(9)
    void aCsdThatIsHandedBackTooEarlyIsNoticed() {
        Csd call = new Csd();
        // what its sender does when its wait has ended
        call.func = SmpCallFunc.named("late", info -> call.generation++);
        call.setLocked(CallSingleNode.CSD_TYPE_SYNC);
        queue(call);
        poll(target);
        assertThat(cpus.warnings.count(Csd.STALE)).isEqualTo(1);
    }

    @Test
    void aFlushWithIrqsOnIsReported() {
        queue(async("a1"));
        at(target, () -> smp.flusher().flush(target, true));
        assertThat(cpus.warnings.count(CallFlusher.IRQS_ON)).isEqualTo(1);
        assertThat(ran).containsExactly("a1");
    }

    @Test
    void aNodesTypeIsWhatItSays() {
        assertThat(async("a").type()).isEqualTo(0x00);
        assertThat(sync("s").type()).isEqualTo(0x10);
        assertThat(work("w").type()).isEqualTo(0x20);
        assertThat(new Wakeup("t").type()).isEqualTo(0x30);
        assertThat(irqWorks).isNotNull();
    }

    @Test
    void theDataOfADeadCpuAreMissedOnlyIfACallOfItIsUnderWayToADeadCpu() {
        cpus.setCpuOnline(2, false);
        Csd[] csds = smp.data(2).cfd.csd;
        csds[1].setLocked(CallSingleNode.CSD_TYPE_ASYNC);
        assertThat(smp.smpcfdDeadCpu(2)).isZero();
        assertThat(cpus.warnings.count()).as("its interrupt may be late").isZero();
        assertThat(smp.data(2).cfd).isNull();
        assertThat(smp.smpcfdDeadCpu(2)).isZero();

        assertThat(smp.smpcfdPrepareCpu(2)).isZero();
        Cfd fresh = smp.data(2).cfd;
        assertThat(fresh.csd).hasSize(3);
        assertThat(smp.smpcfdPrepareCpu(2)).isZero();
        assertThat(smp.data(2).cfd).as("prepared already").isSameAs(fresh);
        fresh.csd[1].setLocked(CallSingleNode.CSD_TYPE_ASYNC);
        cpus.setCpuOnline(1, false);
        smp.smpcfdDeadCpu(2);
        assertThat(cpus.warnings.count(Smp.CFD_IN_USE)).isEqualTo(1);
    }
}
