package org.smp4j.explore.verdict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.smp4j.explore.verdict.Loaders.Counter;
import org.smp4j.explore.verdict.Loaders.First;
import org.smp4j.explore.verdict.Loaders.Locked;
import org.smp4j.explore.verdict.Loaders.Plain;
import org.smp4j.explore.verdict.Loaders.Second;

/** Classes that a class loader of the program defines: their statics, their initialization, their locks. */
final class Definitions {
    private Definitions() {
    }

    /** An update is lost in a class that the program's loader has defined. */
    @Gives(value = Verdict.FAILURE, saying = "Loaders$Plain")
    public static class LostUpdate implements Runnable {
        @Override
        public void run() {
            Counter counter = Loaders.counter(Loaders.copies(Plain.class), Plain.class);
            Loaders.bothAdd(counter, counter);
            Threads.require(counter.count() == 2, "lost");
        }
    }

    /** The correct twin; and each schedule begins with 0. */
    @Gives(value = Verdict.PASS, schedules = 200)
    public static class NoLostUpdate implements Runnable {
        @Override
        public void run() {
            Counter counter = Loaders.counter(Loaders.copies(Locked.class), Locked.class);
            Loaders.bothAdd(counter, counter);
            Threads.require(counter.count() == 2, "lost");
        }
    }

    /** Two unordered accesses to the same copy of a static field. */
    @Gives(Verdict.RACE)
    public static class SameCopy implements Runnable {
        @Override
        public void run() {
            Counter counter = Loaders.counter(Loaders.copies(Plain.class), Plain.class);
            Loaders.bothAdd(counter, counter);
        }
    }

    /** Two loaders have two copies of the class, and neither shares with the program's own. */
    @Gives(value = Verdict.NO_RACE, schedules = 200)
    public static class OtherCopies implements Runnable {
        @Override
        public void run() {
            Counter own = new Plain();
            Counter one = Loaders.counter(Loaders.copies(Plain.class), Plain.class);
            Counter other = Loaders.counter(Loaders.copies(Plain.class), Plain.class);
            Thread third = Threads.start("third", own::add);
            Loaders.bothAdd(one, other);
            Threads.join(third);
            Threads.require(one.count() == 1 && other.count() == 1 && own.count() == 1, "shared");
        }
    }

    /** Two threads initialize two classes of the program's loader in opposite orders. */
    @Gives(value = Verdict.DEADLOCK, saying = {"Loaders$First", "Loaders$Second"})
    public static class InitializationDeadlock implements Runnable {
        @Override
        public void run() {
            ClassLoader loader = Loaders.copies(First.class, Second.class);
            Threads.join(Loaders.initializes("one", loader, First.class),
                    Loaders.initializes("two", loader, Second.class));
        }
    }

    /** In the same order. */
    @Gives(value = Verdict.PASS, schedules = 200)
    public static class InitializationInOrder implements Runnable {
        @Override
        public void run() {
            ClassLoader loader = Loaders.copies(First.class, Second.class);
            Threads.join(Loaders.initializes("one", loader, First.class),
                    Loaders.initializes("two", loader, First.class));
        }
    }

    /** Two loaders have two locks for each class. */
    @Gives(value = Verdict.PASS, schedules = 200)
    public static class InitializationOfCopies implements Runnable {
        @Override
        public void run() {
            Threads.join(Loaders.initializes("one", Loaders.copies(First.class, Second.class), First.class),
                    Loaders.initializes("two", Loaders.copies(First.class, Second.class), Second.class));
        }
    }

    /** Yields while it is initialized. */
    public static class Yielding implements Counter {
        static int value;
        static int seen;

        static {
            value = 1;
            Thread.yield();
            value = 2;
        }

        @Override
        public void add() {
            Threads.require(value == 2, "not initialized");
        }

        @Override
        public int count() {
            return value;
        }
    }

    /** All that an initializer writes is there for all threads that use the class, ordered. */
    @Gives(value = Verdict.NO_RACE, schedules = 200)
    public static class Published implements Runnable {
        @Override
        public void run() {
            ClassLoader loader = Loaders.copies(Yielding.class);
            Threads.Body use = () -> Loaders.counter(loader, Yielding.class).add();
            Threads.join(Threads.start("one", use), Threads.start("two", use));
        }
    }

    /** Defines classes that no class path has: copies of some of the program, under names that end in Z. */
    static final class Renaming extends ClassLoader {
        private final String[] names;

        Renaming(Class<?>... types) {
            super(Loaders.class.getClassLoader());
            names = new String[2 * types.length];
            for (int i = 0; i < types.length; i++) {
                names[2 * i] = types[i].getSimpleName();
                names[2 * i + 1] = other(types[i].getSimpleName());
            }
        }

        private static String other(String name) {
            return name.substring(0, name.length() - 1) + "Z";
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            for (int i = 0; i < names.length; i += 2) {
                if (name.endsWith("$" + names[i + 1])) {
                    String original = name.substring(0, name.length() - names[i].length()) + names[i];
                    byte[] file = Loaders.renamed(original, names);
                    return defineClass(name, file, 0, file.length);
                }
            }
            throw new ClassNotFoundException(name);
        }

        Object make(Class<?> type) {
            try {
                return Loaders.make(loadClass(other(type.getName())));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A thread. */
    public static class Worker extends Thread {
        volatile boolean worked;

        @Override
        public void run() {
            Boss.one();
            worked = true;
        }
    }

    /** Lets another thread count as well, whose class its loader has not met when this one is defined. */
    public static class Boss implements Counter {
        static int count;

        static void one() {
            count++;
        }

        @Override
        public void add() {
            Worker worker = new Worker();
            worker.start();
            one();
            Threads.join(worker);
            Threads.require(worker.worked, "not worked");
        }

        @Override
        public int count() {
            return count;
        }
    }

    /** As {@link Boss}, one after the other. */
    public static class Chief implements Counter {
        private int count;

        @Override
        public void add() {
            Monitor monitor = new Monitor(1);
            Thread thread = Threads.start("other", () -> {
                synchronized (monitor) {
                    count++;
                    monitor.left = 0;
                    monitor.notifyAll();
                }
            });
            monitor.await();
            count++;
            Threads.join(thread);
        }

        @Override
        public int count() {
            return count;
        }
    }

    /** Waits by its own monitor. */
    public static class Monitor {
        int left;

        Monitor(int left) {
            this.left = left;
        }

        final synchronized void await() {
            while (left > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** Classes that only the program's loader has, one of them a thread. */
    @Gives(value = Verdict.FAILURE, saying = "BosZ")
    public static class UnknownLosesUpdate implements Runnable {
        @Override
        public void run() {
            Counter counter = (Counter) new Renaming(Boss.class, Worker.class).make(Boss.class);
            counter.add();
            Threads.require(counter.count() == 2, "lost");
        }
    }

    /** Classes that only the program's loader has, one of them a monitor. */
    @Gives(value = Verdict.NO_RACE, schedules = 200)
    public static class UnknownWaits implements Runnable {
        @Override
        public void run() {
            Counter counter = (Counter) new Renaming(Chief.class, Monitor.class).make(Chief.class);
            counter.add();
            Threads.require(counter.count() == 2, "lost");
        }
    }

    /** Needs more of a lock than the model by hand has. */
    public static class Conditional implements Runnable {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition done = lock.newCondition();
        private boolean isDone;

        @Override
        public void run() {
            Thread other = Threads.start("other", () -> {
                lock.lock();
                try {
                    isDone = true;
                    done.signal();
                } finally {
                    lock.unlock();
                }
            });
            lock.lock();
            try {
                while (!isDone) {
                    done.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
            Threads.join(other);
        }
    }

    /** A class that the program's own code names nowhere, and with it the JDK's own code of its lock. */
    @Gives(value = Verdict.PASS, schedules = 200)
    public static class UnknownCondition implements Runnable {
        @Override
        public void run() {
            ((Runnable) new Renaming(Conditional.class).make(Conditional.class)).run();
        }
    }

    /** Has a handle of its static field. */
    public static class Handled implements Counter {
        static int count;
        private static final VarHandle COUNT;

        static {
            try {
                COUNT = MethodHandles.lookup().findStaticVarHandle(Handled.class, "count", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        @Override
        public void add() {
            COUNT.getAndAdd(1);
        }

        @Override
        public int count() {
            return count;
        }
    }

    /** A handle does not tell which copy of a class its field is one of. */
    @Gives(value = Verdict.REFUSAL, saying = "a handle of the static field org.smp4j.explore.verdict.Definitions$Ha")
    public static class HandleOfCopy implements Runnable {
        @Override
        public void run() {
            Counter counter = Loaders.counter(Loaders.copies(Handled.class), Handled.class);
            Loaders.bothAdd(counter, counter);
        }
    }

    /** Reflection and method handles reach the fields of the copy. */
    @Gives(Verdict.RACE)
    public static class ReflectedCopy implements Runnable {
        @Override
        public void run() {
            Counter counter = Loaders.counter(Loaders.copies(Plain.class), Plain.class);
            Threads.join(Threads.start("one", counter::add), Threads.start("two", () -> {
                Field count = counter.getClass().getDeclaredField("count");
                count.setAccessible(true);
                count.setInt(null, 3);
            }));
        }
    }

    /** A constant with a counter. */
    public enum Constant {
        ONE;

        int count;

        int plain() {
            return ++count;
        }

        synchronized int locked() {
            return ++count;
        }
    }

    /** Counts in a constant. */
    public static class InConstant implements Counter {
        @Override
        public void add() {
            Constant.ONE.plain();
        }

        @Override
        public int count() {
            return Constant.ONE.count;
        }
    }

    /** Counts in a constant, under a lock. */
    public static class InLockedConstant implements Counter {
        @Override
        public void add() {
            Constant.ONE.locked();
        }

        @Override
        public int count() {
            return Constant.ONE.count;
        }
    }

    /** The constants of an enum are new in each schedule, though the JVM initializes it. */
    @Gives(Verdict.FAILURE)
    public static class EnumLosesUpdate implements Runnable {
        @Override
        public void run() {
            Counter counter = Loaders.counter(Loaders.copies(Constant.class, InConstant.class),
                    InConstant.class);
            Loaders.bothAdd(counter, counter);
            Threads.require(counter.count() == 2, "lost");
        }
    }

    /** The correct twin. */
    @Gives(value = Verdict.PASS, schedules = 200)
    public static class EnumLosesNone implements Runnable {
        @Override
        public void run() {
            Counter counter = Loaders.counter(Loaders.copies(Constant.class, InLockedConstant.class),
                    InLockedConstant.class);
            Loaders.bothAdd(counter, counter);
            Threads.require(counter.count() == 2, "lost");
        }
    }

    /** A superclass with a static field, which counts its objects. */
    public abstract static class Base {
        static int made;
        final int kind;

        Base() {
            made++;
            kind = kind();
        }

        abstract int kind();
    }

    /** Uses much of what classes can have. */
    public static class Derived extends Base implements Counter {
        /** Two values. */
        public record Pair(int left, String right) {
        }

        private final IntSupplier lambda = () -> {
            synchronized (Derived.class) {
                return ++made;
            }
        };

        @Override
        int kind() {
            return 5;
        }

        private static synchronized void one() {
            made++;
        }

        @Override
        public void add() {
            Runnable reference = Derived::one;
            reference.run();
            Pair[] pairs = {new Pair(lambda.getAsInt() > 0 ? 1 : 0, "right")};
            Object found = pairs;
            Threads.require(found instanceof Object[] all && all[0].equals(new Pair(1, "right")), "other pairs");
        }

        @Override
        public int count() {
            return Base.made;
        }
    }

    /** Statics of a superclass, lambdas, method references, records and arrays of a copy. */
    @Gives(value = Verdict.PASS, schedules = 200)
    public static class Rich implements Runnable {
        @Override
        public void run() {
            Counter counter = Loaders.counter(
                    Loaders.copies(Base.class, Derived.class, Derived.Pair.class), Derived.class);
            Loaders.bothAdd(counter, counter);
            Threads.require(counter.count() == 5 && Base.made == 0, "count " + counter.count());
        }
    }

    /** A lock of the program. */
    public static final class Guard {
        public static final Object LOCK = new Object();
    }

    /** Its initializer takes a lock. */
    public enum Guarded {
        ONE;

        static {
            synchronized (Guard.LOCK) {
                Threads.require(ONE.ordinal() == 0, "first");
            }
        }
    }

    /** Uses it. */
    public static class InGuarded implements Runnable {
        @Override
        public void run() {
            Guarded.ONE.name();
        }
    }

    /** The JVM initializes an enum at its first use, and can't wait there for a lock. */
    @Gives(value = Verdict.REFUSAL, saying = "a lock in code that the JVM calls")
    public static class EnumWaits implements Runnable {
        @Override
        public void run() {
            Thread locks = Threads.start("locks", () -> {
                synchronized (Guard.LOCK) {
                    Thread.yield();
                }
            });
            try {
                ((Runnable) Loaders.make(Loaders.copies(Guarded.class, InGuarded.class)
                        .loadClass(InGuarded.class.getName()))).run();
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
            Threads.join(locks);
        }
    }

    /** Two threads write to a field each, and read the other's. */
    public static class Buffers implements Counter {
        static int left;
        static int right;
        static int sum;

        @Override
        public void add() {
            left = 1;
            int seen = right;
            synchronized (Buffers.class) {
                sum += seen;
            }
        }

        @Override
        public int count() {
            right = 1;
            int seen = left;
            synchronized (Buffers.class) {
                return sum += seen;
            }
        }
    }

    /** One of them reads the other's write, unless the memory model lets both read older values. */
    @Gives(value = Verdict.PASS, schedules = 200)
    public static class StoreBuffering implements Runnable {
        @Override
        public void run() {
            Counter buffers = Loaders.counter(Loaders.copies(Buffers.class), Buffers.class);
            Threads.join(Threads.start("left", buffers::add), Threads.start("right", buffers::count));
            Threads.require(buffers.count() > 1, "both 0"); // its own read of left is the last one
        }
    }
}
