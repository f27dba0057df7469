package org.smp4j.weave;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** What edits are tried on. Each method writes down in which order things happen. */
public class Subject {
    private static final VarHandle FLAG = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "flag", VarHandle.class, Subject.class, int.class);
    private static final VarHandle NAME = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "name", VarHandle.class, Subject.class, String.class);
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    public final List<String> log = new ArrayList<>();
    private int flag;
    private String name = "old";
    private final long[] words = {1, 2, 3};
    private final AtomicInteger count = new AtomicInteger(10);
    private final AtomicReference<String> reference = new AtomicReference<>("old");
    private final AtomicIntegerArray array = new AtomicIntegerArray(2);

    void note(String what) {
        log.add(what);
    }

    boolean noted(String what) {
        log.add(what);
        return true;
    }

    long wide(double first, long second) {
        log.add("wide");
        return (long) first + second;
    }

    static String constant() {
        return "constant";
    }

    public Object three() {
        note("a");
        note("b");
        note("c");
        return log;
    }

    public Object values() {
        boolean yes = noted("x");
        return yes + " " + wide(1.5, 2L) + " " + constant();
    }

    public Object distinct(int number) {
        note("one " + number);
        noted("two");
        wide(1, 2);
        if (number > 0) {
            note("positive");
            return log;
        }
        return log;
    }

    public Object changing() {
        int number = 1;
        wide(number, number);
        number++;
        noted("n");
        note("n" + number);
        return log;
    }

    public Object choosing(boolean which) {
        note(which ? "yes" : "no");
        noted("end");
        return log;
    }

    public Object throwing(int number) {
        if (number > 0) {
            throw new IllegalStateException("thrown");
        }
        return log;
    }

    public Object lambdas() {
        Supplier<String> first = () -> {
            note("first");
            return constant();
        };
        IntUnaryOperator second = number -> {
            note("second");
            return number + 1;
        };
        return first.get() + second.applyAsInt(1) + log;
    }

    public Object over(int number) {
        note("int");
        return log;
    }

    public Object over(long number) {
        note("long");
        return log;
    }

    public Object accesses() {
        FLAG.setRelease(this, 1);
        int before = (int) FLAG.getAndSet(this, 5);
        boolean swapped = FLAG.compareAndSet(this, 99, 7);
        int added = (int) FLAG.getAndAdd(this, 3);
        int witness = (int) FLAG.compareAndExchange(this, 99, 20);
        return before + " " + swapped + " " + added + " " + witness + " " + flag;
    }

    public Object references() {
        String before = (String) NAME.getAndSet(this, "new");
        NAME.getAndSet(this, "newer");
        String witness = (String) NAME.compareAndExchange(this, "none", "newest");
        return before + " " + witness + " " + name;
    }

    public Object elements() {
        long before = (long) WORDS.getAndBitwiseOr(words, 1, 8L);
        boolean swapped = WORDS.compareAndSet(words, 2, 99L, 4L);
        return before + " " + words[1] + " " + swapped + " " + words[2];
    }

    public Object atomics() {
        AtomicInteger local = count;
        int left = local.decrementAndGet();
        boolean swapped = count.compareAndSet(99, 50);
        String before = reference.getAndSet("new");
        int sum = array.addAndGet(1, 4) + array.getAndIncrement(1);
        count.lazySet(count.get() + 1);
        return left + " " + swapped + " " + before + " " + reference.get() + " " + sum + " " + array.get(1) + " "
                + count.get();
    }

    /** What is put in. */
    public static final class Hooks {
        private Hooks() {
        }

        public static void mark() {
            Marks.add("mark");
        }

        public static int markObject(Subject subject) {
            subject.note("hook");
            return 1;
        }

        public static void markNumber(Subject subject, int number) {
            subject.note("hook " + number);
        }

        public static void markUnknown(Object subject, int number) {
            ((Subject) subject).note("unknown " + number);
        }

        public static boolean refuse(Subject subject, String what) {
            subject.note("refused " + what);
            return false;
        }

        public static void ignoreUnknown(Object subject, Object what) {
        }

        public static boolean refuseUnknown(Object subject, Object what) {
            return false;
        }

        public static String other() {
            return "other";
        }

        static void hidden() {
        }
    }
}
