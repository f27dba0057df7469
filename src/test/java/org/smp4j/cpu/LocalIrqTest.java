package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.at;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalIrqTest {
    private final Cpus cpus = new Cpus(2);
    private final Cpu cpu = cpus.cpu(0);
    private final List<String> taken = new ArrayList<>();

    @BeforeEach
    void install() {
        cpus.installCallFunction(now -> taken.add("call"));
        cpus.installIrqWork(now -> taken.add("irq_work"));
        cpus.installTimer(now -> taken.add("timer"));
    }

    @Test
    void anInterruptThatIsPendingIsTheSameOne() {
        at(cpu, () -> {
            LocalIrq.disable();
            cpu.sendInterrupt(PendingWord.CALL);
            cpu.sendInterrupt(PendingWord.CALL);
            cpu.sendInterrupt(PendingWord.CALL);
            assertThat(taken).isEmpty();
            LocalIrq.enable();
            assertThat(taken).containsExactly("call");
            LocalIrq.enable();
            assertThat(taken).hasSize(1);
        });
    }

    @Test
    void nothingIsTakenWhileIrqsAreOff() {
        at(cpu, () -> {
            LocalIrq.disable();
            cpu.sendInterrupt(PendingWord.TIMER);
            cpu.poll();
            Preempt.disable();
            Preempt.enable();
            cpu.sitter().relax(0);
            assertThat(taken).isEmpty();
            assertThat(cpu.pendingBits()).isEqualTo(PendingWord.TIMER);
            LocalIrq.enable();
            assertThat(taken).containsExactly("timer");
        });
    }

    @Test
    void restoreBringsBackWhatSaveFound() {
        at(cpu, () -> {
            boolean outer = LocalIrq.save();
            assertThat(outer).isFalse();
            boolean inner = LocalIrq.save();
            assertThat(inner).isTrue();
            cpu.sendInterrupt(PendingWord.CALL);
            LocalIrq.restore(inner);
            assertThat(LocalIrq.disabled()).as("the inner section ends, the outer goes on").isTrue();
            assertThat(taken).isEmpty();
            LocalIrq.restore(outer);
            assertThat(LocalIrq.disabled()).isFalse();
            assertThat(taken).containsExactly("call");
        });
    }

    @Test
    void allThatIsPendingIsTakenAtOnce() {
        at(cpu, () -> {
            LocalIrq.disable();
            cpu.sendInterrupt(PendingWord.TIMER | PendingWord.IRQ_WORK);
            cpu.sendInterrupt(PendingWord.CALL);
            LocalIrq.enable();
            assertThat(taken).containsExactlyInAnyOrder("call", "irq_work", "timer");
        });
    }

    @Test
    void whatAnInterruptSendsToItsOwnCpuComesAfterIt() {
        cpus.installCallFunction(now -> {
            taken.add("call begins");
            now.sendInterrupt(PendingWord.IRQ_WORK);
            now.poll();
            taken.add("call ends");
        });
        at(cpu, () -> {
            cpu.sendInterrupt(PendingWord.CALL);
            cpu.poll();
            assertThat(taken).containsExactly("call begins", "call ends", "irq_work");
        });
    }

    @Test
    void enablingPreemptionIsAPollPointEvenAtCountsAboveZero() {
        at(cpu, () -> {
            Preempt.disable();
            Preempt.disable();
            cpu.sendInterrupt(PendingWord.CALL);
            Preempt.enable();
            assertThat(taken).containsExactly("call");
            Preempt.enable();
        });
    }

    @Test
    void anInterruptSentToAnEmptySeatWaitsForTheNextSitter() {
        cpus.cpu(1).sendInterrupt(PendingWord.CALL);
        at(cpus.cpu(1), () -> {
            assertThat(taken).isEmpty();
            cpus.cpu(1).poll();
            assertThat(taken).containsExactly("call");
        });
    }

    @Test
    void onlyACpuHasAnIrqFlag() {
        assertThatIllegalStateException().isThrownBy(LocalIrq::save);
        assertThatIllegalStateException().isThrownBy(LocalIrq::enable);
        assertThatIllegalStateException().isThrownBy(LocalIrq::disabled);
    }
}
