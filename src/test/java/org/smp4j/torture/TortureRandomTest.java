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

    /** A seed that is written down somewhere means the same run as ever. */
    @Test
    void seedsOfWorkersAreThoseOfSplitMix64() {
        assertThat(TortureConfig.cpus(4).withSeed(1).seedOf(0)).isEqualTo(0x910a2dec89025cc1L);
        assertThat(TortureConfig.cpus(4).withSeed(1).seedOf(1)).isEqualTo(0xbeeb8da1658eec67L);
        assertThat(TortureConfig.cpus(4).withSeed(7).seedOf(-3)).isEqualTo(0x84bfe4e8cde02a6eL);
    }
}
