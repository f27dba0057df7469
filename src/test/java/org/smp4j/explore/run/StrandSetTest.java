package org.smp4j.explore.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Randomness;

/** A set of strands beside a set of their numbers: each operation must have the same result. */
class StrandSetTest {
    private static final int OPERATIONS = 3000;

    /** A strand with a number, and nothing else. */
    private static final class Numbered extends Strand {
        Numbered(int id) {
            super(id);
        }

        @Override
        public String name() {
            return "t" + id;
        }

        @Override
        public Thread thread() {
            return null;
        }

        @Override
        public boolean isDaemon() {
            return false;
        }

        @Override
        public boolean isFocused() {
            return false;
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public int site() {
            return BEGIN;
        }

        @Override
        public Location location() {
            return null;
        }

        @Override
        public int mode() {
            return 0;
        }

        @Override
        public int point() {
            return 0;
        }

        @Override
        public Wait waitsFor() {
            return Wait.NOTHING;
        }

        @Override
        public boolean isAccess() {
            return false;
        }

        @Override
        public int otherCount() {
            return 0;
        }

        @Override
        public Location other(int index) {
            return null;
        }

        @Override
        public int otherWrites() {
            return 0;
        }

        @Override
        public boolean dependsOnAll() {
            return false;
        }

        @Override
        public boolean seeksOldest() {
            return false;
        }

        @Override
        public Location[] spinsOn() {
            return new Location[0];
        }

        @Override
        public StackTraceElement[] stack() {
            return new StackTraceElement[0];
        }
    }

    /** A set and its model. */
    private static final class Pair {
        final StrandSet set = new StrandSet();
        final TreeSet<Integer> model = new TreeSet<>();

        void mustAgree(int strands, Random random) {
            assertThat(numbers(set)).isEqualTo(List.copyOf(model));
            assertThat(set.size()).isEqualTo(model.size());
            assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
            assertThat(set.isSeveral()).isEqualTo(model.size() > 1);
            int id = random.nextInt(strands);
            assertThat(set.has(id)).isEqualTo(model.contains(id));
            assertThat(set.has(new Numbered(id))).isEqualTo(model.contains(id));
            assertThat(set.isOnly(new Numbered(id))).isEqualTo(model.size() == 1 && model.contains(id));
            assertThat(set.few()).isEqualTo(model.headSet(StrandSet.FEW).stream().mapToLong(each -> 1L << each).sum());
            if (!model.isEmpty()) {
                Integer higher = model.higher(id);
                assertThat(set.after(new Numbered(id))).isEqualTo(higher == null ? model.first() : higher);
                int index = random.nextInt(model.size());
                assertThat(set.at(index)).isEqualTo(List.copyOf(model).get(index));
                assertThat(model).contains(set.draw(new Randomness(random.nextLong())));
            }
        }

        void mustAgree(Pair other, int strands, Random random) {
            assertThat(set.isWithin(other.set)).isEqualTo(other.model.containsAll(model));
            assertThat(set.isSame(other.set)).isEqualTo(model.equals(other.model));
            TreeSet<Integer> both = new TreeSet<>(model);
            both.retainAll(other.model);
            assertThat(set.common(other.set)).isEqualTo(both.isEmpty() ? -1 : both.first());
            if (!model.isEmpty()) {
                int id = random.nextInt(strands);
                TreeSet<Integer> rest = new TreeSet<>(model);
                rest.removeAll(other.model);
                TreeSet<Integer> menu = rest.isEmpty() ? model : rest;
                Integer higher = menu.higher(id);
                assertThat(set.after(new Numbered(id), other.set)).isEqualTo(higher == null ? menu.first() : higher);
            }
        }
    }

    private static List<Integer> numbers(StrandSet set) {
        return IntStream.iterate(set.next(0), id -> id >= 0, id -> set.next(id + 1)).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 63, StrandSet.FEW, StrandSet.FEW + 1, 130, 700, Departures.MAX_STRANDS})
    void isASetOfNumbers(int strands) {
        Random random = new Random(strands);
        Pair[] pairs = {new Pair(), new Pair(), new Pair()};
        for (int i = 0; i < OPERATIONS; i++) {
            Pair pair = pairs[random.nextInt(pairs.length)];
            Pair other = pairs[random.nextInt(pairs.length)];
            int id = random.nextInt(8) == 0 ? strands - 1 : random.nextInt(strands);
            switch (random.nextInt(64)) {
                case 0 -> {
                    pair.set.clear();
                    pair.model.clear();
                }
                case 1 -> {
                    pair.set.set(other.set);
                    TreeSet<Integer> copy = new TreeSet<>(other.model);
                    pair.model.clear();
                    pair.model.addAll(copy);
                }
                case 2 -> {
                    pair.set.addAll(other.set);
                    pair.model.addAll(List.copyOf(other.model));
                }
                case 3, 4 -> {
                    if (pair != other) {
                        pair.set.removeAll(other.set);
                        pair.model.removeAll(other.model);
                    }
                }
                default -> changes(pair, id, random);
            }
            pair.mustAgree(strands, random);
            pair.mustAgree(other, strands, random);
        }
    }

    private static void changes(Pair pair, int id, Random random) {
        boolean byStrand = random.nextBoolean();
        if (random.nextInt(9) < 5) {
            pair.model.add(id);
            if (byStrand) {
                pair.set.add(new Numbered(id));
            } else {
                pair.set.add(id);
            }
        } else {
            int known = pair.model.isEmpty() || random.nextBoolean() ? id : pair.model.first();
            pair.model.remove(known);
            if (byStrand) {
                pair.set.remove(new Numbered(known));
            } else {
                pair.set.remove(known);
            }
        }
    }

    @Test
    void eachStrandIsDrawnAsOften() {
        StrandSet set = new StrandSet();
        IntStream.of(0, 63, 64, 127, 128, 4095).forEach(set::add);
        Randomness random = new Randomness(1);
        int[] drawn = new int[Departures.MAX_STRANDS];
        IntStream.range(0, 6000).forEach(_ -> drawn[set.draw(random)]++);
        assertThat(IntStream.of(drawn).filter(times -> times > 0)).hasSize(6).allMatch(times -> times > 900);
    }

    @Test
    void aSetThatWasUsedAllocatesNothing() {
        com.sun.management.ThreadMXBean memory =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        StrandSet set = new StrandSet();
        StrandSet other = new StrandSet();
        use(set, other);
        long before = memory.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            use(set, other);
        }
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private static void use(StrandSet set, StrandSet other) {
        for (int id = 0; id < 1000; id += 7) {
            set.add(id);
            set.remove(id / 2);
        }
        other.set(set);
        other.addAll(set);
        other.removeAll(set);
        set.clear();
    }
}
