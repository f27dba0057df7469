package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.at;

import org.junit.jupiter.api.Test;

class IrqStatsTest {
    @Test
    void eachInterruptIsCountedOnceWhereItIsTaken() {
        Cpus cpus = new Cpus(2);
        Cpu cpu = cpus.cpu(0);
        at(cpu, () -> {
            cpu.sendInterrupt(PendingWord.CALL);
            cpu.sendInterrupt(PendingWord.CALL);
            assertThat(cpu.irqStats().total()).as("sent, not taken").isZero();
            cpu.poll();
            cpu.sendInterrupt(PendingWord.TIMER | PendingWord.RESCHED);
            cpu.poll();
            cpu.sendInterrupt(PendingWord.TIMER | PendingWord.IRQ_WORK);
            cpu.poll();
        });
        IrqStats stats = cpu.irqStats();
        assertThat(stats.get(IrqStats.Kind.CAL)).isEqualTo(1);
        assertThat(stats.get(IrqStats.Kind.IWI)).isEqualTo(1);
        assertThat(stats.get(IrqStats.Kind.RES)).isEqualTo(1);
        assertThat(stats.get(IrqStats.Kind.LOC)).isEqualTo(2);
        assertThat(stats.total()).isEqualTo(5);
        assertThat(cpus.cpu(1).irqStats().total()).isZero();
    }

    @Test
    void theNamesAreThoseOfProcInterrupts() {
        assertThat(IrqStats.Kind.values()).extracting(kind -> kind + " " + kind.title())
                .containsExactly("CAL Function call interrupts",
                "IWI IRQ work interrupts", "RES Rescheduling interrupts", "LOC Local timer interrupts");
    }
}
