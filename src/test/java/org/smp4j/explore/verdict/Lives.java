package org.smp4j.explore.verdict;

import java.util.concurrent.locks.LockSupport;

/** The life of threads: starts, ends, handlers, and illegal calls. */
final class Lives {
    private Lives() {
    }

    /** More threads than the explorer has numbers for, one after the other. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "pct"}, schedules = 100)
    public static class ManyInTurn implements Runnable {
        private int sum;

        @Override
        public void run() {
            Threads.start("aside", () -> { });
            Thread first = null;
            for (int i = 0; i < 150; i++) {
                Thread thread = new Thread(() -> sum++);
                first = first == null ? thread : first;
                thread.start();
                Threads.require(thread.threadId() == i + 3 && thread.getName().equals("Thread-" + (i + 2)),
                        thread.getName());
                Threads.join(thread);
            }
            Threads.require(sum == 150, "sum " + sum);
            Threads.require(first.getState() == Thread.State.TERMINATED && !first.isAlive(), "it lives again");
            try {
                first.start();
                Threads.require(false, "it is started again");
            } catch (IllegalThreadStateException e) {
                first.interrupt();
            }
        }
    }

    /** A thread that finds something wrong ends the program; what catches everything else does not catch that. */
    @Gives(value = Verdict.EXIT, saying = {"main ends the program with status 3 at ", "Lives.java:"})
    public static class Exit implements Runnable {
        private volatile int count;

        @Override
        public void run() {
            Thread other = Threads.start("other", () -> count++);
            count++;
            Threads.join(other);
            try {
                if (isWrong(count)) {
                    end();
                }
            } catch (Throwable e) {
                count = 0;
            }
        }

        boolean isWrong(int sum) {
            return sum != 2;
        }

        void end() {
            System.exit(3);
        }
    }

    /** The same by the runtime. */
    @Gives(value = Verdict.EXIT, saying = "main ends the program with status -1 at ")
    public static class Halt extends Exit {
        @Override
        void end() {
            Runtime.getRuntime().halt(-1);
        }
    }

    /** The same where nothing is wrong. */
    @Gives(Verdict.PASS)
    public static class NoExit extends Exit {
        @Override
        boolean isWrong(int sum) {
            return sum > 2;
        }
    }

    /** Late threads race with each other as early ones do. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "pct"})
    public static class LateRace implements Runnable {
        private volatile int count;

        @Override
        public void run() {
            for (int i = 0; i < 70; i++) {
                Threads.join(Threads.start("early " + i, () -> { }));
            }
            Threads.join(Threads.start("a", () -> count++), Threads.start("b", () -> count++));
            Threads.require(count == 2, "count " + count);
        }
    }

    /** The steps of a thread happen before those of a later thread with its number: no race. */
    @Gives(value = Verdict.NO_RACE, by = "portfolio", schedules = 20)
    public static class InheritsNothing implements Runnable {
        private final int[] data = new int[100];

        @Override
        public void run() {
            Threads.start("aside", () -> { });
            for (int i = 0; i < 100; i++) {
                int mine = i;
                Threads.join(Threads.start("t" + i, () -> {
                    for (int k = 0; k <= mine; k++) {
                        data[k]++;
                    }
                }));
            }
        }
    }

    /** A thread's handler gets the exception that the thread throws. */
    @Gives(Verdict.PASS)
    public static class OwnHandler implements Runnable {
        private int handled;

        @Override
        public void run() {
            Threads.start("aside", () -> { });
            Thread thread = new Thread(() -> {
                throw new IllegalArgumentException("on purpose");
            });
            thread.setUncaughtExceptionHandler((of, thrown) -> handled += of == thread && of == Thread.currentThread()
                    && thrown.getMessage().equals("on purpose") ? 1 : 0);
            thread.start();
            Threads.join(thread);
            Threads.require(handled == 1, "handled " + handled);
        }
    }

    /** Its group's handler gets it. */
    @Gives(Verdict.PASS)
    public static class HandlerOfGroup implements Runnable {
        private int handled;

        @Override
        public void run() {
            Threads.start("aside", () -> { });
            ThreadGroup group = new ThreadGroup("group") {
                @Override
                public void uncaughtException(Thread of, Throwable thrown) {
                    handled++;
                }
            };
            Thread thread = new Thread(group, () -> {
                throw new IllegalArgumentException("on purpose");
            });
            thread.start();
            Threads.join(thread);
            Threads.require(handled == 1, "handled " + handled);
        }
    }

    /** The default handler gets it. */
    @Gives(Verdict.PASS)
    public static class DefaultHandler implements Runnable {
        private volatile int handled;

        @Override
        public void run() {
            Threads.start("aside", () -> { });
            Threads.require(Thread.getDefaultUncaughtExceptionHandler() == null, "it is left over");
            Thread.setDefaultUncaughtExceptionHandler((_, _) -> handled++);
            Threads.join(Threads.start("throws", () -> {
                throw new IllegalArgumentException("on purpose");
            }));
            Threads.require(handled == 1, "handled " + handled);
        }
    }

    /** The handler is not yet set when the thread throws. */
    @Gives(Verdict.FAILURE)
    public static class DefaultHandlerTooLate implements Runnable {
        @Override
        public void run() {
            Thread thread = Threads.start("throws", () -> {
                throw new IllegalArgumentException("on purpose");
            });
            Thread.setDefaultUncaughtExceptionHandler((_, _) -> { });
            Threads.join(thread);
        }
    }

    /** The handler is called once. */
    @Gives(Verdict.FAILURE)
    public static class HandlerRunsOnce implements Runnable {
        private volatile int handled;

        @Override
        public void run() {
            Thread thread = new Thread(() -> {
                throw new IllegalArgumentException("on purpose");
            });
            thread.setUncaughtExceptionHandler((_, _) -> handled++);
            thread.start();
            Threads.join(thread);
            Threads.require(handled != 1, "handled once");
        }
    }

    /** An exception without a handler. */
    @Gives(Verdict.FAILURE)
    public static class NoHandler implements Runnable {
        @Override
        public void run() {
            Threads.join(Threads.start("throws", () -> {
                throw new IllegalArgumentException("on purpose");
            }));
        }
    }

    /** A daemon that waits for ever keeps no program alive. */
    @Gives(Verdict.PASS)
    public static class DaemonWaits implements Runnable {
        @Override
        public void run() {
            Thread daemon = new Thread(() -> {
                while (true) {
                    LockSupport.park();
                }
            });
            daemon.setDaemon(true);
            daemon.start();
            LockSupport.unpark(daemon);
        }
    }

    /** The same with a thread that is no daemon. */
    @Gives(Verdict.DEADLOCK)
    public static class WorkerWaits implements Runnable {
        @Override
        public void run() {
            LockSupport.unpark(Threads.start("worker", () -> {
                while (true) {
                    LockSupport.park();
                }
            }));
        }
    }

    /** Illegal calls throw the JDK's exceptions. */
    @Gives(Verdict.PASS)
    public static class Illegal implements Runnable {
        private interface Call {
            void run() throws Exception;
        }

        private static void throwing(Class<? extends Exception> expected, String what, Call call) {
            try {
                call.run();
            } catch (Exception e) {
                Threads.require(expected.isInstance(e), what + " threw " + e);
                return;
            }
            Threads.require(false, what + " threw nothing");
        }

        @Override
        public void run() {
            Thread other = Threads.start("other", LockSupport::park);
            throwing(IllegalMonitorStateException.class, "notify", this::notify);
            throwing(IllegalMonitorStateException.class, "notifyAll", this::notifyAll);
            throwing(IllegalMonitorStateException.class, "wait", this::wait);
            throwing(IllegalThreadStateException.class, "start", other::start);
            throwing(IllegalThreadStateException.class, "setDaemon", () -> other.setDaemon(true));
            throwing(IllegalArgumentException.class, "join(-1)", () -> other.join(-1));
            throwing(IllegalArgumentException.class, "join(0, -1)", () -> other.join(0, -1));
            throwing(IllegalArgumentException.class, "wait(-1)", () -> {
                synchronized (this) {
                    wait(-1);
                }
            });
            throwing(IllegalArgumentException.class, "wait(0, 1000000)", () -> {
                synchronized (this) {
                    wait(0, 1_000_000);
                }
            });
            Object none = null;
            throwing(NullPointerException.class, "synchronized", () -> {
                synchronized (none) {
                    notify();
                }
            });
            LockSupport.unpark(other);
            Threads.join(other);
        }
    }
}
