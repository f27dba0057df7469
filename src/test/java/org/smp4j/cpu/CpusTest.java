package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.Printk;
import org.smp4j.testing.Players;

class CpusTest {
    @Test
    void aMachineToPlayWithIsAllOnlineAndActive() {
        Cpus cpus = new Cpus(70);
        assertThat(cpus.nrCpuIds).isEqualTo(70);
        assertThat(cpus.possible).hasToString("0-69").isEqualTo(cpus.present).isEqualTo(cpus.online)
                .isEqualTo(cpus.active);
        assertThat(cpus.dying.isEmpty()).isTrue();
        assertThat(cpus.numOnline()).isEqualTo(70);
        assertThat(cpus.params).isEqualTo(BootParams.cpus(70).withPin(false));
    }

    @Test
    void aMachineToBootHasNoCpuOnline() {
        Cpus cpus = new Cpus(BootParams.cpus(4).withPin(false), Printk.NONE, null);
        assertThat(cpus.possible).hasToString("0-3").isEqualTo(cpus.present);
        assertThat(cpus.online.isEmpty()).isTrue();
        assertThat(cpus.active.isEmpty()).isTrue();
        assertThat(cpus.numOnline()).isZero();
        assertThat(cpus.cpu(0).isOnline()).isFalse();
    }

    @Test
    void onlyARealChangeIsCounted() {
        Cpus cpus = new Cpus(3);
        cpus.setCpuOnline(1, true);
        assertThat(cpus.numOnline()).isEqualTo(3);
        cpus.setCpuOnline(1, false);
        cpus.setCpuOnline(1, false);
        assertThat(cpus.numOnline()).isEqualTo(2);
        assertThat(cpus.cpu(1).isOnline()).isFalse();
        assertThat(cpus.active.testCpu(1)).as("active is another mask").isTrue();
        cpus.setCpuOnline(1, true);
        assertThat(cpus.numOnline()).isEqualTo(3);
        assertThat(cpus.cpu(1).isOnline()).isTrue();
    }

    @Test
    void theCountIsTheMasksWeightAfterARace() throws InterruptedException {
        Cpus cpus = new Cpus(3);
        Players.Play changer = cpu -> {
            for (int i = 0; i < 10_001; i++) {
                cpus.setCpuOnline(2, i % 2 == 0);
            }
        };
        new Players(cpus).cpu(0, changer).cpu(1, changer).run();
        assertThat(cpus.numOnline()).isEqualTo(cpus.online.weight()).isEqualTo(3);
    }

    @Test
    void interruptsWithoutHandlerAreTakenAndForgotten() {
        Cpus cpus = new Cpus(1);
        Players.at(cpus.cpu(0), () -> {
            cpus.cpu(0).sendInterrupt(PendingWord.INTERRUPTS);
            cpus.cpu(0).poll();
            assertThat(cpus.cpu(0).pendingBits()).isZero();
        });
        assertThat(cpus.warnings.count()).isZero();
    }

    @Test
    void withoutASchedulerARequestToGiveWayStays() {
        Cpus cpus = new Cpus(1);
        Players.at(cpus.cpu(0), () -> {
            cpus.cpu(0).resched();
            Preempt.disable();
            Preempt.enable();
            assertThat(cpus.cpu(0).needResched()).isTrue();
        });
    }

    @Test
    void theLargestMachineCanBeMade() {
        assertThat(new Cpus(4096).cpu(4095).id).isEqualTo(4095);
    }
}
