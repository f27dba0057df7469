package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.at;

import org.junit.jupiter.api.Test;

class PerCpuTest {
    private final Cpus cpus = new Cpus(4);
    private final PerCpu<StringBuilder> values = new PerCpu<>(cpus, cpu -> new StringBuilder("of " + cpu));

    @Test
    void everyCpuHasItsOwnValue() {
        for (int cpu = 0; cpu < 4; cpu++) {
            assertThat(values.get(cpu)).hasToString("of " + cpu);
        }
        assertThat(values.get(1)).isSameAs(values.get(1)).isNotSameAs(values.get(2));
    }

    @Test
    void thisCpuIsWhereTheCallerSits() {
        at(cpus.cpu(3), () -> assertThat(values.thisCpu()).isSameAs(values.get(3)));
        assertThatIllegalStateException().isThrownBy(values::thisCpu);
    }
}
