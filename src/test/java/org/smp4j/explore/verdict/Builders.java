package org.smp4j.explore.verdict;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** Threads that builders make, virtual ones among them; thread groups; what runs at the end. */
final class Builders {
    private Builders() {
    }

    /** Two threads that count without a lock. */
    abstract static class Counts implements Runnable {
        private volatile int count;

        abstract Thread started(Runnable body);

        @Override
        public void run() {
            Thread one = started(() -> count++);
            Thread other = started(() -> count++);
            Threads.join(one, other);
            Threads.require(count == 2, "count " + count);
        }
    }

    /** Virtual threads. */
    @Gives(Verdict.FAILURE)
    public static class Virtual extends Counts {
        @Override
        Thread started(Runnable body) {
            return Thread.startVirtualThread(body);
        }
    }

    /** Virtual threads that a builder starts. */
    @Gives(value = Verdict.FAILURE, saying = "worker-1")
    public static class VirtualBuilder extends Counts {
        private Thread.Builder.OfVirtual builder;

        @Override
        Thread started(Runnable body) {
            if (builder == null) {
                builder = Thread.ofVirtual().name("worker-", 0);
            }
            return builder.start(body);
        }
    }

    /** Virtual threads of a factory. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound2"})
    public static class VirtualFactory extends Counts {
        private final ThreadFactory factory = Thread.ofVirtual().factory();

        @Override
        Thread started(Runnable body) {
            Thread thread = factory.newThread(body);
            thread.start();
            return thread;
        }
    }

    /** Platform threads that a builder makes. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound2"})
    public static class Platform extends Counts {
        @Override
        Thread started(Runnable body) {
            Thread thread = Thread.ofPlatform().name("built").daemon(false).unstarted(body);
            thread.start();
            return thread;
        }
    }

    /** Virtual threads that count under a lock, park and sleep. */
    @Gives(Verdict.PASS)
    public static class VirtualAndRight implements Runnable {
        private int count; // guarded by this
        private volatile boolean go;

        @Override
        public void run() {
            Thread one = Thread.ofVirtual().name("one").start(() -> {
                while (!go) {
                    LockSupport.park();
                }
                add();
            });
            Thread other = Thread.startVirtualThread(() -> {
                Threads.require(Thread.currentThread().isVirtual() && Thread.currentThread().isDaemon()
                        && Thread.currentThread().getName().isEmpty(), "not as the JDK has it");
                go = true;
                LockSupport.unpark(one);
                add();
            });
            Threads.join(one, other);
            synchronized (this) {
                Threads.require(count == 2 && one.getName().equals("one"), "count " + count);
            }
        }

        private synchronized void add() {
            count++;
        }
    }

    /** The program ends without its virtual threads. */
    @Gives(Verdict.PASS)
    public static class EndsWithout implements Runnable {
        @Override
        public void run() {
            Thread.startVirtualThread(LockSupport::park);
        }
    }

    /** A virtual thread that was made before the run, where nothing is known of its task. */
    @Gives(value = Verdict.REFUSAL, saying = "a virtual thread that no code of the program has made in this run")
    public static class MadeBefore extends Statics.Beside {
        private enum Kept {
            ONE;

            private final Thread thread = Thread.ofVirtual().unstarted(LockSupport::park);
        }

        @Override
        void main() {
            beside++;
            Kept.ONE.thread.start();
        }
    }

    /** A virtual thread throws. */
    @Gives(Verdict.FAILURE)
    public static class VirtualThrows implements Runnable {
        private volatile boolean thrown;

        @Override
        public void run() {
            Thread thread = Thread.startVirtualThread(() -> {
                thrown = true;
                throw new IllegalStateException("from within");
            });
            Threads.join(thread);
        }
    }

    /** A daemon of a builder does not keep the program from its end; another thread does. */
    @Gives(Verdict.PASS)
    public static class BuiltDaemon implements Runnable {
        @Override
        public void run() {
            Thread.ofPlatform().daemon().start(LockSupport::park);
        }
    }

    /** The same without that. */
    @Gives(Verdict.DEADLOCK)
    public static class BuiltWorker implements Runnable {
        @Override
        public void run() {
            Thread.ofPlatform().start(LockSupport::park);
        }
    }

    /** A shutdown hook runs when all threads have ended, and sees what they did. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor", "bound2"})
    public static class HookIsLast implements Runnable {
        private int done; // written before the end of each thread

        @Override
        public void run() {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Threads.require(done == 2, "done " + done)));
            Thread other = Threads.start("other", () -> done++);
            Threads.join(other);
            done++;
        }
    }

    /** What a hook reads without a race. */
    @Gives(value = Verdict.NO_RACE, by = {"portfolio", "bound1"})
    public static class HookSeesAll implements Runnable {
        private int one;
        private int two;

        @Override
        public void run() {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Threads.require(one + two == 2, "missing")));
            Threads.start("one", () -> one = 1);
            Threads.start("two", () -> two = 1);
        }
    }

    /** Two hooks run at once. */
    @Gives(Verdict.FAILURE)
    public static class HooksRace implements Runnable {
        private volatile int count;

        private void add() {
            int before = count;
            count = before + 1;
            Threads.require(count > before, "lost");
        }

        @Override
        public void run() {
            Runtime.getRuntime().addShutdownHook(new Thread(this::add, "hook one"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                count = 0;
            }, "hook two"));
        }
    }

    /** A hook that was removed does not run, and one can't be registered twice. */
    @Gives(Verdict.PASS)
    public static class HookRemoved implements Runnable {
        @Override
        public void run() {
            Thread hook = new Thread(() -> Threads.require(false, "it ran"));
            Runtime.getRuntime().addShutdownHook(hook);
            boolean twice = true;
            try {
                Runtime.getRuntime().addShutdownHook(hook);
            } catch (IllegalArgumentException e) {
                twice = false;
            }
            Threads.join(Threads.start("other", () -> { }));
            Threads.require(!twice && Runtime.getRuntime().removeShutdownHook(hook), "not removed");
        }
    }

    /** Counts the threads of a group. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor", "bound2"})
    public static class Alive implements Runnable {
        @Override
        public void run() {
            Thread other = Threads.start("other", () -> { });
            int before = Thread.activeCount();
            Threads.join(other);
            Threads.require(before == 2, "it had ended");
        }
    }

    /** What is right in each schedule. */
    @Gives(Verdict.PASS)
    public static class AliveOrNot implements Runnable {
        @Override
        public void run() {
            ThreadGroup group = new ThreadGroup("group");
            Thread other = new Thread(group, () -> Threads.require(Thread.activeCount() == 1, "in its group"));
            Thread.startVirtualThread(LockSupport::park);
            Threads.require(group.activeCount() == 0 && Thread.activeCount() == 1, "none yet");
            other.start();
            Threads.require(group.activeCount() <= 1 && Thread.activeCount() <= 2, "more than there are");
            Threads.join(other);
            Threads.require(group.activeCount() == 0 && Thread.activeCount() == 1, "still there");
        }
    }

    /** Holds a monitor or does not. */
    @Gives(Verdict.PASS)
    public static class HoldsLock implements Runnable {
        @Override
        public void run() {
            Thread other = Threads.start("other", () -> Threads.require(!Thread.holdsLock(this), "not its"));
            synchronized (this) {
                Threads.require(Thread.holdsLock(this), "held");
            }
            Threads.join(other);
        }
    }
}
