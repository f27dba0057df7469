package org.smp4j.lib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpus;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.Players;

class LlistHeadTest {
    private static final int PER_PRODUCER = 200_000;

    private static final class Numbered extends LlistNode {
        final int producer;
        final int number;

        Numbered(int producer, int number) {
            this.producer = producer;
            this.number = number;
        }
    }

    private final LlistHead head = new LlistHead();
    private final LlistNode a = new LlistNode();
    private final LlistNode b = new LlistNode();
    private final LlistNode c = new LlistNode();

    @Test
    @Invariant(1)
    void onlyTheAddToAnEmptyListReportsEmpty() {
        assertThat(head.add(a)).isTrue();
        assertThat(head.add(b)).isFalse();
        head.delAll();
        assertThat(head.add(c)).isTrue();
        head.delFirst();
        assertThat(head.addBatch(a, a)).isTrue();
        b.setNext(c);
        assertThat(head.addBatch(b, c)).isFalse();
        assertThat(chain(head.delAll())).containsExactly(b, c, a);
        assertThat(c.next()).isSameAs(a);
    }

    @Test
    void delAllGivesTheNewestFirstAndLeavesTheListEmpty() {
        head.add(a);
        head.add(b);
        head.add(c);
        assertThat(head.isEmpty()).isFalse();
        assertThat(head.peekFirst()).isSameAs(c);
        assertThat(chain(head.delAll())).containsExactly(c, b, a);
        assertThat(head.isEmpty()).isTrue();
        assertThat(head.peekFirst()).isNull();
        assertThat(head.delAll()).isNull();
    }

    @Test
    void privateFormsDoTheSameWithoutSynchronization() {
        assertThat(head.addPrivate(a)).isTrue();
        b.setNext(c);
        assertThat(head.addBatchPrivate(b, c)).isFalse();
        assertThat(chain(head.delAllPrivate())).containsExactly(b, c, a);
        assertThat(head.isEmpty()).isTrue();
        assertThat(head.delAllPrivate()).isNull();
        c.setNext(null);
        assertThat(head.addBatchPrivate(c, c)).isTrue();
    }

    @Test
    void delFirstTakesTheNewestOnly() {
        assertThat(head.delFirst()).isNull();
        assertThat(head.delFirstInit()).isNull();
        head.add(a);
        head.add(b);
        head.add(c);
        assertThat(head.delFirst()).isSameAs(c);
        assertThat(head.delFirstInit()).isSameAs(b);
        assertThat(b.onList()).isFalse();
        assertThat(chain(head.delAll())).containsExactly(a);
    }

    @Test
    void delFirstThisTakesItsNodeOnlyWhileThatIsTheNewest() {
        assertThat(head.delFirstThis(a)).isFalse();
        head.add(a);
        head.add(b);
        assertThat(head.delFirstThis(a)).as("not the newest").isFalse();
        assertThat(head.delFirstThis(b)).isTrue();
        assertThat(head.delFirstThis(b)).as("gone").isFalse();
        assertThat(head.delFirstThis(a)).isTrue();
        assertThat(head.isEmpty()).isTrue();
    }

    @Test
    @Invariant(1)
    void inAStormEachNonEmptyDrainHasOneAdderThatWasToldSo() throws InterruptedException {
        AtomicInteger told = new AtomicInteger();
        AtomicInteger drains = new AtomicInteger();
        AtomicInteger drained = new AtomicInteger();
        AtomicInteger addersLeft = new AtomicInteger(2);
        Players.Play adder = cpu -> {
            for (int i = 0; i < PER_PRODUCER; i++) {
                if (head.add(new LlistNode())) {
                    told.incrementAndGet();
                }
            }
            addersLeft.decrementAndGet();
        };
        new Players(new Cpus(3)).cpu(0, adder).cpu(1, adder).cpu(2, cpu -> {
            while (addersLeft.get() > 0 || !head.isEmpty()) {
                int size = chain(head.delAll()).size();
                drained.addAndGet(size);
                drains.addAndGet(size > 0 ? 1 : 0);
            }
        }).run();
        assertThat(drained).hasValue(2 * PER_PRODUCER);
        assertThat(told).hasValue(drains.get());
    }

    @Test
    @Invariant(2)
    void inAStormNoNodeIsLostOrSeenTwiceAndEachProducersOrderHolds() throws InterruptedException {
        AtomicIntegerArray seen = new AtomicIntegerArray(2 * PER_PRODUCER);
        AtomicInteger producersLeft = new AtomicInteger(2);
        AtomicLong disorder = new AtomicLong();
        Players players = new Players(new Cpus(4));
        for (int id = 0; id < 2; id++) {
            int producer = id;
            players.cpu(producer, cpu -> {
                for (int i = 0; i < PER_PRODUCER; i++) {
                    if (i % 3 == 0 && i + 1 < PER_PRODUCER) { // two at once: the newer one in front
                        Numbered older = new Numbered(producer, i++);
                        Numbered newer = new Numbered(producer, i);
                        newer.setNext(older);
                        head.addBatch(newer, older);
                    } else {
                        head.add(new Numbered(producer, i));
                    }
                }
                producersLeft.decrementAndGet();
            });
        }
        for (int id = 2; id < 4; id++) {
            players.cpu(id, cpu -> {
                while (producersLeft.get() > 0 || !head.isEmpty()) {
                    int[] last = {-1, -1};
                    for (LlistNode node : chain(LlistNode.reverseOrder(head.delAll()))) {
                        Numbered numbered = (Numbered) node;
                        seen.incrementAndGet(numbered.producer * PER_PRODUCER + numbered.number);
                        disorder.addAndGet(numbered.number > last[numbered.producer] ? 0 : 1);
                        last[numbered.producer] = numbered.number;
                    }
                }
            });
        }
        players.run();
        assertEachSeenOnce(seen);
        assertThat(disorder).hasValue(0);
    }

    @Test
    @Invariant(2)
    void addersAndOneDelFirstNeedNoLock() throws InterruptedException {
        AtomicIntegerArray seen = new AtomicIntegerArray(2 * PER_PRODUCER);
        AtomicInteger producersLeft = new AtomicInteger(2);
        Players players = new Players(new Cpus(3));
        for (int id = 0; id < 2; id++) {
            int producer = id;
            players.cpu(producer, cpu -> {
                for (int i = 0; i < PER_PRODUCER; i++) {
                    head.add(new Numbered(producer, i));
                }
                producersLeft.decrementAndGet();
            });
        }
        players.cpu(2, cpu -> {
            while (producersLeft.get() > 0 || !head.isEmpty()) {
                if (head.delFirst() instanceof Numbered numbered) {
                    seen.incrementAndGet(numbered.producer * PER_PRODUCER + numbered.number);
                }
            }
        }).run();
        assertEachSeenOnce(seen);
    }

    @Test
    void racersThatEachTakeTheirOwnNodeBackAgreeOnItsOwner() throws InterruptedException {
        AtomicInteger takenBack = new AtomicInteger();
        Players.Play racer = cpu -> {
            for (int i = 0; i < PER_PRODUCER; i++) {
                LlistNode own = new LlistNode();
                head.add(own);
                if (head.delFirstThis(own)) {
                    takenBack.incrementAndGet();
                }
            }
        };
        new Players(new Cpus(2)).cpu(0, racer).cpu(1, racer).run();
        assertThat(takenBack.get() + chain(head.delAll()).size()).isEqualTo(2 * PER_PRODUCER);
    }

    private static void assertEachSeenOnce(AtomicIntegerArray seen) {
        for (int i = 0; i < seen.length(); i++) {
            if (seen.get(i) != 1) {
                throw new AssertionError("node " + i + " was seen " + seen.get(i) + " times");
            }
        }
    }

    private static List<LlistNode> chain(LlistNode first) {
        List<LlistNode> nodes = new ArrayList<>();
        for (LlistNode node = first; node != null; node = node.next()) {
            nodes.add(node);
        }
        return nodes;
    }
}
