package org.smp4j.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.Machine;
import org.smp4j.lib.BootParams;

/** What a booted machine keeps on the heap. */
class MemoryTest {
    private static final long LIMIT = 64 * 1024;

    private static long usedAfterCollection() {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            System.gc();
            least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 1024})
    void aCpuCostsLessThan64KiB(int cpus) {
        Machine.boot(BootParams.cpus(2)).close(); // what is loaded once does not count
        long before = usedAfterCollection();
        try (Machine machine = Machine.boot(BootParams.cpus(cpus))) {
            machine.run(0, () -> machine.smp().smpCallFunction(info -> {
            }, null, true));
            assertThat((usedAfterCollection() - before) / cpus).isLessThan(LIMIT);
        }
    }
}
