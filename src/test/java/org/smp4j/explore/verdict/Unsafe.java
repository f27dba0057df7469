package org.smp4j.explore.verdict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** JDK objects that are not thread-safe, and synchronization that orders their use. */
final class Unsafe {
    private Unsafe() {
    }

    /** Two threads add to a list. */
    @Gives(Verdict.UNSAFE)
    public static class AddToList implements Runnable {
        private final List<Integer> list = new ArrayList<>();

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> list.add(1)), Threads.start("b", () -> list.add(2)));
            Threads.require(list.size() == 2, "lost");
        }
    }

    /** Two threads put into a map. */
    @Gives(Verdict.UNSAFE)
    public static class PutIntoMap implements Runnable {
        private final Map<Integer, Integer> map = new HashMap<>();

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> map.put(1, 1)), Threads.start("b", () -> map.put(17, 2)));
        }
    }

    /** One thread iterates over a list while another adds to it. */
    @Gives(Verdict.UNSAFE)
    public static class WalkThroughList implements Runnable {
        private final List<Integer> list = new ArrayList<>(List.of(1));
        private int sum;

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> list.add(2)), Threads.start("b", () -> sum += list.get(0)));
        }
    }

    /** Two threads append to a builder. */
    @Gives(Verdict.UNSAFE)
    public static class AppendToText implements Runnable {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> text.append('a')), Threads.start("b", () -> text.append('b')));
        }
    }

    /** That is a race, too. */
    @Gives(Verdict.RACE)
    public static class AppendUnordered extends AppendToText {
    }

    /** A StringBuffer allows that. */
    @Gives(Verdict.PASS)
    public static class AppendToBuffer implements Runnable {
        private final StringBuffer text = new StringBuffer();

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> text.append('a')), Threads.start("b", () -> text.append('b')));
            Threads.require(text.length() == 2, "lost");
        }
    }

    /** Its monitor excludes other threads. */
    @Gives(Verdict.NO_RACE)
    public static class BufferIsMonitor implements Runnable {
        private final StringBuffer text = new StringBuffer();

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> {
                synchronized (text) {
                    int length = text.length();
                    text.append('a');
                    Threads.require(text.length() == length + 1, "another came in between");
                }
            }), Threads.start("b", () -> text.append('b')));
        }
    }

    /** Each thread replaces its own elements, which exist already. */
    @Gives(Verdict.PASS)
    public static class ReplaceElements implements Runnable {
        private final List<Integer> list = Arrays.asList(0, 0);
        private final Map<Integer, Integer> map = new HashMap<>(Map.of(0, 0, 1, 0));

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> {
                list.set(0, 1);
                map.put(0, 1);
            }), Threads.start("b", () -> {
                list.set(1, 1);
                map.put(1, 1);
            }));
            Threads.require(list.equals(List.of(1, 1)) && map.get(0) + map.get(1) == 2, "lost");
        }
    }

    /** Two threads that only read, each with its own iterator. */
    @Gives(Verdict.NO_RACE)
    public static class ReadTogether implements Runnable {
        private final List<Integer> list = new ArrayList<>(List.of(1, 2));

        private void read() {
            int sum = 0;
            for (int element : list) {
                sum += element;
            }
            Threads.require(sum == 3, "sum " + sum);
        }

        @Override
        public void run() {
            Threads.join(Threads.start("a", this::read), Threads.start("b", this::read));
        }
    }

    /** One after the other under a lock. */
    @Gives(Verdict.PASS)
    public static class AddUnderMonitor implements Runnable {
        private final List<Integer> list = new ArrayList<>();

        private synchronized void add() {
            list.add(list.size());
        }

        @Override
        public void run() {
            Threads.join(Threads.start("a", this::add), Threads.start("b", this::add));
            Threads.require(list.equals(List.of(0, 1)), "lost");
        }
    }

    /** A list that locks, and a caller that relies on that. */
    @Gives(Verdict.PASS)
    public static class SynchronizedList implements Runnable {
        private final List<Integer> list = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> {
                synchronized (list) {
                    int count = 0;
                    list.add(1);
                    for (int element : list) {
                        count += element > 0 ? 1 : 0;
                    }
                    Threads.require(count == list.size(), "another came in between");
                }
            }), Threads.start("b", () -> list.add(2)));
        }
    }

    /** Opaque accesses between fences publish plain writes. */
    @Gives(Verdict.NO_RACE)
    public static class Fences implements Runnable {
        private static final VarHandle FLAG;
        private int flag;
        private int data;

        static {
            try {
                FLAG = MethodHandles.lookup().findVarHandle(Fences.class, "flag", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        void release() {
            VarHandle.releaseFence();
        }

        void acquire() {
            VarHandle.acquireFence();
        }

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> {
                data = 1;
                release();
                FLAG.setOpaque(this, 1);
            }), Threads.start("b", () -> {
                if ((int) FLAG.getOpaque(this) == 1) {
                    acquire();
                    Threads.require(data == 1, "data");
                }
            }));
        }
    }

    /** A fence on one side only does not. */
    @Gives(Verdict.RACE)
    public static class NoAcquireFence extends Fences {
        @Override
        void acquire() {
            VarHandle.releaseFence();
        }
    }

    /** Nor does the other one alone. */
    @Gives(Verdict.RACE)
    public static class NoReleaseFence extends Fences {
        @Override
        void release() {
            VarHandle.acquireFence();
        }
    }
}
