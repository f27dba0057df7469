package org.smp4j.explore.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Bugs that logging libraries had, each with its correction. */
final class Loggers {
    private Loggers() {
    }

    /** What a logger is configured with. */
    static final class Config {
        int level;
        String target;

        Config() {
            level = 1;
            target = "console";
        }
    }

    /** Two threads that configure the logger when they first need it. */
    abstract static class Configured implements Runnable {
        int configured;

        abstract Config config();

        final Config make() {
            configured++;
            return new Config();
        }

        @Override
        public void run() {
            Threads.join(Threads.start("one", this::log), Threads.start("other", this::log));
            Threads.require(configured == 1, "configured " + configured + " times");
        }

        private void log() {
            Config config = config();
            Threads.require(config.level == 1 && config.target != null, "half a configuration");
        }
    }

    /** Checks, but not again under the lock. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1", "dpor"}, saying = "configured 2 times")
    public static class CheckedOnce extends Configured {
        private volatile Config config;

        @Override
        Config config() {
            if (config == null) {
                synchronized (this) {
                    config = make();
                }
            }
            return config;
        }
    }

    /** Checks again. */
    @Gives(Verdict.PASS)
    public static class CheckedTwice extends Configured {
        private volatile Config config;

        @Override
        Config config() {
            if (config == null) {
                synchronized (this) {
                    if (config == null) {
                        config = make();
                    }
                }
            }
            return config;
        }
    }

    /** Checks twice, but the reference is a plain one: its reader may see an object without its fields. */
    @Gives(value = Verdict.RACE, by = {"portfolio", "bound1"})
    public static class CheckedTwicePlain extends Configured {
        private Config config;

        @Override
        Config config() {
            if (config == null) {
                synchronized (this) {
                    if (config == null) {
                        config = make();
                    }
                }
            }
            return config;
        }
    }

    /** With a volatile reference there is no race. */
    @Gives(value = Verdict.NO_RACE, by = {"portfolio", "bound1"})
    public static class CheckedTwiceVolatile extends CheckedTwice {
    }

    /** A logger that writes to an appender; an appender that logs its own errors. */
    abstract static class Appending implements Runnable {
        final Object appender = new Object();
        private int lines; // guarded by appender

        final void append() {
            synchronized (appender) {
                lines++;
            }
        }

        abstract void log();

        /** The appender's error handler, which has the appender's lock and needs the logger's. */
        final void fail() {
            synchronized (appender) {
                lines++;
                synchronized (this) {
                    lines++;
                }
            }
        }

        @Override
        public void run() {
            Threads.join(Threads.start("user", this::log), Threads.start("roller", this::fail));
            synchronized (appender) {
                Threads.require(lines == 3, "lines " + lines);
            }
        }
    }

    /** The logger keeps its lock while it appends. */
    @Gives(value = Verdict.DEADLOCK, by = {"portfolio", "bound1", "dpor"})
    public static class LoggerAndAppender extends Appending {
        @Override
        synchronized void log() {
            append();
        }
    }

    /** It does not. */
    @Gives(Verdict.PASS)
    public static class AppendsWithoutLock extends Appending {
        @Override
        void log() {
            synchronized (this) {
                Threads.require(appender != null, "no appender");
            }
            append();
        }
    }

    /** An appender is removed while a logger walks over its appenders. */
    abstract static class Walks implements Runnable {
        final List<String> appenders = list();

        abstract List<String> list();

        @Override
        public void run() {
            appenders.add("file");
            appenders.add("console");
            Thread other = Threads.start("other", () -> appenders.remove("file"));
            int seen = 0;
            for (String appender : appenders) {
                seen += appender.isEmpty() ? 0 : 1;
            }
            Threads.join(other);
            Threads.require(seen > 0, "logged nowhere");
        }
    }

    /** The list is not made for that. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"}, saying = "ConcurrentModificationException")
    public static class RemovedMeanwhile extends Walks {
        @Override
        List<String> list() {
            return new ArrayList<>();
        }
    }

    /** This one is. */
    @Gives(Verdict.PASS)
    public static class Snapshot extends Walks {
        @Override
        List<String> list() {
            return new CopyOnWriteArrayList<>();
        }
    }

    /** A logger hands its lines to a thread that writes them; at the end it asks that thread to stop. */
    abstract static class Asynchronous implements Runnable {
        private final List<String> buffer = new ArrayList<>(); // guarded by this
        private boolean stopped; // guarded by this
        private int written; // guarded by this

        abstract boolean goesOn(boolean isStopped, boolean isEmpty);

        private void write() throws InterruptedException {
            synchronized (this) {
                while (goesOn(stopped, buffer.isEmpty())) {
                    if (buffer.isEmpty()) {
                        wait();
                    } else {
                        written += buffer.removeFirst().length();
                    }
                }
            }
        }

        @Override
        public void run() {
            Thread writer = Threads.start("writer", this::write);
            synchronized (this) {
                buffer.add("a");
                notifyAll();
            }
            synchronized (this) {
                stopped = true;
                notifyAll();
            }
            Threads.join(writer);
            synchronized (this) {
                Threads.require(written == 1, "a line was not written");
            }
        }
    }

    /** The writer stops at once. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1", "dpor"}, saying = "a line was not written")
    public static class LosesTheLastLine extends Asynchronous {
        @Override
        boolean goesOn(boolean isStopped, boolean isEmpty) {
            return !isStopped;
        }
    }

    /** It writes what is left. */
    @Gives(Verdict.PASS)
    public static class WritesTheLastLine extends Asynchronous {
        @Override
        boolean goesOn(boolean isStopped, boolean isEmpty) {
            return !isStopped || !isEmpty;
        }
    }
}
