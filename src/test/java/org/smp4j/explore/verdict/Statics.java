package org.smp4j.explore.verdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Classes are initialized as the language specifies, within each run, and each run has its own statics. */
final class Statics {
    private Statics() {
    }

    /** A decision, so that there is something to explore. */
    abstract static class Beside implements Runnable {
        volatile int beside;

        abstract void main();

        @Override
        public void run() {
            Thread other = Threads.start("beside", () -> beside++);
            beside++;
            main();
            Threads.join(other);
        }
    }

    /** Containers in static finals are filled once in each run. */
    @Gives(Verdict.PASS)
    public static class Containers extends Beside {
        static final List<String> NAMES = new ArrayList<>();
        static final Map<String, int[]> CELLS = new HashMap<>(Map.of("one", new int[1]));
        static final int[] NUMBERS = new int[1];
        static final AtomicInteger COUNT = new AtomicInteger();
        static int plain;

        @Override
        void main() {
            NAMES.add("name");
            NUMBERS[0]++;
            plain++;
            CELLS.get("one")[0]++;
            boolean fresh = NAMES.size() == 1 && NUMBERS[0] == 1 && plain == 1 && CELLS.get("one")[0] == 1
                    && COUNT.incrementAndGet() == 1;
            Threads.require(fresh, "something is left of the last run");
        }
    }

    /** The one instance of a class changes. */
    @Gives(Verdict.PASS)
    public static class Singleton extends Beside {
        private static final Singleton INSTANCE = new Singleton();
        private int uses;

        @Override
        void main() {
            INSTANCE.uses++;
            Threads.require(INSTANCE.uses == 1, "used " + INSTANCE.uses + " times");
        }
    }

    /** A plain static is restored, and so must be the flag in a static final that says whether it was written. */
    @Gives(Verdict.PASS)
    public static class FlagOfPlainValue implements Runnable {
        static int value;
        static final AtomicBoolean WRITTEN = new AtomicBoolean();

        @Override
        public void run() {
            Thread writer = Threads.start("writer", () -> {
                value = 1;
                WRITTEN.set(true);
            });
            Thread reader = Threads.start("reader",
                    () -> Threads.require(!WRITTEN.get() || value == 1, "written, but it is not there"));
            Threads.join(writer, reader);
        }
    }

    /** Fails in few schedules, which depend on a static final; its token must make it fail again. */
    @Gives(Verdict.FAILURE)
    public static class LostUpdateOfStatic implements Runnable {
        static final AtomicInteger COUNT = new AtomicInteger();

        @Override
        public void run() {
            Threads.Body body = () -> COUNT.set(COUNT.get() + 1);
            Threads.join(Threads.start("one", body), Threads.start("two", body), Threads.start("three", body));
            Threads.require(COUNT.get() > 1, "count is " + COUNT.get());
        }
    }

    /** An initializer changes another class. */
    @Gives(Verdict.PASS)
    public static class Registers extends Beside {
        static int registered;

        static class Driver {
            static {
                registered++;
            }

            static void load() {
            }
        }

        @Override
        void main() {
            Threads.require(registered == 0, "too early");
            Driver.load();
            Driver.load();
            Threads.require(registered == 1, "registered " + registered);
        }
    }

    /** Naming a class, or making an array of it, does not initialize it. */
    @Gives(Verdict.PASS)
    public static class Unused extends Beside {
        static int initialized;

        static class Never {
            static {
                initialized++;
            }
        }

        @Override
        void main() {
            Never[] none = new Never[1];
            Threads.require(initialized == 0 && none[0] == null && !(((Object) this) instanceof Never), "initialized");
        }
    }

    /** An initializer reads a value that was set before the first use of the class. */
    @Gives(Verdict.PASS)
    public static class Configured extends Beside {
        static volatile String setting = "none";

        static class Holder {
            static final String VALUE = setting;
        }

        @Override
        void main() {
            setting = "set";
            Threads.require(Holder.VALUE.equals("set"), Holder.VALUE);
        }
    }

    /**
     * A subclass's constructor initializes the superclass before the subclass, and both before the arguments are
     * computed.
     */
    @Gives(Verdict.PASS)
    public static class Order extends Beside {
        static final StringBuilder ORDER = new StringBuilder();

        static class Base {
            static {
                ORDER.append("base ");
            }

            Base(String text) {
                ORDER.append(text);
            }
        }

        static class Derived extends Base {
            static {
                ORDER.append("derived ");
            }

            Derived(String text) {
                super(text);
            }
        }

        private static String argument() {
            ORDER.append("argument ");
            return "new";
        }

        @Override
        void main() {
            new Derived(argument());
            Threads.require(ORDER.toString().equals("base derived argument new"), ORDER.toString());
        }
    }

    /** During the initialization of a class its thread sees the values so far. */
    @Gives(Verdict.PASS)
    public static class Recursion extends Beside {
        static class Early {
            static final int SEEN = Late.of();
            static int value = Integer.parseInt("5");
        }

        static class Late {
            static int of() {
                return Early.value;
            }
        }

        @Override
        void main() {
            Threads.require(Early.SEEN == 0 && Early.value == 5, Early.SEEN + " " + Early.value);
        }
    }

    /** An initializer that throws does so at the first use; later uses throw NoClassDefFoundError. */
    @Gives(Verdict.PASS)
    public static class Broken extends Beside {
        static class Fails {
            static int value = Integer.parseInt("no number");
        }

        private static String used() {
            try {
                return "value " + Fails.value;
            } catch (ExceptionInInitializerError e) {
                return e.getCause().getClass().getSimpleName();
            } catch (NoClassDefFoundError e) {
                return "gone";
            }
        }

        @Override
        void main() {
            Threads.require(used().equals("NumberFormatException"), "the first use");
            Threads.require(used().equals("gone"), "the second use");
        }
    }

    /** The writes of an initializer happen before all uses of its class. */
    @Gives(Verdict.NO_RACE)
    public static class Publishes implements Runnable {
        private volatile int beside;

        static class Holder {
            static int[] data = {1};
        }

        private void use() {
            beside++;
            Threads.require(Holder.data[0] == 1, "half made");
        }

        @Override
        public void run() {
            Threads.join(Threads.start("one", this::use), Threads.start("two", this::use));
        }
    }

    /** Two threads use a lazy holder: its object is made once. */
    @Gives(Verdict.PASS)
    public static class LazyHolder implements Runnable {
        static final AtomicInteger MADE = new AtomicInteger();

        static class Holder {
            static final Object ONLY = make();

            private static Object make() {
                MADE.incrementAndGet();
                return new Object();
            }
        }

        @Override
        public void run() {
            Object[] seen = new Object[2];
            Threads.join(Threads.start("one", () -> seen[0] = Holder.ONLY),
                    Threads.start("two", () -> seen[1] = Holder.ONLY));
            Threads.require(seen[0] == seen[1] && seen[0] != null && MADE.get() == 1, "more than one");
        }
    }

    /** A class's initializer makes an object of its subclass; two threads begin with one class each. */
    @Gives(value = Verdict.DEADLOCK,
            saying = {"for the initialization of Statics$SubclassInInitializer$Shape, held by", "$Square, held by"})
    public static class SubclassInInitializer implements Runnable {
        static class Shape {
            static final Shape UNIT = new Square(1);
            final int size;

            Shape(int size) {
                this.size = size;
            }
        }

        static final class Square extends Shape {
            Square(int size) {
                super(size);
            }
        }

        @Override
        public void run() {
            Threads.join(Threads.start("subclass", () -> new Square(2)),
                    Threads.start("superclass", () -> Threads.require(Shape.UNIT != null, "half made")));
        }
    }

    /** An initializer waits for a thread that needs the class. */
    @Gives(value = Verdict.DEADLOCK,
            saying = "waits for the initialization of Statics$ThreadInInitializer$Starts, held by main")
    public static class ThreadInInitializer extends Beside {
        static class Starts {
            static volatile int number;

            static {
                Threads.join(Threads.start("started", () -> number++));
            }

            static void touch() {
            }
        }

        @Override
        void main() {
            Starts.touch();
        }
    }

    /** An initializer starts a thread that does not need the class. */
    @Gives(Verdict.PASS)
    public static class HarmlessThreadInInitializer extends Beside {
        static final AtomicInteger COUNT = new AtomicInteger();

        static class Starts {
            static {
                Threads.join(Threads.start("started", COUNT::incrementAndGet));
            }

            static void touch() {
            }
        }

        @Override
        void main() {
            Starts.touch();
            Threads.require(COUNT.get() == 1, "started " + COUNT.get());
        }
    }

    /** Objects in an enum's fields are not made anew in each run: a proof says so. */
    @Gives(value = Verdict.PASS, saying = {"kept from one schedule to the next", "Statics$OfEnum$Kept.NAMES"},
            by = "dpor")
    public static class OfEnum extends Beside {
        enum Kept {
            ONE;

            static final List<String> NAMES = new ArrayList<>();
        }

        @Override
        void main() {
            Threads.require(Kept.ONE.ordinal() == Kept.NAMES.size(), "filled");
        }
    }

    /** A run is abandoned while a thread waits: the thread's finally block is part of no run. */
    @Gives(Verdict.DEADLOCK)
    public static class GivenUp implements Runnable {
        static int left;

        @Override
        public void run() {
            Threads.require(left == 0, "left " + left);
            Threads.join(Threads.start("waiter", () -> {
                synchronized (this) {
                    try {
                        wait();
                    } finally {
                        left++;
                    }
                }
            }));
        }
    }
}
