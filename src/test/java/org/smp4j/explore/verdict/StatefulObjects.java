package org.smp4j.explore.verdict;

import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.Vector;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** JDK objects that are no collections and have a state. */
final class StatefulObjects {
    private StatefulObjects() {
    }

    /** Two threads that use one object. */
    abstract static class Pair implements Runnable {
        abstract void first();

        void second() {
            first();
        }

        void check() {
        }

        @Override
        public void run() {
            Thread thread = Threads.start("first", this::first);
            second();
            Threads.join(thread);
            check();
        }
    }

    /** A date that two threads count on. */
    @Gives(Verdict.FAILURE)
    public static class LostDate extends Pair {
        private final Date date = new Date(0);

        @Override
        void first() {
            date.setTime(date.getTime() + 1);
        }

        @Override
        void check() {
            Threads.require(date.getTime() == 2, date.toString());
        }
    }

    /** A calendar that one thread sets while another looks. */
    @Gives(Verdict.FAILURE)
    public static class SetCalendar extends Pair {
        private final Calendar calendar = Calendar.getInstance();

        @Override
        void first() {
            calendar.set(Calendar.YEAR, 2000);
        }

        @Override
        void second() {
            int seen = calendar.get(Calendar.YEAR);
            Threads.require(seen == calendar.get(Calendar.YEAR), "seen " + seen);
        }
    }

    /** An element of a buffer that two threads increment. */
    @Gives(Verdict.FAILURE)
    public static class LostElement extends Pair {
        private final IntBuffer buffer = IntBuffer.allocate(4);

        @Override
        void first() {
            buffer.put(1, buffer.get(1) + 1);
        }

        @Override
        void check() {
            Threads.require(buffer.get(1) == 2, "count " + buffer.get(1));
        }
    }

    /** Each thread has its own part of a buffer. */
    @Gives(Verdict.NO_RACE)
    public static class OwnElements extends Pair {
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(16);

        @Override
        void first() {
            buffer.putInt(0, 1);
        }

        @Override
        void second() {
            buffer.putInt(8, 1);
        }

        @Override
        void check() {
            Threads.require(buffer.getInt(0) + buffer.getInt(8) == 2, "lost");
        }
    }

    /** Two threads that move the position of a buffer. */
    @Gives(Verdict.UNSAFE)
    public static class SharedPosition extends Pair {
        private final ByteBuffer buffer = ByteBuffer.allocate(4);

        @Override
        void first() {
            buffer.put((byte) 1);
        }
    }

    /** What a duplicate of a buffer shares with it is not modelled. */
    @Gives(value = Verdict.PASS, saying = "not modelled: ", by = "dpor")
    public static class Duplicate extends Pair {
        private final ByteBuffer buffer = ByteBuffer.allocate(4);

        @Override
        void first() {
            buffer.duplicate().put(0, (byte) 1);
        }
    }

    /** Two threads set bits of one word. */
    @Gives(Verdict.UNSAFE)
    public static class Bits extends Pair {
        private final BitSet bits = new BitSet(64);

        @Override
        void first() {
            bits.set(1);
        }

        @Override
        void second() {
            bits.set(2);
        }
    }

    /** Statistics without a lock. */
    @Gives(Verdict.UNSAFE)
    public static class Statistics extends Pair {
        private final LongSummaryStatistics statistics = new LongSummaryStatistics();

        @Override
        void first() {
            statistics.accept(1);
        }
    }

    /** The same with a lock. */
    @Gives(Verdict.NO_RACE)
    public static class LockedStatistics extends Pair {
        private final LongSummaryStatistics statistics = new LongSummaryStatistics();

        @Override
        void first() {
            synchronized (statistics) {
                statistics.accept(1);
            }
        }

        @Override
        void check() {
            Threads.require(statistics.getCount() == 2, statistics.toString());
        }
    }

    /** A joiner without a lock. */
    @Gives(Verdict.UNSAFE)
    public static class Joiner extends Pair {
        private final StringJoiner joiner = new StringJoiner(",");

        @Override
        void first() {
            joiner.add("x");
        }
    }

    /** A date format without a lock. */
    @Gives(Verdict.UNSAFE)
    public static class DateFormat extends Pair {
        private final SimpleDateFormat format = new SimpleDateFormat("yyyy");

        @Override
        void first() {
            format.format(new Date(0));
        }
    }

    /** A matcher without a lock. */
    @Gives(Verdict.UNSAFE)
    public static class Matches extends Pair {
        private final Matcher matcher = Pattern.compile("a").matcher("aa");

        @Override
        void first() {
            matcher.find();
        }
    }

    /** What was matched before may be read by several threads. */
    @Gives(Verdict.NO_RACE)
    public static class ReadMatch extends Pair {
        private final Matcher matcher = Pattern.compile("a").matcher("aa");

        /** Makes a fresh one. */
        public ReadMatch() {
            matcher.find();
        }

        @Override
        void first() {
            Threads.require(matcher.group().equals("a") && matcher.start() == 0, "another match");
        }
    }

    /** A generator that is not made for several threads. */
    @Gives(Verdict.UNSAFE)
    public static class Draws extends Pair {
        private final SplittableRandom random = new SplittableRandom(1);

        @Override
        void first() {
            random.nextInt();
        }
    }

    /** A checksum depends on the order. */
    @Gives(Verdict.FAILURE)
    public static class Checksum extends Pair {
        private final CRC32 sum = new CRC32();

        @Override
        void first() {
            synchronized (sum) {
                sum.update(1);
            }
        }

        @Override
        void second() {
            synchronized (sum) {
                sum.update(2);
            }
        }

        @Override
        void check() {
            CRC32 same = new CRC32();
            same.update(1);
            same.update(2);
            Threads.require(sum.getValue() == same.getValue(), "another order");
        }
    }

    /** The order of what two threads write, though each call is whole. */
    @Gives(Verdict.FAILURE)
    public static class Written extends Pair {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final PrintStream out = new PrintStream(bytes);

        @Override
        void first() {
            out.print("a");
        }

        @Override
        void second() {
            out.print("b");
        }

        @Override
        void check() {
            Threads.require(bytes.toString().equals("ab"), bytes.toString());
        }
    }

    /** No call is lost. */
    @Gives(Verdict.PASS)
    public static class Counted extends Pair {
        private final StringWriter text = new StringWriter();

        @Override
        void first() {
            text.write("x");
        }

        @Override
        void check() {
            Threads.require(text.toString().equals("xx"), text.toString());
        }
    }

    /** The JDK holds a lock while it calls the program's writer. */
    @Gives(value = Verdict.REFUSAL, saying = "what java.io.BufferedWriter calls back")
    public static class CallsBack extends Pair {
        private final AtomicInteger written = new AtomicInteger();
        private final BufferedWriter writer = new BufferedWriter(new Writer() {
            @Override
            public void write(char[] text, int from, int length) {
                written.addAndGet(length);
            }

            @Override
            public void flush() {
                written.get();
            }

            @Override
            public void close() {
                flush();
            }
        });

        @Override
        void first() {
            try {
                writer.write("x");
                writer.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A stream of the program makes steps of its own, whatever type a call names. */
    @Gives(Verdict.FAILURE)
    public static class OwnStream extends Pair {
        private volatile int written;
        private final OutputStream stream = new OutputStream() {
            @Override
            public void write(int each) {
                written++;
            }
        };

        @Override
        void first() {
            try {
                stream.write(1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        void check() {
            Threads.require(written == 2, "written " + written);
        }
    }

    /** What a stream shares with the one that it wraps is not modelled. */
    @Gives(value = Verdict.PASS, saying = "new BufferedWriter", by = "dpor")
    public static class Buffered extends Pair {
        private final BufferedWriter writer = new BufferedWriter(new StringWriter());

        @Override
        void first() {
            try {
                writer.write("x");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** An iterator goes on for all threads that use it. */
    @Gives(value = Verdict.REFUSAL, saying = "an iterator or a stream that several threads use")
    public static class Iterated extends Pair {
        private final Iterator<Integer> iterator = List.of(1, 2).iterator();

        @Override
        void first() {
            iterator.next();
        }
    }

    /** What two threads add to an exception, in any order. */
    @Gives(Verdict.FAILURE)
    public static class Suppressed extends Pair {
        private final Exception exception = new Exception();

        @Override
        void first() {
            exception.addSuppressed(new Error("a"));
        }

        @Override
        void second() {
            exception.addSuppressed(new Error("b"));
        }

        @Override
        void check() {
            Threads.require(exception.getSuppressed()[0].getMessage().equals("a"), "another order");
        }
    }

    /** A list that is an array. */
    @Gives(value = Verdict.PASS, saying = "Arrays.asList", by = "dpor")
    public static class ListOfArray extends Pair {
        private final Integer[] array = {0};

        @Override
        void first() {
            Arrays.asList(array).set(0, 1);
        }
    }

    /** Nothing else shares the array of a list that is given its elements. */
    @Gives(value = Verdict.FAILURE, by = "dpor")
    public static class ListOfElements extends Pair {
        private final List<Integer> list = Arrays.asList(0, 0);

        @Override
        void first() {
            list.set(1, list.get(1) + 1);
        }

        @Override
        void check() {
            Threads.require(list.get(1) == 2, "count " + list.get(1));
        }
    }

    /** Two calls name different types of one list. */
    @Gives(Verdict.FAILURE)
    public static class TwoTypes extends Pair {
        private final ArrayList<Integer> list = new ArrayList<>(List.of(0));
        private final List<Integer> same = list;

        @Override
        void first() {
            list.set(0, 1);
        }

        @Override
        void second() {
            Threads.require(same.get(0) == 0, "changed");
        }
    }

    /** A builder that another thread reads as a text. */
    @Gives(Verdict.FAILURE)
    public static class ReadAsText extends Pair {
        private final StringBuilder builder = new StringBuilder("a");
        private final CharSequence text = builder;

        @Override
        void first() {
            builder.setCharAt(0, 'b');
        }

        @Override
        void second() {
            Threads.require(text.charAt(0) == 'a', "changed");
        }
    }

    /** What a call of the JDK reads of a collection that it is given. */
    abstract static class Reads extends Pair {
        final Vector<Integer> vector = new Vector<>();

        abstract boolean isEmpty();

        @Override
        void first() {
            vector.add(1);
        }

        @Override
        void second() {
            Threads.require(isEmpty(), "changed");
        }
    }

    /** A text is made of it. */
    @Gives(Verdict.FAILURE)
    public static class Concatenated extends Reads {
        @Override
        boolean isEmpty() {
            return ("empty: " + vector).endsWith("[]");
        }
    }

    /** It is among the arguments of a format. */
    @Gives(Verdict.FAILURE)
    public static class Formatted extends Reads {
        @Override
        boolean isEmpty() {
            return String.format("%d %s", 1, vector).endsWith("[]");
        }
    }

    /** Another collection takes its elements. */
    @Gives(Verdict.FAILURE)
    public static class Taken extends Reads {
        @Override
        boolean isEmpty() {
            List<Integer> copy = new LinkedList<>();
            copy.addAll(vector);
            return copy.isEmpty();
        }
    }

    /** Its hash code depends on it. */
    @Gives(Verdict.FAILURE)
    public static class Hashed extends Reads {
        private final Object object = vector;

        @Override
        boolean isEmpty() {
            return object.hashCode() == List.of().hashCode();
        }
    }

    /** A reference to the method that reads it. */
    @Gives(Verdict.FAILURE)
    public static class ReadByReference extends Reads {
        private final Function<Object, String> text = String::valueOf;

        @Override
        boolean isEmpty() {
            return text.apply(vector).equals("[]");
        }
    }

    /** An atomic is part of a text. */
    @Gives(Verdict.FAILURE)
    public static class TextOfAtomic extends Pair {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        void first() {
            count.set(1);
        }

        @Override
        void second() {
            Threads.require(("" + count).equals("0"), "changed");
        }
    }

    /** It is in a record that is in a list. */
    @Gives(Verdict.FAILURE)
    public static class TextOfRecord extends Pair {
        private record Held(AtomicInteger count) {
        }

        private final Held held = new Held(new AtomicInteger());

        @Override
        void first() {
            held.count.set(1);
        }

        @Override
        void second() {
            Threads.require(String.valueOf(List.of(held)).contains("=0"), "changed");
        }
    }

    /** The call names a class that tells nothing of the object. */
    @Gives(Verdict.FAILURE)
    public static class CalledByOtherType extends Pair {
        private final AtomicInteger count = new AtomicInteger();
        private final Number number = count;
        private final Object object = count;

        @Override
        void first() {
            count.set(1);
        }

        @Override
        void second() {
            Threads.require(number.intValue() == 0 || object.toString().equals("0"), "changed");
        }
    }

    /** The model of a lock has no text. */
    @Gives(value = Verdict.REFUSAL, saying = "a ReentrantLock tells of itself")
    public static class TextOfLock extends Pair {
        private final ReentrantLock lock = new ReentrantLock();

        @Override
        void first() {
            lock.lock();
            lock.unlock();
        }

        @Override
        void second() {
            Threads.require(("" + lock).contains("Unlocked"), "locked");
        }
    }

    /** A copy of an object has the values of its fields. */
    @Gives(Verdict.FAILURE)
    public static class Cloned extends Pair {
        private static class Pot implements Cloneable {
            private volatile int tea;
            private int milk;

            Pot copy() {
                try {
                    return (Pot) super.clone();
                } catch (CloneNotSupportedException e) {
                    throw new AssertionError(e);
                }
            }
        }

        private final Pot pot = new Pot();

        @Override
        void first() {
            pot.milk = 1;
            pot.tea = 1;
        }

        @Override
        void second() {
            Pot copy = pot.copy();
            Threads.require(copy.milk == copy.tea, "half of it");
        }
    }

    /** A synchronized collection is read as a whole, while no other thread holds its monitor. */
    @Gives(Verdict.PASS)
    public static class ReadWithMonitor extends Pair {
        private final List<Integer> list = Collections.synchronizedList(new ArrayList<>());

        @Override
        void first() {
            synchronized (list) {
                list.add(1);
                list.remove(0);
            }
        }

        @Override
        void second() {
            Threads.require(("" + list).equals("[]"), "changed");
        }
    }

    /** What a call of the JDK reads of an array that it is given. */
    @Gives(Verdict.FAILURE)
    public static class ArrayRead extends Pair {
        private final char[] array = {'a'};

        @Override
        void first() {
            array[0] = 'b';
        }

        @Override
        void second() {
            Threads.require(new String(array).equals("a"), "changed");
        }
    }

    /** What it writes to one. */
    @Gives(Verdict.FAILURE)
    public static class ArrayWritten extends Pair {
        private final Integer[] array = {1};

        @Override
        void first() {
            List.of(2).toArray(array);
        }

        @Override
        void second() {
            Threads.require(array[0] == 1, "changed");
        }
    }

    /** System properties are the host's, and keep their values. */
    @Gives(value = Verdict.PASS, saying = "System.setProperty", by = "dpor")
    public static class Property extends Pair {
        @Override
        void first() {
            System.setProperty("org.smp4j.verdict", "1");
        }
    }

    /** A thread has the name that it was given last. */
    @Gives(Verdict.PASS)
    public static class Named extends Pair {
        @Override
        void first() {
            for (int i = 0; i < 2; i++) {
                Thread.currentThread().setName("name " + i);
                Threads.require(Thread.currentThread().getName().equals("name " + i), Thread.currentThread().getName());
            }
        }

        @Override
        void second() {
            Threads.require(Thread.currentThread().getName().equals("main"), Thread.currentThread().getName());
            first();
        }
    }

    /** The standard streams are the host's. */
    @Gives(Verdict.PASS)
    public static class Printed extends Pair {
        @Override
        void first() {
            System.out.println("x");
        }
    }
}
