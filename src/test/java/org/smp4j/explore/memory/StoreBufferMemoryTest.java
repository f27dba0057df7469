package org.smp4j.explore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.explore.memory.Strands.OPAQUE;
import static org.smp4j.explore.memory.Strands.RELEASE;
import static org.smp4j.explore.memory.Strands.VOLATILE;
import static org.smp4j.explore.memory.Strands.X;
import static org.smp4j.explore.memory.Strands.Y;
import static org.smp4j.explore.memory.Strands.Z;

import org.junit.jupiter.api.Test;

/** Store buffers: a strand reads early, and nothing else is out of order. */
class StoreBufferMemoryTest {
    private final Strands run = Strands.tso();

    @Test
    void aReadMayComeBeforeTheStoreAhead() {
        run.write(0, X, OPAQUE, 1);
        run.write(1, Y, RELEASE, 1);
        assertThat(run.stale(1, X)).isEqualTo(1);
        run.memory.fence(1, Fence.RELEASE);
        run.memory.fence(1, Fence.STORE_STORE);
        run.memory.fence(1, Fence.ACQUIRE);
        run.memory.fence(1, Fence.LOAD_LOAD);
        assertThat(run.stale(1, X)).as("after the weak fences").isEqualTo(1);
        run.memory.fence(1, Fence.FULL);
        assertThat(run.stale(1, X)).isZero();
    }

    @Test
    void storesBecomeVisibleInOrder() {
        run.write(0, X, OPAQUE, 1);
        run.write(0, Y, OPAQUE, 1);
        run.read(1, Y, OPAQUE);
        assertThat(run.stale(1, X)).isZero();
    }

    @Test
    void aStoreBecomesVisibleToAllOthersAtOnce() {
        run.write(0, X, OPAQUE, 1);
        run.write(1, Y, OPAQUE, 1);
        run.read(2, X, OPAQUE);
        run.read(2, Y, OPAQUE, 1);
        run.read(3, Y, OPAQUE);
        assertThat(run.stale(3, X)).isZero();
    }

    @Test
    void aStrandReadsItsOwnStoreEarly() {
        run.write(0, X, OPAQUE, 1);
        run.write(1, Y, OPAQUE, 1);
        assertThat(run.stale(1, Y)).isZero();
        run.read(1, Y, OPAQUE);
        assertThat(run.stale(1, X)).as("the store may still be in the buffer").isEqualTo(1);
    }

    @Test
    void aVolatileWriteDrainsTheBuffer() {
        run.write(0, X, OPAQUE, 1);
        run.write(1, Y, VOLATILE, 1);
        assertThat(run.stale(1, X)).isZero();
    }

    @Test
    void anExchangeDrainsTheBuffer() {
        run.write(0, X, OPAQUE, 1);
        run.exchange(1, Y, OPAQUE, 1);
        assertThat(run.stale(1, X)).isZero();
    }

    @Test
    void whoReceivesSeesWhatWasThereThen() {
        run.write(0, X, OPAQUE, 1);
        View knowledge = run.memory.publish(0);
        run.write(0, Y, OPAQUE, 1);
        run.memory.receive(1, knowledge);
        assertThat(run.stale(1, X)).isZero();
        assertThat(run.stale(1, Y)).isEqualTo(1);
    }

    @Test
    void aCopyGoesItsOwnWay() {
        run.write(0, X, OPAQUE, 1);
        Memory copy = run.memory.copy();
        run.memory.fence(1, Fence.FULL);
        assertThat(copy.readable(1, X, OPAQUE)).isEqualTo(2);
        assertThat(run.stale(1, X)).isZero();
    }

    @Test
    void onlyTheLastValuesAreKept() {
        Strands two = new Strands(Memory.of(MemoryModel.TSO, 2, false, false));
        two.read(1, X, OPAQUE);
        two.write(0, X, OPAQUE, 1);
        two.write(0, X, OPAQUE, 2);
        assertThat(two.stale(1, X)).isEqualTo(1);
        assertThat(two.memory.forgot()).isTrue();
    }

    @Test
    void whatOvertakesTheBufferCarriesWhatWasDrained() {
        run.write(0, X, OPAQUE, 1);
        run.memory.receive(1, run.memory.carried(0));
        assertThat(run.stale(1, X)).as("the store is in the buffer").isEqualTo(1);
        run.exchange(0, Y, RELEASE, 1);
        run.write(0, Z, OPAQUE, 1);
        run.memory.receive(1, run.memory.carried(0));
        assertThat(run.stale(1, X)).isZero();
        assertThat(run.stale(1, Z)).as("this one again").isEqualTo(1);
        run.memory.receive(1, run.memory.publish(0));
        assertThat(run.stale(1, Z)).isZero();
    }
}
