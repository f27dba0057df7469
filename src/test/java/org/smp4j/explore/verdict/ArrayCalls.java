package org.smp4j.explore.verdict;

import java.util.Arrays;

/** JDK calls on arrays access the elements one after the other. */
public final class ArrayCalls {
    private ArrayCalls() {
    }

    /** Two threads, one array; each first reaches a volatile field, so that they interleave. */
    private abstract static class Pair implements Runnable {
        protected final int[] shared = {0, 0};
        protected final Integer[] boxes = {2, 1};
        protected final Object lock = new Object();
        private volatile int reached;

        abstract void one();

        abstract void other();

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> {
                reached++;
                one();
            }), Threads.start("other", () -> {
                reached++;
                other();
            }));
        }
    }

    /** A copy writes elements that another thread reads. */
    @Gives(value = Verdict.RACE, saying = "System.arraycopy")
    public static final class CopyIntoWhatIsRead extends Pair {
        @Override
        void one() {
            System.arraycopy(new int[] {1, 2}, 0, shared, 0, 2);
        }

        @Override
        void other() {
            Threads.require(shared[0] >= 0, "negative");
        }
    }

    /** A copy reads elements that another thread writes. */
    @Gives(value = Verdict.RACE, saying = "System.arraycopy")
    public static final class CopyOfWhatIsWritten extends Pair {
        @Override
        void one() {
            System.arraycopy(boxes, 1, new Object[1], 0, 1);
        }

        @Override
        void other() {
            boxes[1] = 7;
        }
    }

    /** An array is filled while another thread clones it. */
    @Gives(value = Verdict.RACE, saying = {"Arrays.fill", "clone"})
    public static final class FilledAndCloned extends Pair {
        @Override
        void one() {
            Arrays.fill(shared, 1, 2, 5);
        }

        @Override
        void other() {
            Threads.require(shared.clone().length == 2, "longer");
        }
    }

    /** An array is sorted while another thread copies a part of it. */
    @Gives(value = Verdict.RACE, saying = {"Arrays.sort", "Arrays.copyOfRange"})
    public static final class SortedAndCopied extends Pair {
        @Override
        void one() {
            Arrays.sort(boxes);
        }

        @Override
        void other() {
            Threads.require(Arrays.copyOfRange(boxes, 0, 1).length == 1, "longer");
        }
    }

    /** Concurrent reads, and writes to different elements, are no race. */
    @Gives(Verdict.NO_RACE)
    public static final class Apart extends Pair {
        @Override
        void one() {
            System.arraycopy(boxes, 0, new Integer[2], 0, 2);
            Arrays.fill(shared, 0, 1, 3);
        }

        @Override
        void other() {
            System.arraycopy(boxes, 0, new Object[2], 0, 2);
            Threads.require(Arrays.copyOfRange(shared, 1, 2)[0] == 0, "filled");
        }
    }

    /** A lock orders the copies. */
    @Gives(Verdict.NO_RACE)
    public static final class Ordered extends Pair {
        @Override
        void one() {
            synchronized (lock) {
                System.arraycopy(new int[] {1, 1}, 0, shared, 0, 2);
            }
        }

        @Override
        void other() {
            synchronized (lock) {
                int[] seen = Arrays.copyOf(shared, 3);
                Threads.require(seen[0] == seen[1] && seen[2] == 0, "half a copy");
            }
        }
    }

    /** One thread reads an array that is half copied. */
    @Gives(Verdict.FAILURE)
    public static final class Half extends Pair {
        @Override
        void one() {
            System.arraycopy(new int[] {1, 1}, 0, shared, 0, 2);
        }

        @Override
        void other() {
            int[] seen = shared.clone();
            Threads.require(seen[0] == seen[1], "half a copy");
        }
    }

    /** Each thread copies, adds one and copies back. */
    @Gives(Verdict.FAILURE)
    public static final class LostUpdate extends Pair {
        private void add() {
            int[] own = new int[1];
            System.arraycopy(shared, 0, own, 0, 1);
            own[0]++;
            System.arraycopy(own, 0, shared, 0, 1);
        }

        @Override
        void one() {
            add();
        }

        @Override
        void other() {
            add();
        }

        @Override
        public void run() {
            super.run();
            Threads.require(shared[0] == 2, "an update is lost");
        }
    }

    /** Each call returns and throws the same as outside of an exploration. */
    @Gives(Verdict.PASS)
    public static final class Results extends Pair {
        private static void throwing(Class<? extends RuntimeException> type, Runnable call) {
            try {
                call.run();
            } catch (RuntimeException e) {
                Threads.require(e.getClass() == type, e.toString());
                return;
            }
            throw new AssertionError("nothing thrown");
        }

        @Override
        void one() {
            long[] numbers = {5, 3, 4, 1, 2};
            System.arraycopy(numbers, 0, numbers, 1, 4);
            Threads.require(Arrays.equals(numbers, new long[] {5, 5, 3, 4, 1}), "moved up");
            System.arraycopy(numbers, 1, numbers, 0, 4);
            Threads.require(Arrays.equals(numbers, new long[] {5, 3, 4, 1, 1}), "moved down");
            Arrays.sort(numbers, 1, 4);
            Threads.require(Arrays.toString(numbers).equals("[5, 1, 3, 4, 1]"), "sorted in part");
            Threads.require(Arrays.hashCode(numbers) == Arrays.hashCode(numbers.clone()), "hash code");
            String[] words = {"b", "a", "c"};
            Arrays.sort(words, (a, b) -> b.compareTo(a));
            Threads.require(String.join("", Arrays.copyOf(words, 2)).equals("cb"), "sorted the other way");
            Arrays.fill(words, "x");
            Threads.require(Arrays.equals(words, new String[] {"x", "x", "x"}) && !Arrays.equals(words, new String[2]),
                    "filled");
            boolean[] flags = new boolean[2];
            Arrays.fill(flags, true);
            System.arraycopy(flags, 0, flags, 0, 0);
            Threads.require(flags[1] && !Arrays.copyOf(flags, 3)[2], "flags");
            double[][] nested = {{1}, null};
            Threads.require(nested.clone()[0] == nested[0], "not deep");
        }

        @Override
        void other() {
            Object text = "no array";
            Object[] words = new String[] {"a"};
            int[] none = null;
            throwing(ArrayStoreException.class, () -> System.arraycopy(new Object[] {1}, 0, words, 0, 1));
            throwing(ArrayStoreException.class, () -> System.arraycopy(new int[1], 0, new long[1], 0, 1));
            throwing(ArrayStoreException.class, () -> System.arraycopy(text, 0, words, 0, 1));
            throwing(ArrayStoreException.class, () -> Arrays.fill(words, 1));
            throwing(ArrayIndexOutOfBoundsException.class, () -> System.arraycopy(words, 0, words, 1, 1));
            throwing(ArrayIndexOutOfBoundsException.class, () -> Arrays.fill(shared, 0, 3, 1));
            throwing(IllegalArgumentException.class, () -> Arrays.sort(shared, 2, 1));
            throwing(NegativeArraySizeException.class, () -> Arrays.copyOf(shared, -1));
            throwing(NullPointerException.class, () -> Arrays.fill(none, 1));
            throwing(NullPointerException.class, () -> none.clone());
        }
    }
}
