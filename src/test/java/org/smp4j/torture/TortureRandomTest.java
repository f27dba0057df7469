package org.smp4j.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TortureRandomTest {
    @Test
    void halfWordsOfTheStateAreSwapped() {
        // One step from 0 leaves the addend, 479001701 = 0x1c8cfc65.
        assertThat(new TortureRandom(0).next()).isEqualTo(0xfc65_1c8cL);
    }

    @Test
    void stateGoesOnWithAllItsBits() {
        TortureRandom random = new TortureRandom(0);
        long state = 0;
        for (int draw = 0; draw < 20_000; draw++) {
            state = state * 39916801 + 479001701;
            long low = state & 0xffff_ffffL;
            assertThat(random.next()).isEqualTo(low >>> 16 | (low & 0xffff) << 16);
        }
    }

    @Test
    void seedsOfWorkersDiffer() {
        TortureConfig config = TortureConfig.cpus(4).withSeed(1);
        assertThat(config.seedOf(0)).isNotEqualTo(config.seedOf(1)).isNotEqualTo(config.withSeed(2).seedOf(0))
                .isEqualTo(config.withSeed(1).seedOf(0));
    }
}
