package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.smp4j.testing.Players;

class PendingWordTest {
    private final PendingWord word = new PendingWord();

    @Test
    void theBitsAreDistinct() {
        int[] bits =
                {PendingWord.CALL, PendingWord.IRQ_WORK, PendingWord.RESCHED, PendingWord.TIMER,
                PendingWord.NEED_RESCHED, PendingWord.POLLING,
            PendingWord.PARKED};
        int all = 0;
        for (int bit : bits) {
            assertThat(Integer.bitCount(bit)).isEqualTo(1);
            assertThat(all & bit).isZero();
            all |= bit;
        }
        assertThat(PendingWord.INTERRUPTS)
                .isEqualTo(PendingWord.CALL | PendingWord.IRQ_WORK | PendingWord.RESCHED | PendingWord.TIMER);
    }

    @Test
    void settingAndClearingTellWhatWasThere() {
        assertThat(word.getAndSet(PendingWord.CALL)).isZero();
        assertThat(word.getAndSet(PendingWord.CALL | PendingWord.TIMER)).isEqualTo(PendingWord.CALL);
        assertThat(word.getAndClear(PendingWord.CALL)).isEqualTo(PendingWord.CALL | PendingWord.TIMER);
        assertThat(word.get()).isEqualTo(word.peek()).isEqualTo(PendingWord.TIMER);
    }

    @Test
    void onlyACpuThatPollsIsAskedToRescheduleWithoutInterrupt() {
        assertThat(word.setNeedReschedIfPolling()).isFalse();
        word.getAndSet(PendingWord.PARKED);
        assertThat(word.setNeedReschedIfPolling()).isFalse();
        assertThat(word.get()).isEqualTo(PendingWord.PARKED);
        word.getAndSet(PendingWord.POLLING);
        assertThat(word.setNeedReschedIfPolling()).isTrue();
        assertThat(word.setNeedReschedIfPolling()).as("asked already").isTrue();
        assertThat(word.get()).isEqualTo(PendingWord.PARKED | PendingWord.POLLING | PendingWord.NEED_RESCHED);
    }

    @Test
    void parkingTurnsPollingOffAndFailsIfAnythingIsPending() {
        word.getAndSet(PendingWord.POLLING);
        assertThat(word.park()).isTrue();
        assertThat(word.get()).isEqualTo(PendingWord.PARKED);
        word.getAndClear(PendingWord.PARKED);
        for (int bit : new int[] {PendingWord.CALL, PendingWord.IRQ_WORK, PendingWord.RESCHED, PendingWord.TIMER,
                PendingWord.NEED_RESCHED}) {
            word.getAndSet(PendingWord.POLLING | bit);
            assertThat(word.park()).isFalse();
            assertThat(word.get()).isEqualTo(PendingWord.POLLING | bit);
            word.getAndClear(bit);
        }
    }

    @Test
    void aThreadThatSetsABitWhileTheOwnerParksSeesThatOrStopsIt() throws InterruptedException {
        int rounds = 20_000;
        PendingWord shared = new PendingWord();
        int[] told = new int[1];
        int[] stopped = new int[1];
        new Players(new Cpus(2)).cpu(0, cpu -> {
            for (int i = 0; i < rounds; i++) {
                if (!shared.park()) {
                    stopped[0]++;
                }
                Players.until(() -> (shared.get() & PendingWord.CALL) != 0);
                shared.getAndClear(PendingWord.PARKED);
                shared.getAndClear(PendingWord.CALL);
            }
        }).cpu(1, cpu -> {
            for (int i = 0; i < rounds; i++) {
                if ((shared.getAndSet(PendingWord.CALL) & PendingWord.PARKED) != 0) {
                    told[0]++;
                }
                Players.until(() -> (shared.get() & PendingWord.CALL) == 0);
            }
        }).run();
        assertThat(told[0] + stopped[0]).isEqualTo(rounds);
    }
}
