package org.smp4j.explore.verdict;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntSupplier;

/** Class loaders that programs make themselves. */
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
    static byte[] renamed(String type, String... names) {
        String file = new String(file(type), StandardCharsets.ISO_8859_1);
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

    static void bothAdd(Counter one, Counter other) {
        Threads.join(Threads.start("one", one::add), Threads.start("other", other::add));
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
    @Gives(value = Verdict.PASS, schedules = 200)
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
    @Gives(value = Verdict.PASS, schedules = 200)
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
            try {
                Class.forName(Plain.class.getName(), false, ClassLoader.getPlatformClassLoader());
                throw new IllegalStateException("found");
            } catch (ClassNotFoundException e) {
                Threads.require(e.getMessage().equals(Plain.class.getName()), e.getMessage());
            }
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

    static Thread initializes(String name, ClassLoader loader, Class<?> type) {
        return Threads.start(name, () -> Class.forName(type.getName(), true, loader));
    }

    /** {@code Class.forName} initializes a class, unless it is told not to. */
    @Gives(value = Verdict.PASS, schedules = 200)
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
            if (!name.equals(Calls.class.getName())) {
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
        Threads.Body load = () -> loader.loadClass(Calls.class.getName());
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
    @Gives(value = Verdict.PASS, schedules = 200)
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
    @Gives(value = Verdict.PASS, schedules = 200)
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
            new Changing().define(renamed(Plain.class.getName(), "count", "numbe"));
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
    @Gives(value = Verdict.PASS, schedules = 200)
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

    /** Counts what it is called, by an interface of the JDK. */
    public static class Calls implements IntSupplier {
        static int count;

        @Override
        public int getAsInt() {
            return ++count;
        }
    }

    /** Loads from the program's own class path, with no parent that has the program's classes. */
    abstract static class FromUrl implements Runnable {
        private static IntSupplier from(URL place, ClassLoader parent) {
            try {
                return (IntSupplier) make(new URLClassLoader(new URL[] {place}, parent)
                        .loadClass(Calls.class.getName()));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }

        abstract void use(IntSupplier calls);

        @Override
        public void run() {
            URL place = Loaders.class.getProtectionDomain().getCodeSource().getLocation();
            IntSupplier calls = from(place, null);
            Threads.require(new Calls().getAsInt() == 1, "another schedule's");
            Threads.join(Threads.start("one", () -> use(calls)), Threads.start("two", () -> use(calls)));
            Threads.require(calls.getAsInt() == 3, "lost");
            Threads.require(from(place, ClassLoader.getPlatformClassLoader()).getAsInt() == 1
                    && from(place, Loaders.class.getClassLoader()).getAsInt() == 2, "another parent's");
        }
    }

    /** Two threads use the copy at once. */
    @Gives(Verdict.FAILURE)
    public static class UrlLosesUpdate extends FromUrl {
        @Override
        void use(IntSupplier calls) {
            calls.getAsInt();
        }
    }

    /** One after the other. */
    @Gives(value = Verdict.PASS, schedules = 200)
    public static class UrlLosesNone extends FromUrl {
        @Override
        void use(IntSupplier calls) {
            synchronized (calls) {
                calls.getAsInt();
            }
        }
    }

    /** Answers without a lock, but is not said to be able to do that. */
    static class Unlocked extends ClassLoader {
        Unlocked() {
            super(Loaders.class.getClassLoader());
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            if (!name.equals(First.class.getName()) && !name.equals(Second.class.getName())) {
                return super.loadClass(name);
            }
            Class<?> loaded = findLoadedClass(name);
            byte[] file = file(name);
            return loaded == null ? defineClass(name, file, 0, file.length) : loaded;
        }
    }

    /** The JVM holds the monitor of such a loader while it asks. */
    @Gives(Verdict.DEADLOCK)
    public static class JvmLocks implements Runnable {
        @Override
        public void run() {
            ClassLoader loader = new Unlocked();
            CountDownLatch loaded = new CountDownLatch(1);
            Thread locks = Threads.start("locks", () -> {
                synchronized (loader) {
                    loaded.await();
                }
            });
            Threads.join(initializes("loads", loader, First.class));
            loaded.countDown();
            Threads.join(locks);
        }
    }

    /** So two threads for which the JVM asks do not define a class twice. */
    @Gives(value = Verdict.PASS, schedules = 200)
    public static class JvmAsksOnce implements Runnable {
        @Override
        public void run() {
            ClassLoader loader = new Unlocked();
            Threads.join(initializes("one", loader, First.class), initializes("two", loader, First.class));
        }
    }

    /** A class that is not there at first is asked for again. */
    @Gives(value = Verdict.PASS, schedules = 200)
    public static class FoundLater extends Statics.Beside {
        static final class Late extends Copies {
            volatile boolean isThere;

            Late() {
                super(null);
            }

            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (!isThere) {
                    throw new ClassNotFoundException(name);
                }
                return define(name);
            }
        }

        @Override
        void main() {
            Late loader = new Late();
            try {
                Class.forName(Calls.class.getName(), true, loader);
                throw new IllegalStateException("there");
            } catch (ClassNotFoundException e) {
                loader.isThere = true;
            }
            try {
                Threads.require(Class.forName(Calls.class.getName(), true, loader) != Calls.class, "the program's own");
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
