package org.smp4j.explore.juc;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.explore.verdict.Verdict;

final class Others {
    private Others() {
    }

    /** Reads by the updater, and writes by it: an increment may be lost. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class UpdaterSets extends Parts.Pair {
        private static final AtomicIntegerFieldUpdater<UpdaterSets> NUMBER =
                AtomicIntegerFieldUpdater.newUpdater(UpdaterSets.class, "number");
        volatile int number;

        @Override
        void body(int ignored) {
            NUMBER.set(this, NUMBER.get(this) + 1);
        }

        @Override
        void after() {
            Threads.require(number == 2, "number is " + number);
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 200)
    public static class UpdaterAdds extends Parts.Pair {
        private static final AtomicIntegerFieldUpdater<UpdaterAdds> NUMBER =
                AtomicIntegerFieldUpdater.newUpdater(UpdaterAdds.class, "number");
        volatile int number;

        @Override
        void body(int ignored) {
            NUMBER.incrementAndGet(this);
        }

        @Override
        void after() {
            Threads.require(number == 2, "number is " + number);
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 200)
    public static class UpdaterOfReferences extends Parts.Pair {
        private static final AtomicReferenceFieldUpdater<UpdaterOfReferences, String> TEXT =
                AtomicReferenceFieldUpdater.newUpdater(UpdaterOfReferences.class, String.class, "text");
        volatile String text = "";

        @Override
        void body(int number) {
            TEXT.updateAndGet(this, before -> before + number);
        }

        @Override
        void after() {
            Threads.require(text.length() == 2, text);
        }
    }

    /** Each run draws the same numbers. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 50)
    public static class Draws extends Parts.Pair {
        final int[] drawn = new int[2];

        @Override
        void body(int number) {
            drawn[number] = ThreadLocalRandom.current().nextInt(1, 7);
        }

        @Override
        void after() {
            Threads.require(drawn[0] > 0 && drawn[0] < 7 && drawn[1] > 0 && drawn[1] < 7, "out of range");
        }
    }

    /** A class of the JDK has its own name, however the program asks for it. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 5)
    public static class Names extends Parts.Pair {
        @Override
        void body(int number) {
            CountDownLatch latch = new CountDownLatch(1);
            seen = 1;
            String name = CountDownLatch.class.getName();
            Threads.require(name.equals("java.util.concurrent.CountDownLatch"), name);
            Threads.require(latch.getClass().getSimpleName().equals("CountDownLatch"), latch.getClass().toString());
            Threads.require(latch.toString().startsWith(name + "@"), latch.toString());
            Threads.require(("" + latch).startsWith(name + "@"), "" + latch);
            Threads.require(latch.getClass().toString().equals("class " + name), latch.getClass().toString());
        }

        @Override
        void after() {
        }
    }
}
