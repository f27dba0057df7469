package org.smp4j.explore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SequentialMemoryTest {
    @Test
    void onlyTheNewestValueIsRead() {
        Strands run = new Strands(Memory.of(MemoryModel.SC, Memory.ALL, false, false));
        run.write(0, Strands.X, Strands.PLAIN, 1);
        assertThat(run.stale(1, Strands.X)).isZero();
        assertThat(run.read(1, Strands.X, Strands.PLAIN)).isEqualTo(1);
        assertThat(run.memory.mayWrite(1, Strands.X, Strands.PLAIN, 1)).isFalse();
        assertThat(run.memory.forgot()).isFalse();
    }

    @Test
    void aLocationKeepsAValueAtLeast() {
        assertThatThrownBy(() -> Memory.of(MemoryModel.JAVA, 0, false, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 0");
    }
}
