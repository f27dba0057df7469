package org.smp4j.explore.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Vector;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.smp4j.explore.verdict.StatefulObjects.Pair;

/** When a call of the JDK reads what it is given, and what is in it. */
final class Moments {
    private Moments() {
    }

    /** A stream reads its list when it ends: the other thread adds after it was told that the stream is there. */
    abstract static class Streams extends Pair {
        final Vector<Integer> list = new Vector<>();
        volatile boolean made;

        @Override
        void first() {
            if (made) {
                list.add(1);
            }
        }

        abstract long count();

        @Override
        void second() {
            Threads.require(count() == 0, "late");
        }
    }

    /** The stream is there. */
    @Gives(Verdict.FAILURE)
    public static class LateStream extends Streams {
        Stream<Integer> all() {
            return list.stream();
        }

        @Override
        long count() {
            Stream<Integer> all = all();
            made = true;
            return all.toList().size();
        }
    }

    /** As a stage of another one. */
    @Gives(Verdict.FAILURE)
    public static class LateStage extends Streams {
        @Override
        long count() {
            Stream<Integer> some = list.stream().map(each -> each + 1).filter(each -> each > 0);
            made = true;
            return some.mapToInt(each -> each).sum();
        }
    }

    /** Of a spliterator. */
    @Gives(Verdict.FAILURE)
    public static class LateSpliterator extends Streams {
        @Override
        long count() {
            Spliterator<Integer> all = list.spliterator();
            Stream<Integer> stream = StreamSupport.stream(all, false);
            made = true;
            return stream.toList().size();
        }
    }

    /** A parallel one. */
    @Gives(value = Verdict.FAILURE, by = {"dpor", "bound2"}, saying = "late")
    public static class LateParallelStream extends LateStream {
        @Override
        Stream<Integer> all() {
            return list.parallelStream();
        }
    }

    /** Also in code that is not explored: of an enum. */
    @Gives(Verdict.PASS)
    public static class ParallelInEnum extends Pair {
        private enum Kind {
            A;

            private static final Set<Thread> THREADS = new HashSet<>();

            static {
                IntStream.range(0, 100).boxed().toList().parallelStream()
                        .forEach(_ -> THREADS.add(Thread.currentThread()));
            }
        }

        @Override
        void first() {
            Threads.require(Kind.A.ordinal() == 0 && Kind.THREADS.size() == 1, "elsewhere");
        }
    }

    /** It runs on the thread that asks for its result. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = "a parallel stream runs on the thread that asks for its result")
    public static class ParallelSum extends Pair {
        private final Vector<Integer> list = new Vector<>(List.of(1, 2, 3));

        @Override
        void first() {
            Thread here = Thread.currentThread();
            list.parallelStream().forEach(_ -> Threads.require(Thread.currentThread() == here, "elsewhere"));
            StreamSupport.stream(list.spliterator(), true)
                    .forEach(_ -> Threads.require(Thread.currentThread() == here, "elsewhere"));
            StreamSupport.intStream(() -> Arrays.spliterator(new int[] {1, 2}), 0, true)
                    .forEach(_ -> Threads.require(Thread.currentThread() == here, "elsewhere"));
        }
    }

    /** Of the characters of a text that changes. */
    @Gives(Verdict.FAILURE)
    public static class LateCharacters extends Pair {
        private final StringBuffer text = new StringBuffer();
        private volatile boolean made;

        @Override
        void first() {
            if (made) {
                text.append("a");
            }
        }

        @Override
        void second() {
            var all = text.chars();
            made = true;
            Threads.require(all.sum() == 0, "late");
        }
    }

    /** A copy on write is read where the stream is made. */
    @Gives(Verdict.PASS)
    public static class EarlyStream extends Pair {
        private final List<Integer> list = new CopyOnWriteArrayList<>();
        private volatile boolean made;

        @Override
        void first() {
            if (made) {
                list.add(1);
            }
        }

        @Override
        void second() {
            Stream<Integer> all = list.stream();
            made = true;
            Threads.require(all.toList().isEmpty(), "late");
        }
    }

    /** Two threads end one stream. */
    @Gives(value = Verdict.REFUSAL, saying = "a stream that several threads use")
    public static class SharedStream extends Pair {
        private final Stream<Integer> all = new Vector<>(List.of(1)).stream();

        @Override
        void first() {
            all.toList();
        }
    }

    /** A stream of a thread's own list is no step. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = "that were made\n")
    public static class OwnStreams extends Pair {
        @Override
        void first() {
            Threads.require(Stream.of(1, 2).map(each -> each + 1).toList().size() == 2, "another size");
            List<Integer> list = new ArrayList<>(List.of(1, 2));
            Threads.require(list.stream().sorted().distinct().mapToInt(each -> each).sum() == 3, "another sum");
        }
    }

    /** A text tells of the atomics in a list. */
    @Gives(Verdict.FAILURE)
    public static class TextOfList extends Pair {
        private final AtomicInteger count = new AtomicInteger();
        private final ArrayList<AtomicInteger> list = new ArrayList<>(List.of(count));

        @Override
        void first() {
            count.set(1);
        }

        @Override
        void second() {
            Threads.require(list.toString().equals("[0]"), "changed");
        }
    }

    /** And those of what may be there. */
    @Gives(Verdict.FAILURE)
    public static class TextOfOptional extends Pair {
        private final AtomicInteger count = new AtomicInteger();
        private final Optional<AtomicInteger> held = Optional.of(count);

        @Override
        void first() {
            count.set(1);
        }

        @Override
        void second() {
            Threads.require(held.toString().contains("[0]"), "changed");
        }
    }

    /** Deeper than the third level the claim says that it is no step. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = "a step down to the third level")
    public static class TextOfDeepList extends Pair {
        private final AtomicInteger count = new AtomicInteger();
        private final List<?> list = List.of(List.of(List.of(List.of(List.of(count)))));

        @Override
        void first() {
            count.set(1);
        }

        @Override
        void second() {
            Threads.require(list.toString().length() == 11, "another text");
        }
    }

    /** Lists are equal if what is in them is. */
    @Gives(Verdict.FAILURE)
    public static class EqualLists extends Pair {
        private final Date date = new Date(0);
        private final List<List<Date>> list = List.of(List.of(date));

        @Override
        void first() {
            date.setTime(1);
        }

        @Override
        void second() {
            Threads.require(list.equals(List.of(List.of(new Date(0)))), "changed");
        }
    }

    /** So are their hash codes. */
    @Gives(Verdict.FAILURE)
    public static class HashOfList extends Pair {
        private final Date date = new Date(0);
        private final List<Date> list = List.of(date);

        @Override
        void first() {
            date.setTime(1);
        }

        @Override
        void second() {
            Threads.require(list.hashCode() == 31, "changed");
        }
    }

    /** To take the elements of a list does not read them. */
    @Gives(Verdict.PASS)
    public static class TakesElements extends Pair {
        private final List<Integer> inner = new ArrayList<>();
        private final List<List<Integer>> outer = List.of(inner);

        @Override
        void first() {
            inner.add(1);
        }

        @Override
        void second() {
            List<List<Integer>> copy = new ArrayList<>();
            copy.addAll(outer);
            Threads.require(copy.size() == 1, "lost");
        }
    }

    /** A new list takes the elements of another one. */
    @Gives(Verdict.FAILURE)
    public static class NewList extends Streams {
        @Override
        long count() {
            made = true;
            return new ArrayList<>(list).size();
        }
    }

    /** So does a copy. */
    @Gives(Verdict.FAILURE)
    public static class CopiedSet extends Streams {
        @Override
        long count() {
            made = true;
            return Set.copyOf(list).size();
        }
    }

    /** A new set compares them. */
    @Gives(Verdict.FAILURE)
    public static class NewSet extends Pair {
        private final Date date = new Date(0);

        @Override
        void first() {
            date.setTime(1);
        }

        @Override
        void second() {
            Threads.require(new HashSet<>(List.of(date, new Date(1))).size() == 2, "changed");
        }
    }

    /** So may two arguments. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = "reads all that it is given at one moment")
    public static class TwoArguments extends Pair {
        private final Date one = new Date(0);
        private final Date other = new Date(0);

        @Override
        void first() {
            one.setTime(1);
            other.setTime(1);
        }

        @Override
        void second() {
            Objects.equals(one, other);
        }
    }

    /** Two elements of an array may be read at different moments. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = "reads all that it is given at one moment")
    public static class TwoElements extends Pair {
        private final char[] array = {'a', 'a'};

        @Override
        void first() {
            array[0] = 'b';
            array[1] = 'b';
        }

        @Override
        void second() {
            Threads.require(!new String(array).equals("ab"), "half"); // a JDK that reads them one by one may
        }
    }

    /** A map compares a date with its keys. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = "that a collection or a stream compares with others")
    public static class ComparedKey extends Pair {
        private final Date key = new Date(0);
        private final Map<Date, Integer> map = new HashMap<>(Map.of(key, 1));

        @Override
        void first() {
            key.setTime(1);
        }

        @Override
        void second() {
            map.get(new Date(0));
        }
    }

    /** Texts and records of numbers do not change. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = "that were made\n")
    public static class ConstantKeys extends Pair {
        private record Key(int number, String text) {
        }

        @Override
        void first() {
            Map<Object, Integer> map = new HashMap<>();
            map.put("a", 1);
            map.put(new Key(1, "a"), 2);
            map.put(List.of(1, 2), 3);
            Threads.require(map.get(List.of(1, 2)) == 3, "lost");
        }
    }

    /** A thread that gets another name. */
    @Gives(Verdict.FAILURE)
    public static class Renamed extends Pair {
        private final Thread main = Thread.currentThread();

        @Override
        void first() {
            main.setName("renamed");
        }

        @Override
        void second() {
            Threads.require(!main.getName().equals("renamed"), "renamed");
        }
    }

    /** Its name is in a text of it. */
    @Gives(Verdict.FAILURE)
    public static class RenamedInText extends Pair {
        private final Thread main = Thread.currentThread();

        @Override
        void first() {
            main.setName("renamed");
        }

        @Override
        void second() {
            Threads.require(!("" + main).contains("renamed") && !main.toString().contains("renamed"), "renamed");
        }
    }

    /** What a run has set of its main thread is gone in the next one. */
    @Gives(Verdict.PASS)
    public static class NewMain extends Pair {
        private final Thread main = Thread.currentThread();
        private final Thread.UncaughtExceptionHandler handler = main.getUncaughtExceptionHandler();
        private final int priority = main.getPriority();

        @Override
        void first() {
            main.setUncaughtExceptionHandler((_, _) -> { });
            main.setPriority(Thread.MAX_PRIORITY);
        }

        @Override
        void second() {
            Threads.require(handler == main.getThreadGroup() && priority == Thread.NORM_PRIORITY, "changed before");
        }
    }

    /** The handler of one thread. */
    @Gives(Verdict.FAILURE)
    public static class OwnHandler extends Pair {
        private final Thread main = Thread.currentThread();

        @Override
        void first() {
            main.setUncaughtExceptionHandler((_, _) -> { });
        }

        @Override
        void second() {
            Threads.require(main.getUncaughtExceptionHandler() == main.getThreadGroup(), "handled");
        }
    }

    /** A stream compares dates, and joins texts. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = "that a collection or a stream compares with others")
    public static class ComparedInStream extends Pair {
        private final Date date = new Date(0);

        @Override
        void first() {
            date.setTime(1);
        }

        @Override
        void second() {
            Stream.of(date, new Date(1)).distinct().count();
        }
    }

    /** A collector may add to a collection that is shared. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = "not modelled: ")
    public static class CollectsIntoShared extends Pair {
        private final Vector<Integer> shared = new Vector<>();

        @Override
        void first() {
            Stream.of(1).collect(Collectors.toCollection(() -> shared));
        }
    }

    /** The handler of all threads. */
    @Gives(Verdict.FAILURE)
    public static class DefaultHandler extends Pair {
        @Override
        void first() {
            Thread.setDefaultUncaughtExceptionHandler((_, _) -> { });
        }

        @Override
        void second() {
            Threads.require(Thread.getDefaultUncaughtExceptionHandler() == null, "handled");
        }
    }
}
