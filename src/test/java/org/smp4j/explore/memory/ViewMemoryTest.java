package org.smp4j.explore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smp4j.explore.memory.Strands.ACQUIRE;
import static org.smp4j.explore.memory.Strands.OPAQUE;
import static org.smp4j.explore.memory.Strands.PLAIN;
import static org.smp4j.explore.memory.Strands.RELEASE;
import static org.smp4j.explore.memory.Strands.VOLATILE;
import static org.smp4j.explore.memory.Strands.X;
import static org.smp4j.explore.memory.Strands.Y;
import static org.smp4j.explore.memory.Strands.Z;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each rule of the model {@code java}: what it lets a strand read, and what not. */
class ViewMemoryTest {
    private Strands run = Strands.java();

    @Nested
    class Reads {
        @Test
        void anOlderValueMayBeRead() {
            run.write(0, X, OPAQUE, 1);
            run.write(0, X, OPAQUE, 2);
            assertThat(run.stale(1, X)).isEqualTo(2);
            assertThat(run.read(1, X, OPAQUE, 2)).isZero();
            assertThat(run.read(1, X, OPAQUE, 1)).isEqualTo(1);
        }

        @Test
        void aLocationNeverGoesBackForAStrand() {
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, OPAQUE);
            assertThat(run.stale(1, X)).isZero();
            assertThat(run.stale(2, X)).isEqualTo(1);
            assertThatThrownBy(() -> run.read(1, X, OPAQUE, 1)).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void aStrandSeesItsOwnWrites() {
            run.write(0, X, OPAQUE, 1);
            assertThat(run.stale(0, X)).isZero();
        }

        @ParameterizedTest
        @EnumSource(names = {"PLAIN", "OPAQUE"})
        void aReadOfOneLocationSaysNothingOfAnother(AccessMode mode) {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.read(1, Y, mode);
            assertThat(run.stale(1, X)).isEqualTo(1);
        }

        @ParameterizedTest
        @EnumSource(names = {"ACQUIRE", "ACQUIRE_RELEASE", "VOLATILE"})
        void anAcquireSeesWhatWasReleased(AccessMode mode) {
            run.write(0, X, PLAIN, 1);
            run.write(0, Y, RELEASE, 1);
            run.read(1, Y, mode);
            assertThat(run.stale(1, X)).isZero();
        }

        @Test
        void anAcquireOfTheValueBeforeSeesNothing() {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.read(1, Y, ACQUIRE, 1);
            assertThat(run.stale(1, X)).isEqualTo(1);
        }
    }

    @Nested
    class Writes {
        @ParameterizedTest
        @EnumSource(names = {"PLAIN", "OPAQUE"})
        void aWriteThatDoesNotReleasePublishesOnlyItself(AccessMode mode) {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, mode, 1);
            run.read(1, Y, ACQUIRE);
            assertThat(run.stale(1, X)).isEqualTo(1);
            assertThat(run.stale(1, Y)).isZero();
        }

        @Test
        void aReleasePublishesWhatItsStrandHasReadInAnyMode() {
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, OPAQUE);
            run.write(1, Y, RELEASE, 1);
            run.read(2, Y, ACQUIRE);
            assertThat(run.stale(2, X)).isZero();
        }

        @Test
        void aReleasePublishesWhatAMessageCarriedThatWasNotAcquired() {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.read(1, Y, OPAQUE);
            assertThat(run.stale(1, X)).isEqualTo(1);
            run.write(1, Z, RELEASE, 1);
            run.read(2, Z, ACQUIRE);
            assertThat(run.stale(2, X)).isZero();
        }

        @Test
        void aWritePublishesWhatItsStrandHasAcquired() {
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, ACQUIRE);
            run.write(1, Z, OPAQUE, 1);
            run.read(2, Z, ACQUIRE);
            assertThat(run.stale(2, X)).isZero();
        }

        @Test
        void aWriteDoesNotPublishWhatItsStrandHasReadWithoutAcquiring() {
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, OPAQUE);
            run.write(1, Z, OPAQUE, 1);
            run.read(2, Z, ACQUIRE);
            assertThat(run.stale(2, X)).isEqualTo(1);
        }
    }

    @Nested
    class Exchanges {
        @Test
        void anExchangeReadsTheNewestValue() {
            run.write(0, X, OPAQUE, 1);
            assertThat(run.memory.mayExchange(1, X, OPAQUE, 1)).isFalse();
            assertThat(run.exchange(1, X, OPAQUE, 2)).isEqualTo(1);
            assertThat(run.read(2, X, OPAQUE)).isEqualTo(2);
        }

        @ParameterizedTest
        @EnumSource
        void anExchangePassesOnWhatWasReleasedBefore(AccessMode mode) {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.exchange(1, Y, mode, 2);
            run.read(2, Y, ACQUIRE);
            assertThat(run.stale(2, X)).isZero();
        }

        @Test
        void aWriteBetweenEndsWhatWasReleased() {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.write(1, Y, OPAQUE, 2);
            run.read(2, Y, ACQUIRE);
            assertThat(run.stale(2, X)).isEqualTo(1);
        }

        @Test
        void anExchangeAcquiresOnlyIfItsModeDoes() {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.exchange(1, Y, RELEASE, 2);
            assertThat(run.stale(1, X)).isEqualTo(1);
            run.exchange(1, Y, ACQUIRE, 3);
            assertThat(run.stale(1, X)).isZero();
        }

        @Test
        void anExchangeReleasesOnlyIfItsModeDoes() {
            run.write(0, X, OPAQUE, 1);
            run.exchange(0, Y, ACQUIRE, 1);
            run.read(1, Y, ACQUIRE);
            assertThat(run.stale(1, X)).isEqualTo(1);
            run.exchange(0, Y, RELEASE, 2);
            run.read(1, Y, ACQUIRE);
            assertThat(run.stale(1, X)).isZero();
        }
    }

    @Nested
    class Fences {
        /** x and y are written with a fence between; the reader acquires y. */
        private int staleAfterWrites(Fence fence) {
            run.write(0, X, OPAQUE, 1);
            run.memory.fence(0, fence);
            run.write(0, Y, OPAQUE, 1);
            run.read(1, Y, ACQUIRE);
            return run.stale(1, X);
        }

        /** y was released after x; the reader reads it opaquely, and then there is a fence. */
        private int staleAfterRead(Fence fence) {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.read(1, Y, OPAQUE);
            run.memory.fence(1, fence);
            return run.stale(1, X);
        }

        /** x is read, z written with a fence between; the last reader acquires z. */
        private int staleAfterReadAndWrite(Fence fence) {
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, OPAQUE);
            run.memory.fence(1, fence);
            run.write(1, Z, OPAQUE, 1);
            run.read(2, Z, ACQUIRE);
            return run.stale(2, X);
        }

        @Test
        void aFenceBeforeAWritePublishes() {
            for (Fence fence : Fence.values()) {
                run = Strands.java();
                assertThat(staleAfterWrites(fence)).as("%s", fence).isEqualTo(switch (fence) {
                    case RELEASE, STORE_STORE, FULL -> 0;
                    case LOAD_LOAD -> 1;
                    // Orders the strand's earlier accesses before later ones once they are seen, its own too.
                    case ACQUIRE -> 0;
                });
            }
        }

        @Test
        void aFenceAfterAReadAcquires() {
            for (Fence fence : Fence.values()) {
                run = Strands.java();
                assertThat(staleAfterRead(fence)).as("%s", fence).isEqualTo(switch (fence) {
                    case ACQUIRE, LOAD_LOAD, FULL -> 0;
                    case RELEASE, STORE_STORE -> 1;
                });
            }
        }

        @Test
        void aFenceBetweenAReadAndAWriteOrdersThem() {
            for (Fence fence : Fence.values()) {
                run = Strands.java();
                assertThat(staleAfterReadAndWrite(fence)).as("%s", fence).isEqualTo(switch (fence) {
                    case ACQUIRE, RELEASE, FULL -> 0;
                    case LOAD_LOAD, STORE_STORE -> 1;
                });
            }
        }

        @Test
        void aFenceAfterAReleasePublishesWhatThatHasPublished() {
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, OPAQUE);
            run.write(1, Z, RELEASE, 1);
            run.memory.fence(1, Fence.STORE_STORE);
            run.write(1, Y, OPAQUE, 1);
            run.read(2, Y, ACQUIRE);
            assertThat(run.stale(2, Z)).isZero();
            assertThat(run.stale(2, X)).isZero();
        }

        @Test
        void storeBuffersNeedTwoFullFences() {
            run.write(0, X, OPAQUE, 1);
            run.memory.fence(0, Fence.FULL);
            run.write(1, Y, OPAQUE, 1);
            assertThat(run.stale(1, X)).as("one fence").isEqualTo(1);
            run.memory.fence(1, Fence.FULL);
            assertThat(run.stale(1, X)).as("two fences").isZero();
            assertThat(run.stale(0, Y)).as("the first fence came before").isEqualTo(1);
        }

        @Test
        void aFullFencePublishesWhatWasReadOpaquely() {
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, OPAQUE);
            run.memory.fence(1, Fence.FULL);
            run.memory.fence(2, Fence.FULL);
            assertThat(run.stale(2, X)).isZero();
        }

        @Test
        void aFullFencePublishesWhatAMessageCarriedThatWasNotAcquired() {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.read(1, Y, OPAQUE);
            run.memory.fence(1, Fence.FULL);
            run.memory.fence(2, Fence.FULL);
            assertThat(run.stale(2, X)).isZero();
        }

        @Test
        void anotherFenceExchangesNothing() {
            run.write(0, X, OPAQUE, 1);
            run.memory.fence(0, Fence.RELEASE);
            run.memory.fence(1, Fence.FULL);
            assertThat(run.stale(1, X)).isEqualTo(1);
        }
    }

    @Nested
    class Volatiles {
        @Test
        void volatileStoresDoNotPassVolatileReads() {
            run.write(0, X, VOLATILE, 1);
            run.read(0, Y, VOLATILE);
            run.write(1, Y, VOLATILE, 1);
            assertThat(run.stale(1, X, VOLATILE)).isZero();
            assertThat(run.stale(1, X, OPAQUE)).as("an opaque read passes").isEqualTo(1);
        }

        @Test
        void aVolatileWriteIsNoFenceForTheWriteAfter() {
            run.write(0, Y, VOLATILE, 1);
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, ACQUIRE);
            assertThat(run.stale(1, Y)).isEqualTo(1);
        }

        @Test
        void theFirstVolatileAccessPublishesWithTheNext() {
            run.write(0, X, VOLATILE, 1);
            run.memory.fence(1, Fence.FULL);
            assertThat(run.stale(1, X)).isEqualTo(1);
            run.read(0, Y, VOLATILE);
            run.memory.fence(1, Fence.FULL);
            assertThat(run.stale(1, X)).isZero();
        }

        @Test
        void readersOfTwoWritersAgreeIfAllReadsAreVolatile() {
            run.write(0, X, VOLATILE, 1);
            run.write(1, Y, VOLATILE, 1);
            run.read(2, X, VOLATILE);
            run.read(2, Y, VOLATILE, 1);
            run.read(3, Y, VOLATILE);
            assertThat(run.stale(3, X, VOLATILE)).isZero();
            assertThat(run.stale(3, X, ACQUIRE)).as("an acquire read may disagree").isEqualTo(1);
        }

        @Test
        void aVolatileWritePublishesWhatVolatileAccessesHavePublished() {
            run.write(0, X, OPAQUE, 1);
            run.memory.fence(0, Fence.FULL);
            run.read(1, Z, VOLATILE);
            run.write(1, Y, VOLATILE, 1);
            run.read(2, Y, ACQUIRE);
            assertThat(run.stale(2, X)).isZero();
        }

        @Test
        void aVolatileReadAfterAnotherSeesWhatWasPublished() {
            run.write(0, X, OPAQUE, 1);
            run.memory.fence(0, Fence.FULL);
            run.read(1, Z, VOLATILE);
            assertThat(run.stale(1, X)).as("the first one does not").isEqualTo(1);
            run.read(1, Z, VOLATILE);
            assertThat(run.stale(1, X)).isZero();
        }

        @Test
        void aVolatileReadAfterAFullFenceSeesWhatWasPublished() {
            run.memory.fence(1, Fence.FULL);
            run.write(0, X, OPAQUE, 1);
            run.memory.fence(0, Fence.FULL);
            run.read(1, Z, VOLATILE);
            assertThat(run.stale(1, X)).isZero();
        }

        @Test
        void aVolatileExchangeAfterAnotherSeesWhatWasPublished() {
            run.write(0, X, OPAQUE, 1);
            run.memory.fence(0, Fence.FULL);
            run.read(1, Z, VOLATILE);
            run.exchange(1, Y, VOLATILE, 1);
            assertThat(run.stale(1, X)).isZero();
        }

        @Test
        void aVolatileWriteAfterAnotherPublishesTheOneBefore() {
            run.write(0, X, VOLATILE, 1);
            run.write(0, Y, VOLATILE, 1);
            run.memory.fence(1, Fence.FULL);
            assertThat(run.stale(1, X)).isZero();
            assertThat(run.stale(1, Y)).isEqualTo(1);
        }

        @Test
        void aVolatileReadSeesWhatItsOwnStrandHasPublished() {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.read(1, Y, OPAQUE);
            run.write(1, Z, VOLATILE, 1);
            assertThat(run.stale(1, X, OPAQUE)).isEqualTo(1);
            assertThat(run.stale(1, X, VOLATILE)).isZero();
        }

        @Test
        void aVolatileExchangeIsNoFenceForItsNeighbours() {
            run.write(0, X, OPAQUE, 1);
            run.exchange(0, Z, VOLATILE, 1);
            run.write(1, Y, OPAQUE, 1);
            run.exchange(1, Z, VOLATILE, 2);
            assertThat(run.stale(1, X)).as("read from the exchange before").isZero();
            assertThat(run.stale(0, Y)).isEqualTo(1);
        }
    }

    @Nested
    class Insertion {
        @Test
        void withoutItAWriteIsTheNewest() {
            run.write(0, X, OPAQUE, 1);
            assertThat(run.memory.mayWrite(1, X, OPAQUE, 1)).isFalse();
        }

        @Test
        void aWriteMayLandBeforeNewerOnes() {
            run = Strands.inserting();
            run.write(0, X, OPAQUE, 1);
            run.write(0, X, OPAQUE, 2);
            run.insert(1, X, OPAQUE, 3, 1);
            assertThat(run.read(2, X, OPAQUE, 1)).isEqualTo(3);
            assertThat(run.read(2, X, OPAQUE)).isEqualTo(2);
            assertThat(run.memory.message(X, 0).value()).isEqualTo(2);
        }

        @Test
        void aWriteDoesNotLandBeforeWhatItsStrandHasRead() {
            run = Strands.inserting();
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, OPAQUE);
            assertThat(run.memory.mayWrite(1, X, OPAQUE, 1)).isFalse();
            assertThat(run.memory.mayWrite(2, X, OPAQUE, 2)).as("before the value of the start").isFalse();
        }

        @Test
        void aWriteDoesNotLandBeforeWhatItPublishes() {
            run = Strands.inserting();
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.read(1, Y, OPAQUE);
            assertThat(run.memory.mayWrite(1, X, OPAQUE, 1)).isTrue();
            assertThat(run.memory.mayWrite(1, X, RELEASE, 1)).isFalse();
        }

        @Test
        void aVolatileWriteDoesNotLandBeforeWhatVolatileAccessesHavePublished() {
            run = Strands.inserting();
            run.write(0, X, VOLATILE, 1);
            run.read(0, Y, VOLATILE);
            assertThat(run.memory.mayWrite(1, X, VOLATILE, 1)).as("its first volatile access").isTrue();
            run.read(1, Z, VOLATILE);
            assertThat(run.memory.mayWrite(1, X, VOLATILE, 1)).isFalse();
            assertThat(run.memory.mayWrite(1, X, RELEASE, 1)).as("no volatile write").isTrue();
        }

        @Test
        void nothingLandsBetweenAnExchangeAndWhatItHasRead() {
            run = Strands.inserting();
            run.write(0, X, OPAQUE, 1);
            run.exchange(0, X, OPAQUE, 2);
            assertThat(run.memory.mayWrite(1, X, OPAQUE, 1)).isFalse();
            assertThat(run.memory.mayWrite(1, X, OPAQUE, 2)).isTrue();
            assertThat(run.memory.mayExchange(1, X, OPAQUE, 1)).isFalse();
            assertThat(run.memory.mayExchange(1, X, OPAQUE, 2)).isTrue();
        }

        @Test
        void anExchangeLandsDirectlyAfterWhatItHasRead() {
            run = Strands.inserting();
            run.write(0, X, OPAQUE, 1);
            run.write(0, X, OPAQUE, 2);
            run.memory.exchange(1, 0, X, OPAQUE, 5, null, 1);
            assertThat(run.memory.message(X, 1).value()).isEqualTo(5);
            assertThat(run.memory.message(X, 2).value()).isEqualTo(1);
        }

        @Test
        void placesBetweenTwoWritesAreLimited() {
            run = Strands.inserting();
            run.write(0, X, OPAQUE, 1);
            assertThatThrownBy(() -> {
                for (int i = 0; i < 40; i++) {
                    run.insert(1 + i, X, OPAQUE, 2, 1);
                }
            }).isInstanceOf(IllegalStateException.class).hasMessageContaining("too many writes");
        }
    }

    @Nested
    class Knowing {
        @Test
        void whoReceivesKnowsWhatTheOtherKnew() {
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, OPAQUE);
            run.memory.receive(2, run.memory.publish(1));
            assertThat(run.stale(2, X)).isZero();
            run.write(2, Z, OPAQUE, 1);
            run.read(3, Z, ACQUIRE);
            assertThat(run.stale(3, X)).as("passed on like what was acquired").isZero();
        }

        @Test
        void whatAMessageCarriedIsHandedOnToo() {
            run.write(0, X, OPAQUE, 1);
            run.write(0, Y, RELEASE, 1);
            run.read(1, Y, OPAQUE);
            run.memory.receive(2, run.memory.publish(1));
            assertThat(run.stale(2, X)).isZero();
        }

        @Test
        void aCopyKnowsWhatWasPublishedToAll() {
            run.write(0, X, OPAQUE, 1);
            run.memory.fence(0, Fence.FULL);
            Memory copy = run.memory.copy();
            copy.fence(1, Fence.FULL);
            assertThat(copy.readable(1, X, OPAQUE)).isEqualTo(1);
        }

        @Test
        void onlyTheLastValuesAreKept() {
            run = new Strands(Memory.of(MemoryModel.JAVA, 2, false, false));
            run.read(1, X, OPAQUE);
            run.write(0, X, OPAQUE, 1);
            assertThat(run.memory.forgot()).isFalse();
            run.write(0, X, OPAQUE, 2);
            assertThat(run.stale(1, X)).isEqualTo(1);
            assertThat(run.memory.forgot()).as("strand 1 could have read the first value").isTrue();
        }

        @Test
        void aValueThatCouldNotBeReadIsNotMissed() {
            run = new Strands(Memory.of(MemoryModel.JAVA, 2, false, false));
            run.read(1, X, OPAQUE);
            run.write(0, X, OPAQUE, 1);
            run.read(1, X, OPAQUE);
            run.write(0, X, OPAQUE, 2);
            assertThat(run.memory.forgot()).isFalse();
        }

        @Test
        void aCopyGoesItsOwnWay() {
            run.write(0, X, OPAQUE, 1);
            Memory copy = run.memory.copy();
            run.write(0, X, OPAQUE, 2);
            run.read(1, X, OPAQUE);
            assertThat(copy.readable(1, X, OPAQUE)).isEqualTo(2);
            assertThat(copy.message(X, 0).value()).isEqualTo(1);
        }

        @Test
        void keysAreEqualIfTheOrderDoesNotMatter() {
            assertThat(key(0, 1)).isEqualTo(key(1, 0)).isNotEqualTo(key(0, 0));
        }

        @Test
        void keysTellWhatAStrandHasRead() {
            for (int i = 0; i < 2; i++) {
                run.write(0, X, OPAQUE, 1);
                run.write(0, Y, OPAQUE, 1);
            }
            Memory other = run.memory.copy();
            run.read(1, Y, OPAQUE, 1);
            other.read(1, Y, OPAQUE, 1);
            assertThat(key(run.memory)).isEqualTo(key(other));
            other.read(1, X, OPAQUE, 1);
            assertThat(key(run.memory)).isNotEqualTo(key(other));
        }

        private static StateKey key(Memory memory) {
            StateKey key = new StateKey();
            memory.key(key);
            return key;
        }

        private StateKey key(int first, int second) {
            Memory memory = Memory.of(MemoryModel.JAVA, Memory.ALL, true, false);
            memory.location(0, null);
            memory.location(0, null);
            memory.write(first, 0, first, RELEASE, 1, null, 0);
            memory.write(second, 0, second, RELEASE, 1, null, 0);
            return key(memory);
        }
    }

    @Test
    void whatDoesNotReleaseCarriesWhatWasOrderedBefore() {
        run.write(0, X, OPAQUE, 1);
        run.memory.receive(1, run.memory.carried(0));
        assertThat(run.stale(1, X, OPAQUE)).isEqualTo(1);
        run.memory.fence(0, Fence.RELEASE);
        run.write(0, Y, OPAQUE, 1);
        run.memory.receive(1, run.memory.carried(0));
        assertThat(run.stale(1, X, OPAQUE)).isZero();
        assertThat(run.stale(1, Y, OPAQUE)).as("after the fence").isEqualTo(1);
    }
}
