package org.smp4j.explore.samples;

import java.util.ArrayList;
import java.util.List;

/** Programs that meet errors of the JVM, or make them. */
public final class Memory {
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private Memory() {
    }

    /** Runs beside another thread. */
    public abstract static class Beside implements Runnable {
        private volatile int count;
        private volatile Object kept;

        abstract void body();

        void keep(Object object) {
            kept = object;
        }

        /** More than any heap. */
        void fill() {
            List<Object> all = new ArrayList<>();
            kept = all;
            for (;;) {
                all.add(new long[LONGEST]);
            }
        }

        @Override
        public void run() {
            Thread other = new Thread(() -> count++);
            other.start();
            count++;
            body();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The error leaves the thread. */
    public static final class Filled extends Beside {
        @Override
        void body() {
            fill();
        }
    }

    /** The error is caught, and the program goes on in another way. */
    public static final class Caught extends Beside {
        @Override
        void body() {
            try {
                fill();
            } catch (Throwable e) {
                throw new AssertionError("the other way");
            }
        }
    }

    /** The error is the cause of another one. */
    public static final class Wrapped extends Beside {
        @Override
        void body() {
            try {
                Beside.class.getDeclaredMethod("fill").invoke(this);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A finally block returns. */
    public static final class Dropped extends Beside {
        @SuppressWarnings("finally")
        private boolean dropped() {
            try {
                fill();
                return false;
            } finally {
                return true; // the error is lost
            }
        }

        @Override
        void body() {
            if (dropped()) {
                throw new AssertionError("the other way");
            }
        }
    }

    /** The program makes the error itself. */
    public static final class Thrown extends Beside {
        @Override
        void body() {
            throw new OutOfMemoryError();
        }
    }

    /** No JVM makes an array of this length. */
    public static final class TooLong extends Beside {
        @Override
        void body() {
            keep(new byte[Integer.MAX_VALUE]);
        }
    }

    /** An error of the program's own, which it handles. */
    public static final class Handled extends Beside {
        @Override
        void body() {
            try {
                throw new OutOfMemoryError("no more slots");
            } catch (OutOfMemoryError e) {
                keep(e);
            }
        }
    }

    /** A recursion without an end. */
    public static final class Endless extends Beside {
        private int deeper(int depth) {
            return 1 + deeper(depth + 1);
        }

        @Override
        void body() {
            deeper(0);
        }
    }
}
