package org.smp4j.explore.verdict;

/** A program must not notice that its classes are rewritten. */
final class Loading {
    private Loading() {
    }

    /**
     * Thread locals: with an initial value, inherited as they are when the thread is made, and set by an initializer.
     */
    @Gives(Verdict.PASS)
    public static class Locals extends Statics.Beside {
        private static final ThreadLocal<Integer> PLAIN = ThreadLocal.withInitial(() -> 7);
        private static final InheritableThreadLocal<Integer> AS_IT_IS = new InheritableThreadLocal<>();
        private static final InheritableThreadLocal<Integer> NEXT = new InheritableThreadLocal<>() {
            @Override
            protected Integer childValue(Integer parents) {
                return parents + 1;
            }
        };

        private static final class Early {
            static final ThreadLocal<String> LOCAL = new ThreadLocal<>();

            static {
                LOCAL.set("early");
            }
        }

        private static final class Own extends Thread {
            private int seen;

            @Override
            public void run() {
                seen = NEXT.get();
            }
        }

        @Override
        void main() {
            Threads.require("early".equals(Early.LOCAL.get()), "what the initializer set is lost");
            PLAIN.set(3);
            AS_IT_IS.set(1);
            NEXT.set(1);
            Own own = new Own();
            NEXT.set(5);
            Thread other = new Thread(() -> {
                beside++;
                Threads.require(PLAIN.get() == 7 && Early.LOCAL.get() == null, "what is not inherited");
                Threads.require(AS_IT_IS.get() == 1 && NEXT.get() == 6, "what is inherited");
                AS_IT_IS.set(2);
                PLAIN.remove();
            });
            NEXT.set(9);
            other.start();
            own.start();
            Threads.join(other, own);
            Threads.require(own.seen == 2 && PLAIN.get() == 3 && AS_IT_IS.get() == 1 && NEXT.get() == 9, "its own");
        }
    }

    /** A recursion that takes a lock at each level ends in a StackOverflowError, which the program handles. */
    @Gives(value = Verdict.PASS, schedules = 20)
    public static class DeepRecursion extends Statics.Beside {
        private int depth;

        private void down() {
            depth++;
            synchronized (this) {
                down();
            }
        }

        @Override
        void main() {
            try {
                down();
            } catch (StackOverflowError e) {
                Threads.require(depth > 100, "not deep");
            }
            Thread other = Threads.start("other", () -> {
                synchronized (this) {
                    beside++;
                }
            });
            Threads.join(other);
        }
    }

    /** The thread's context class loader finds the program's own classes. */
    @Gives(Verdict.PASS)
    public static class ContextLoader extends Statics.Beside {
        @Override
        void main() {
            try {
                Class<?> found = Thread.currentThread().getContextClassLoader()
                        .loadClass(ContextLoader.class.getName());
                Threads.require(found == getClass()
                        && new Thread().getContextClassLoader() == getClass().getClassLoader(), "another");
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A thread's class overrides {@code start} and {@code run}, and calls the latter itself. */
    @Gives(Verdict.PASS)
    public static class OwnThreadClass implements Runnable {
        private volatile int starts;
        private volatile int runs;

        private final class Worker extends Thread {
            @Override
            public synchronized void start() {
                starts++;
                super.start();
            }

            @Override
            public void run() {
                runs++;
            }
        }

        @Override
        public void run() {
            Worker started = new Worker();
            started.start();
            Threads.join(started);
            new Worker().run();
            Threads.require(starts == 1 && runs == 2, starts + " started, " + runs + " ran");
        }
    }
}
