package org.smp4j.explore.verdict;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/** Fields and methods that a program finds by their names. */
final class Reflection {
    private Reflection() {
    }

    /** Two threads that add one each. */
    abstract static class Adds implements Runnable {
        volatile int count;
        int plain;

        abstract void add() throws Throwable;

        int sum() {
            return count + plain;
        }

        @Override
        public void run() {
            Thread one = Threads.start("one", this::tryToAdd);
            Thread other = Threads.start("other", this::tryToAdd);
            Threads.join(one, other);
            Threads.require(sum() == 2, "sum " + sum());
        }

        private void tryToAdd() {
            try {
                add();
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A volatile field. */
    @Gives(value = Verdict.FAILURE, saying = "count")
    public static class ByField extends Adds {
        @Override
        void add() throws Exception {
            Field field = Adds.class.getDeclaredField("count");
            field.setInt(this, field.getInt(this) + 1);
        }
    }

    /** A plain field, which direct accesses reach too. */
    @Gives(Verdict.FAILURE)
    public static class ByPlainField extends Adds {
        @Override
        void add() throws Exception {
            Field field = Adds.class.getDeclaredField("plain");
            plain = (Integer) field.get(this) + 1;
        }
    }

    /** The same under a lock. */
    @Gives(Verdict.PASS)
    public static class Locked extends ByPlainField {
        @Override
        synchronized void add() throws Exception {
            super.add();
        }
    }

    /** A data race of two accesses that reflection makes. */
    @Gives(value = Verdict.RACE, by = "portfolio")
    public static class RaceByField extends ByPlainField {
    }

    /** A static field. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor"})
    public static class ByStaticField extends Adds {
        static volatile int shared;

        @Override
        void add() throws Exception {
            Field field = ByStaticField.class.getDeclaredField("shared");
            field.set(null, (Integer) field.get(null) + 1);
        }

        @Override
        int sum() {
            return shared;
        }
    }

    /** A method. */
    @Gives(Verdict.FAILURE)
    public static class ByMethod extends Adds {
        private void addOne() {
            count++;
        }

        @Override
        void add() throws Exception {
            Method method = ByMethod.class.getDeclaredMethod("addOne");
            method.invoke(this);
        }
    }

    /** A synchronized method. */
    @Gives(Verdict.PASS)
    public static class BySynchronizedMethod extends Adds {
        private synchronized void addOne() {
            count++;
        }

        @Override
        void add() throws Exception {
            BySynchronizedMethod.class.getDeclaredMethod("addOne").invoke(this);
        }
    }

    /** A method of an interface of the JDK that a class of the program implements, and one of a value. */
    @Gives(Verdict.PASS)
    public static class ByInterface extends Statics.Beside {
        @Override
        void main() {
            try {
                Runnable body = () -> beside++;
                Runnable own = new Runnable() {
                    @Override
                    public void run() {
                        body.run();
                    }
                };
                Runnable.class.getMethod("run").invoke(own);
                Threads.require(String.class.getMethod("length").invoke("abc").equals(3), "length");
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A method of the JDK that would make a step. */
    @Gives(value = Verdict.REFUSAL, saying = {"java.lang.Thread.start, found by its name", "Reflection$StartsByName"})
    public static class StartsByName extends Statics.Beside {
        @Override
        void main() {
            try {
                Thread.class.getMethod("start").invoke(new Thread(() -> beside++));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Method handles of a field. */
    @Gives(Verdict.FAILURE)
    public static class ByGetter extends Adds {
        @Override
        void add() throws Throwable {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            MethodHandle get = lookup.findGetter(Adds.class, "count", int.class);
            MethodHandle set = lookup.unreflectSetter(Adds.class.getDeclaredField("count"));
            set.invoke((Adds) this, (int) get.invoke((Adds) this) + 1);
        }
    }

    /** Method handles of methods. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor"})
    public static class ByHandle extends Adds {
        private void addOne() {
            count++;
        }

        @Override
        void add() throws Throwable {
            MethodHandles.lookup().findVirtual(ByHandle.class, "addOne", MethodType.methodType(void.class))
                    .invoke(this);
        }
    }

    /** A method handle of a method of the JDK. */
    @Gives(value = Verdict.REFUSAL, saying = "java.lang.Thread.start, found by its name")
    public static class StartsByHandle extends Statics.Beside {
        @Override
        void main() {
            try {
                MethodHandles.lookup().findVirtual(Thread.class, "start", MethodType.methodType(void.class))
                        .invoke(new Thread(() -> beside++));
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The same through a class of the program that has another method of that name. */
    @Gives(value = Verdict.REFUSAL, saying = "Starts.start, found by its name")
    public static class StartsByHeir extends Statics.Beside {
        private static final class Starts extends Thread {
            void start(int times) {
                throw new IllegalStateException("not this one, " + times);
            }
        }

        @Override
        void main() {
            beside++;
            try {
                MethodHandles.lookup().findVirtual(Starts.class, "start", MethodType.methodType(void.class))
                        .invoke(new Starts());
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Field updaters. */
    @Gives(Verdict.PASS)
    public static class Updaters extends Adds {
        private static final AtomicIntegerFieldUpdater<Updaters> INT =
                AtomicIntegerFieldUpdater.newUpdater(Updaters.class, "own");
        private static final AtomicLongFieldUpdater<Updaters> LONG =
                AtomicLongFieldUpdater.newUpdater(Updaters.class, "wide");
        private static final AtomicReferenceFieldUpdater<Updaters, List<?>> LIST = reference();
        volatile int own;
        volatile long wide;
        volatile List<?> list = List.of();

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static AtomicReferenceFieldUpdater<Updaters, List<?>> reference() {
            return (AtomicReferenceFieldUpdater) AtomicReferenceFieldUpdater.newUpdater(Updaters.class, List.class,
                    "list");
        }

        @Override
        void add() {
            INT.incrementAndGet(this);
            LONG.getAndAdd(this, 2);
            List<?> before = list;
            while (!LIST.compareAndSet(this, before, List.of(before))) {
                before = list;
            }
        }

        @Override
        int sum() {
            Threads.require(wide == 4 && list.equals(List.of(List.of(List.of()))), wide + " " + list);
            return own;
        }
    }

    /** An updater that reads and then writes. */
    @Gives(value = Verdict.FAILURE, saying = "own")
    public static class UpdaterInTwoSteps extends Adds {
        private static final AtomicIntegerFieldUpdater<UpdaterInTwoSteps> INT =
                AtomicIntegerFieldUpdater.newUpdater(UpdaterInTwoSteps.class, "own");
        volatile int own;

        @Override
        void add() {
            INT.set(this, INT.get(this) + 1);
        }

        @Override
        int sum() {
            return own;
        }
    }

    /** An updater meets direct accesses to its field. */
    @Gives(Verdict.FAILURE)
    public static class UpdaterMeetsField extends Adds {
        private static final AtomicIntegerFieldUpdater<Adds> INT =
                AtomicIntegerFieldUpdater.newUpdater(Adds.class, "count");

        @Override
        void add() {
            if (Thread.currentThread().getName().equals("one")) {
                INT.incrementAndGet(this);
            } else {
                count++;
            }
        }
    }

    /** A static field that is read by its name, or by a handle, is that of an initialized class. */
    @Gives(Verdict.PASS)
    public static class InitializesByName extends Statics.Beside {
        static int initialized;

        static class Read {
            static int value = 5 + initialized++;
        }

        static class Fixed {
            static final List<Integer> VALUES = new ArrayList<>(List.of(initialized++));
        }

        static class Got {
            static int value = 7 + initialized++;
        }

        static class Ensured {
            static int value = 9 + initialized++;
        }

        @Override
        void main() {
            try {
                Threads.require(Read.class.getDeclaredField("value").getInt(null) == 5, "not read");
                Threads.require(Fixed.class.getDeclaredField("VALUES").get(null).equals(List.of(1)), "not fixed");
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                MethodHandle got = lookup.findStaticGetter(Got.class, "value", int.class);
                Threads.require(initialized == 2 && (int) got.invoke() == 9, "not got");
                lookup.ensureInitialized(Ensured.class);
                Threads.require(initialized == 4, "initialized " + initialized);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
