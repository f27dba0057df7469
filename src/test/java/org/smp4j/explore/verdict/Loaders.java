package org.smp4j.explore.verdict;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Class loaders that programs make themselves, and the classes that these define. */
final class Loaders {
    /** How a program calls what its loaders define. */
    public interface Counter {
        void add();

        int count();
    }

    /** Defines copies of some classes of the program, and asks its parent for all others. */
    static class Copies extends ClassLoader {
        private final String[] own;

        Copies(ClassLoader parent, Class<?>... own) {
            super(parent);
            this.own = new String[own.length];
            for (int i = 0; i < own.length; i++) {
                this.own[i] = own[i].getName();
            }
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                for (String each : own) {
                    if (each.equals(name)) {
                        Class<?> loaded = findLoadedClass(name);
                        return loaded == null ? define(name) : loaded;
                    }
                }
                return super.loadClass(name, resolve);
            }
        }

        final Object lock(String name) {
            return getClassLoadingLock(name);
        }

        final Class<?> define(String name) {
            byte[] file = file(name);
            return defineClass(name, file, 0, file.length);
        }
    }

    private Loaders() {
    }

    static byte[] file(String name) {
        try (InputStream in = Loaders.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The class file of a class, with other names of the same lengths in it: no class path has such a class. */
    static byte[] renamed(Class<?> type, String... names) {
        String file = new String(file(type.getName()), StandardCharsets.ISO_8859_1);
        for (int i = 0; i < names.length; i += 2) {
            file = file.replace(names[i], names[i + 1]);
        }
        return file.getBytes(StandardCharsets.ISO_8859_1);
    }

    static ClassLoader copies(Class<?>... own) {
        return new Copies(Loaders.class.getClassLoader(), own);
    }

    static Object make(Class<?> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static Counter counter(ClassLoader loader, Class<?> type) {
        try {
            return (Counter) make(loader.loadClass(type.getName()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Counts in a static field. */
    public static class Plain implements Counter {
        static int count;

        @Override
        public void add() {
            count++;
        }

        @Override
        public int count() {
            return count;
        }
    }

    /** Counts in a static field, under a lock. */
    public static class Locked implements Counter {
        static int count;

        private static synchronized void one() {
            count++;
        }

        @Override
        public void add() {
            one();
        }

        @Override
        public int count() {
            return count;
        }
    }

    private static void bothAdd(Counter one, Counter other) {
        Threads.join(Threads.start("one", one::add), Threads.start("other", other::add));
    }

    /** An update is lost in a class that the program's loader has defined. */
    @Gives(value = Verdict.FAILURE, saying = "Loaders$Plain")
    public static class LostUpdate implements Runnable {
        @Override
        public void run() {
            Counter counter = counter(copies(Plain.class), Plain.class);
            bothAdd(counter, counter);
            Threads.require(counter.count() == 2, "lost");
        }
    }

    /** The correct twin; and each schedule begins with 0. */
    @Gives(Verdict.PASS)
    public static class NoLostUpdate implements Runnable {
        @Override
        public void run() {
            Counter counter = counter(copies(Locked.class), Locked.class);
            bothAdd(counter, counter);
            Threads.require(counter.count() == 2, "lost");
        }
    }

    /** Two unordered accesses to the same copy of a static field. */
    @Gives(Verdict.RACE)
    public static class SameCopy implements Runnable {
        @Override
        public void run() {
            Counter counter = counter(copies(Plain.class), Plain.class);
            bothAdd(counter, counter);
        }
    }

    /** Two loaders have two copies of the class, and neither shares with the program's own. */
    @Gives(Verdict.NO_RACE)
    public static class OtherCopies implements Runnable {
        @Override
        public void run() {
            Counter own = new Plain();
            Counter one = counter(copies(Plain.class), Plain.class);
            Counter other = counter(copies(Plain.class), Plain.class);
            Thread third = Threads.start("third", own::add);
            bothAdd(one, other);
            Threads.join(third);
            Threads.require(one.count() == 1 && other.count() == 1 && own.count() == 1, "shared");
        }
    }

    /** What a loader leaves to its parent is the program's own, whichever way the parent is named. */
    @Gives(Verdict.RACE)
    public static class OwnThroughParent implements Runnable {
        @Override
        public void run() {
            bothAdd(new Plain(), counter(new Copies(ClassLoader.getSystemClassLoader()), Plain.class));
        }
    }

    /** The parent is the one of a library that is not rewritten, which has the program's class files as well. */
    @Gives(Verdict.RACE)
    public static class OwnThroughLibrary implements Runnable {
        @Override
        public void run() {
            ClassLoader library = org.junit.jupiter.api.Test.class.getClassLoader();
            bothAdd(new Plain(), counter(new Copies(library), Plain.class));
        }
    }

    /** A class of a loader without a parent: it finds what the JDK has, and what the explorer needs. */
    @Gives(Verdict.PASS)
    public static class WithoutParent extends Statics.Beside {
        /** Uses classes that have another name while they are explored. */
        public static class Latch implements Runnable {
            private final CountDownLatch latch = new CountDownLatch(1);
            private final Object key = new Object();

            @Override
            public void run() {
                synchronized (key) {
                    latch.countDown();
                }
                Threads.require(latch.getCount() == 0, "not counted");
            }
        }

        @Override
        void main() {
            try {
                ClassLoader loader = new Copies(null, Latch.class, Threads.class);
                ((Runnable) make(loader.loadClass(Latch.class.getName()))).run();
                Threads.require(loader.getParent() == null, "a parent");
                loader.loadClass(Plain.class.getName());
                throw new IllegalStateException("found");
            } catch (ClassNotFoundException e) {
                Threads.require(e.getMessage().equals(Plain.class.getName()), e.getMessage());
            }
        }
    }

    /** What a program sees of its loaders. */
    @Gives(Verdict.PASS)
    public static class Family extends Statics.Beside {
        @Override
        void main() {
            ClassLoader own = getClass().getClassLoader();
            ClassLoader loader = copies(Plain.class);
            ClassLoader below = new Copies(loader);
            Threads.require(loader.getParent() == own && below.getParent() == loader, "parents");
            Threads.require(ClassLoader.getSystemClassLoader() == own
                    && own.getParent() == ClassLoader.getPlatformClassLoader(), "the system's");
            Threads.require(loader.getName() == null, loader.getName());
            Counter copy = counter(below, Plain.class);
            Threads.require(copy.getClass().getClassLoader() == loader && copy.getClass() != Plain.class, "copy");
            Threads.require(copy.getClass().getName().equals(Plain.class.getName()), "name");
        }
    }

    /** Two classes whose initializers need each other. */
    public static class First {
        static final Map<String, Integer> TABLE = new HashMap<>();
        static int value = Second.value + 1;
    }

    /** The other one. */
    public static class Second {
        static final Map<String, Integer> TABLE = new HashMap<>();
        static int value = First.value + 1;
    }

    private static Thread initializes(String name, ClassLoader loader, Class<?> type) {
        return Threads.start(name, () -> Class.forName(type.getName(), true, loader));
    }

    /** Two threads initialize two classes of the program's loader in opposite orders. */
    @Gives(value = Verdict.DEADLOCK, saying = {"Loaders$First", "Loaders$Second"})
    public static class InitializationDeadlock implements Runnable {
        @Override
        public void run() {
            ClassLoader loader = copies(First.class, Second.class);
            Threads.join(initializes("one", loader, First.class), initializes("two", loader, Second.class));
        }
    }

    /** In the same order. */
    @Gives(Verdict.PASS)
    public static class InitializationInOrder implements Runnable {
        @Override
        public void run() {
            ClassLoader loader = copies(First.class, Second.class);
            Threads.join(initializes("one", loader, First.class), initializes("two", loader, First.class));
        }
    }

    /** Two loaders have two locks for each class. */
    @Gives(Verdict.PASS)
    public static class InitializationOfCopies implements Runnable {
        @Override
        public void run() {
            Threads.join(initializes("one", copies(First.class, Second.class), First.class),
                    initializes("two", copies(First.class, Second.class), Second.class));
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
    @Gives(Verdict.NO_RACE)
    public static class Published implements Runnable {
        @Override
        public void run() {
            ClassLoader loader = copies(Yielding.class);
            Threads.Body use = () -> counter(loader, Yielding.class).add();
            Threads.join(Threads.start("one", use), Threads.start("two", use));
        }
    }

    /** {@code Class.forName} initializes a class, unless it is told not to. */
    @Gives(Verdict.PASS)
    public static class ByName extends Statics.Beside {
        static int initialized;

        static class Driver {
            static {
                initialized++;
            }
        }

        @Override
        void main() {
            try {
                Class<?> found = Class.forName(Driver.class.getName(), false, getClass().getClassLoader());
                Threads.require(initialized == 0 && found == Driver.class, "too early");
                Class.forName(Driver.class.getName());
                Class.forName(Driver.class.getName());
                Threads.require(initialized == 1 && Class.forName("[I") == int[].class, "" + initialized);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Looks whether it has the class, and defines it, without a lock. */
    static class Hasty extends ClassLoader {
        Hasty() {
            super(Loaders.class.getClassLoader());
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            if (!name.equals(Plain.class.getName())) {
                return super.loadClass(name);
            }
            Class<?> loaded = findLoadedClass(name);
            byte[] file = file(name);
            return loaded == null ? defineClass(name, file, 0, file.length) : loaded;
        }
    }

    /** Its correct twin. */
    static class Careful extends Hasty {
        @Override
        public synchronized Class<?> loadClass(String name) throws ClassNotFoundException {
            return super.loadClass(name);
        }
    }

    private static void bothLoad(ClassLoader loader) {
        Threads.Body load = () -> loader.loadClass(Plain.class.getName());
        Threads.join(Threads.start("one", load), Threads.start("two", load));
    }

    /** Two threads define the same class. */
    @Gives(value = Verdict.FAILURE, saying = "LinkageError")
    public static class DefinedTwice implements Runnable {
        @Override
        public void run() {
            bothLoad(new Hasty());
        }
    }

    /** One of them does. */
    @Gives(Verdict.PASS)
    public static class DefinedOnce implements Runnable {
        @Override
        public void run() {
            bothLoad(new Careful());
        }
    }

    /** Takes a lock of the program while it has its own. */
    static final class Nested extends Copies {
        private final Object other;

        Nested(Object other) {
            super(Loaders.class.getClassLoader(), Plain.class);
            this.other = other;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                synchronized (other) {
                    return super.loadClass(name, resolve);
                }
            }
        }
    }

    /** One thread asks the loader with a lock that the loader takes within its own. */
    @Gives(value = Verdict.DEADLOCK, saying = "Nested#0")
    public static class LoaderDeadlock implements Runnable {
        @Override
        public void run() {
            Object lock = new Object();
            ClassLoader loader = new Nested(lock);
            Threads.Body load = () -> loader.loadClass(Plain.class.getName());
            Threads.join(Threads.start("one", load), Threads.start("two", () -> {
                synchronized (lock) {
                    load.run();
                }
            }));
        }
    }

    /** A loader with a lock for each class. */
    static final class Parallel extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        Object lock(String name) {
            return getClassLoadingLock(name);
        }
    }

    /** Locks of different classes differ only if the loader's class has said so. */
    @Gives(Verdict.PASS)
    public static class ParallelLocks extends Statics.Beside {
        @Override
        void main() {
            Parallel loader = new Parallel();
            Threads.require(loader.lock("a") != loader.lock("b") && loader.lock("a") == loader.lock("a"), "parallel");
            Copies other = new Copies(null);
            Threads.require(other.lock("a") == other, "not parallel");
        }
    }

    /** Defines another class in the place of one of the class path. */
    @Gives(value = Verdict.REFUSAL, saying = {"defines org.smp4j.explore.verdict.Loaders$Plain", "another content"})
    public static class OtherContent extends Statics.Beside {
        private static final class Changing extends ClassLoader {
            Class<?> define(byte[] file) {
                return defineClass(null, file, 0, file.length);
            }
        }

        @Override
        void main() {
            new Changing().define(renamed(Plain.class, "count", "numbe"));
        }
    }

    /** Asks a loader that has the program's classes as they are. */
    @Gives(value = Verdict.REFUSAL, saying = {"Loaders$Plain", "where it is not rewritten"})
    public static class AsItIs extends Statics.Beside {
        @Override
        void main() {
            try {
                Class.forName(Plain.class.getName(), true, org.junit.jupiter.api.Test.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Needs an interface of the program first where it checks the type of an object. */
    public static class Checks implements Runnable {
        final Object checked = this;

        @Override
        public void run() {
            Threads.require(!(checked instanceof Threads.Body), "it is one");
        }
    }

    /** Asks a loader for a class that makes the JVM ask for another, while another thread may have the lock. */
    abstract static class AskedByJvm implements Runnable {
        abstract void withLock(CountDownLatch checked) throws InterruptedException;

        @Override
        public void run() {
            ClassLoader loader = copies(Checks.class);
            CountDownLatch checked = new CountDownLatch(1);
            Thread locks = Threads.start("locks", () -> {
                synchronized (loader) {
                    withLock(checked);
                }
            });
            try {
                ((Runnable) make(loader.loadClass(Checks.class.getName()))).run();
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
            checked.countDown();
            Threads.join(locks);
        }
    }

    /** The thread with the lock needs no other. */
    @Gives(Verdict.PASS)
    public static class AskedByJvmLater extends AskedByJvm {
        @Override
        void withLock(CountDownLatch checked) {
            Thread.yield();
        }
    }

    /** The thread with the lock waits for the one that the JVM lets wait for it. */
    @Gives(Verdict.DEADLOCK)
    public static class AskedByJvmNever extends AskedByJvm {
        @Override
        void withLock(CountDownLatch checked) throws InterruptedException {
            checked.await();
        }
    }
}
