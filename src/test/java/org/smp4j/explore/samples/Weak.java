package org.smp4j.explore.samples;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.explore.Exploring;

/** Programs of two threads or more whose outcomes depend on the memory model. */
public final class Weak {
    private Weak() {
    }

    /** Two locations, and two threads with what they have read. */
    public abstract static class Two implements Runnable {
        static final VarHandle X = handle("x");
        static final VarHandle Y = handle("y");
        int x;
        int y;
        int first = -1;
        int second = -1;
        Thread a;
        Thread b;

        private static VarHandle handle(String name) {
            try {
                return MethodHandles.lookup().findVarHandle(Two.class, name, int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        abstract void one();

        abstract void two();

        abstract boolean bad();

        @Override
        public void run() {
            a = new Thread(this::one, "a");
            b = new Thread(this::two, "b");
            a.start();
            b.start();
            try {
                a.join();
                b.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            assert !bad() : first + " " + second;
        }
    }

    /** Each field keeps the value that was written first. */
    public static class FirstWrites extends Two {
        @Override
        void one() {
            X.setOpaque(this, 1);
            Y.setOpaque(this, 2);
        }

        @Override
        void two() {
            Y.setOpaque(this, 1);
            X.setOpaque(this, 2);
        }

        @Override
        boolean bad() {
            return x == 1 && y == 1;
        }
    }

    /** As {@link FirstWrites}, but the second writes come after the first ones. */
    public static class OrderedWrites extends FirstWrites {
        @Override
        void one() {
            X.setOpaque(this, 1);
            VarHandle.fullFence();
            Y.setOpaque(this, 2);
        }

        @Override
        void two() {
            Y.setOpaque(this, 1);
            VarHandle.fullFence();
            X.setOpaque(this, 2);
        }
    }

    /** A reader that sees the new value does not see the old one afterwards. */
    public static class ReadTwice extends Two {
        @Override
        void one() {
            x = 1;
        }

        @Override
        void two() {
            first = x;
            second = x;
        }

        @Override
        boolean bad() {
            return first == 1 && second == 0;
        }
    }

    /** As {@link ReadTwice}, but the reads are coherent. */
    public static class ReadTwiceOpaquely extends ReadTwice {
        @Override
        void two() {
            first = (int) X.getOpaque(this);
            second = (int) X.getOpaque(this);
        }
    }

    /** Nothing but the hardware can make this exchange fail. */
    public static class WeakExchange extends Two {
        @Override
        void one() {
            first = X.weakCompareAndSetRelease(this, 0, 1) ? 1 : 0;
        }

        @Override
        void two() {
            Y.setOpaque(this, 1);
        }

        @Override
        boolean bad() {
            return first == 0;
        }
    }

    /** As {@link WeakExchange}, but again until it succeeds. */
    public static class WeakExchangeLoop extends WeakExchange {
        @Override
        void one() {
            while (!X.weakCompareAndSetRelease(this, 0, 1)) {
                Thread.onSpinWait();
            }
        }
    }

    /** A reader of a fresh object may see its field without the value that the constructor has given it. */
    public static class Published extends Two {
        private static class Box {
            private int value;
            private final int last;

            Box(int value) {
                this.value = value;
                last = value;
            }
        }

        private Box box;

        @Override
        void one() {
            box = new Box(7);
        }

        @Override
        void two() {
            Box seen = box;
            if (seen != null) {
                first = read(seen);
            }
        }

        int read(Object of) {
            return ((Box) of).value;
        }

        static int last(Object of) {
            return ((Box) of).last;
        }

        @Override
        boolean bad() {
            return first == 0;
        }
    }

    /** A final field is seen as the constructor has left it. */
    public static class PublishedFinal extends Published {
        @Override
        int read(Object of) {
            return last(of);
        }
    }

    /** Two readers see two writes in different orders. */
    public static class Readers extends Two {
        private int third = -1;
        private int fourth = -1;

        @Override
        void one() {
            Thread writer = new Thread(() -> X.setOpaque(this, 1), "x");
            writer.start();
            first = (int) X.getAcquire(this);
            second = (int) Y.getAcquire(this);
        }

        @Override
        void two() {
            Thread writer = new Thread(() -> Y.setOpaque(this, 1), "y");
            writer.start();
            third = (int) Y.getAcquire(this);
            fourth = (int) X.getAcquire(this);
        }

        @Override
        boolean bad() {
            return first == 1 && second == 0 && third == 1 && fourth == 0;
        }
    }

    /** A flag is seen before the data. */
    public static class Message extends Two {
        @Override
        void one() {
            X.setOpaque(this, 1);
            Y.setOpaque(this, 1);
        }

        @Override
        void two() {
            first = (int) Y.getOpaque(this);
            second = (int) X.getOpaque(this);
        }

        @Override
        boolean bad() {
            return first == 1 && second == 0;
        }
    }

    /** A flag changes often, and is seen before the data, which the reader seeks the oldest value of. */
    public static class SoughtMessage extends Two {
        private static final int TIMES = 60;

        @Override
        void one() {
            X.setOpaque(this, 1);
            for (int i = 1; i <= TIMES; i++) {
                raise(i);
            }
        }

        void raise(int value) {
            Y.setOpaque(this, value);
        }

        int raised() {
            return (int) Y.getOpaque(this);
        }

        @Override
        void two() {
            for (int i = 0; i < TIMES; i++) {
                first = raised();
            }
            second = Exploring.oldest(() -> (int) X.getOpaque(this) != 0) ? 1 : 0;
        }

        @Override
        boolean bad() {
            return first > 0 && second == 0;
        }
    }

    /** As {@link SoughtMessage}, with an order. */
    public static class OrderedSoughtMessage extends SoughtMessage {
        @Override
        void raise(int value) {
            Y.setRelease(this, value);
        }

        @Override
        int raised() {
            return (int) Y.getAcquire(this);
        }
    }

    /** An interrupt comes while its thread seeks an old value, and reads without seeking one. */
    public static class InterruptedSeeker extends SoughtMessage {
        @Override
        void two() {
            for (int i = 0; i < SoughtMessage.TIMES; i++) {
                first = raised();
            }
            second = 1;
            Exploring.oldest(() -> {
                Exploring.interrupting(() -> second = (int) X.getOpaque(this));
                return true;
            });
        }
    }

    /** Two threads pass on different data, each without an order. */
    public static class TwoMessages extends Message {
        private final Message other = new Message();
        private int third = -1;
        private int fourth = -1;

        @Override
        void one() {
            super.one();
            X.setOpaque(other, 1);
            Y.setOpaque(other, 1);
        }

        @Override
        void two() {
            super.two();
            third = (int) Y.getOpaque(other);
            fourth = (int) X.getOpaque(other);
        }

        @Override
        boolean bad() {
            return super.bad() || third == 1 && fourth == 0;
        }
    }

    /** A flag is passed on by a third thread, which orders nothing. */
    public static class PassedOn extends Two {
        @Override
        void one() {
            X.setOpaque(this, 1);
        }

        @Override
        void two() {
            if ((int) X.getOpaque(this) == 1) {
                Y.setOpaque(this, 1);
            }
        }

        @Override
        public void run() {
            Thread c = new Thread(() -> {
                first = (int) Y.getAcquire(this);
                second = (int) X.getOpaque(this);
            }, "c");
            c.start();
            super.run();
            try {
                c.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            assert first != 1 || second != 0;
        }

        @Override
        boolean bad() {
            return false;
        }
    }

    /** The same with an order between both. */
    public static class OrderedMessage extends Message {
        @Override
        void one() {
            X.setOpaque(this, 1);
            Y.setRelease(this, 1);
        }

        @Override
        void two() {
            first = (int) Y.getAcquire(this);
            second = (int) X.getOpaque(this);
        }
    }

    /** The same with fences of one kind. */
    public static class FencedMessage extends Message {
        @Override
        void one() {
            X.setOpaque(this, 1);
            VarHandle.storeStoreFence();
            Y.setOpaque(this, 1);
        }

        @Override
        void two() {
            first = (int) Y.getOpaque(this);
            VarHandle.loadLoadFence();
            second = (int) X.getOpaque(this);
        }
    }

    /** Each thread writes and then reads what the other writes. */
    public static class Buffers extends Two {
        @Override
        void one() {
            X.setOpaque(this, 1);
            first = (int) Y.getOpaque(this);
        }

        @Override
        void two() {
            Y.setOpaque(this, 1);
            second = (int) X.getOpaque(this);
        }

        @Override
        boolean bad() {
            return first == 0 && second == 0;
        }
    }

    /** The same with full fences. */
    public static class FencedBuffers extends Buffers {
        @Override
        void one() {
            X.setOpaque(this, 1);
            VarHandle.fullFence();
            first = (int) Y.getOpaque(this);
        }

        @Override
        void two() {
            Y.setOpaque(this, 1);
            VarHandle.fullFence();
            second = (int) X.getOpaque(this);
        }
    }

    /** Plain fields, which race. */
    public static class PlainMessage extends Message {
        @Override
        void one() {
            x = 1;
            y = 1;
        }

        @Override
        void two() {
            first = y;
            second = x;
        }
    }

    /** Elements of arrays of several types. */
    public static class ElementMessage extends Message {
        private final long[] data = new long[2];
        private final Object[] flag = new Object[1];

        @Override
        void one() {
            data[1] = 1;
            flag[0] = this;
        }

        @Override
        void two() {
            first = flag[0] == null ? 0 : 1;
            second = (int) data[1];
        }
    }

    /** Atomic objects with weak modes. */
    public static class AtomicMessage extends Message {
        private final AtomicLong data = new AtomicLong();
        private final AtomicReference<String> flag = new AtomicReference<>();

        @Override
        void one() {
            data.setPlain(1);
            flag.setOpaque("set");
        }

        @Override
        void two() {
            first = flag.getOpaque() == null ? 0 : 1;
            second = (int) data.getPlain();
        }
    }

    /** The same with the modes that these objects have by default. */
    public static class VolatileAtomicMessage extends AtomicMessage {
        private final AtomicInteger data = new AtomicInteger();
        private final AtomicBoolean flag = new AtomicBoolean();

        @Override
        void one() {
            data.lazySet(1);
            flag.set(true);
        }

        @Override
        void two() {
            first = flag.get() ? 1 : 0;
            second = data.getPlain();
        }
    }

    /** A static volatile flag for plain data. */
    public static class VolatileFlag extends Message {
        private static volatile boolean flag;
        private static double data;

        @Override
        void one() {
            data = 1;
            flag = true;
        }

        @Override
        void two() {
            first = flag ? 1 : 0;
            second = first == 1 ? (int) data : -1;
        }
    }

    /** The flag is plain and the data volatile: the wrong way round. */
    public static class MisplacedVolatile extends Message {
        private static boolean flag;
        private static volatile char data;

        @Override
        void one() {
            data = 1;
            flag = true;
        }

        @Override
        void two() {
            first = flag ? 1 : 0;
            second = data;
        }
    }

    /** Volatile fields, each written and the other one read. */
    public static class VolatileBuffers extends Buffers {
        private volatile int a;
        private volatile int b;

        @Override
        void one() {
            a = 1;
            first = b;
        }

        @Override
        void two() {
            b = 1;
            second = a;
        }
    }

    /** An exchange between a write and a read is no fence. */
    public static class ExchangeBuffers extends Buffers {
        private final AtomicInteger mine = new AtomicInteger();
        private final AtomicInteger yours = new AtomicInteger();

        @Override
        void one() {
            X.setOpaque(this, 1);
            mine.getAndIncrement();
            first = (int) Y.getOpaque(this);
        }

        @Override
        void two() {
            Y.setOpaque(this, 1);
            yours.getAndIncrement();
            second = (int) X.getOpaque(this);
        }
    }

    /** A compare-and-set fails because it reads an older value. */
    public static class FailedExchange extends Buffers {
        @Override
        void one() {
            X.setOpaque(this, 1);
            first = Y.compareAndSet(this, 1, 2) ? 1 : 0;
        }

        @Override
        void two() {
            Y.setOpaque(this, 1);
            VarHandle.fullFence();
            second = (int) X.getOpaque(this);
        }
    }

    /** An exchange that always writes orders no more: it is the first volatile access of its thread. */
    public static class Exchange extends FailedExchange {
        @Override
        void one() {
            X.setOpaque(this, 1);
            first = (int) Y.getAndAdd(this, 0);
        }
    }

    /** Both threads hold a lock. */
    public static class Locked extends Message {
        @Override
        synchronized void one() {
            x = 1;
            y = 1;
        }

        @Override
        synchronized void two() {
            first = y;
            second = x;
        }
    }

    /** Only the writer holds it. */
    public static class HalfLocked extends Message {
        @Override
        synchronized void one() {
            x = 1;
            y = 1;
        }

        @Override
        void two() {
            first = y;
            second = x;
        }
    }

    /** A thread that waits for a flag, with a hint that it spins, sees what was released before it. */
    public static class Spinning extends Message {
        @Override
        void one() {
            x = 1;
            Y.setRelease(this, 1);
        }

        @Override
        void two() {
            while ((int) Y.getAcquire(this) == 0) {
                Thread.onSpinWait();
            }
            first = 1;
            second = x;
        }
    }

    /** The same without the order. */
    public static class SpinningOpaquely extends Spinning {
        @Override
        void one() {
            X.setOpaque(this, 1);
            Y.setOpaque(this, 1);
        }

        @Override
        void two() {
            while ((int) Y.getOpaque(this) == 0) {
                Thread.onSpinWait();
            }
            first = 1;
            second = (int) X.getOpaque(this);
        }
    }

    /** A permit hands on what its giver has written. */
    public static class Parked extends Message {
        @Override
        void one() {
            LockSupport.park();
            first = 1;
            second = (int) X.getOpaque(this);
        }

        @Override
        void two() {
            X.setOpaque(this, 1);
            LockSupport.unpark(a); // it has been started
        }
    }

    /** An interrupt does so too. */
    public static class Interrupted extends Message {
        @Override
        void one() {
            X.setOpaque(this, 1);
            b.interrupt();
        }

        @Override
        void two() {
            first = Thread.currentThread().isInterrupted() ? 1 : 0;
            second = (int) X.getOpaque(this);
        }
    }

    /** A started thread sees what its starter has seen, and the thread that joins it sees what it has written. */
    public static class StartedAndJoined implements Runnable {
        private int before;
        private int after;

        @Override
        public void run() {
            Thread idle = new Thread(() -> { }, "idle");
            idle.start();
            before = 1;
            Thread middle = new Thread(() -> {
                Thread inner = new Thread(() -> after = before, "inner");
                inner.start();
                join(inner);
            }, "middle");
            middle.start();
            join(middle);
            join(idle);
            assert after == 1 : after;
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The same without plain fields; also the other way round, when it is joined. */
    public static class Started extends Message {
        @Override
        void one() {
            X.setOpaque(this, 1);
            Thread inner = new Thread(() -> {
                second = (int) X.getOpaque(this);
                Y.setOpaque(this, 1);
            }, "inner");
            inner.start();
            StartedAndJoined.join(inner);
            first = (int) Y.getOpaque(this);
            second = first == 1 ? second : 0;
            first = 1;
        }

        @Override
        void two() {
            // the starter has company
        }
    }

    /** A queue of the JDK hands on what was written before. */
    public static class Queued extends Message {
        private final ConcurrentLinkedQueue<String> queue = new ConcurrentLinkedQueue<>();

        @Override
        void one() {
            X.setOpaque(this, 1);
            queue.add("done");
        }

        @Override
        void two() {
            first = queue.isEmpty() ? 0 : 1;
            second = (int) X.getOpaque(this);
        }
    }

    /** A thread whose own plain write follows its read of an older value. */
    public static class OwnWrite extends Two {
        @Override
        void one() {
            X.setOpaque(this, 1);
            X.setOpaque(this, 2);
        }

        @Override
        void two() {
            first = (int) X.getOpaque(this);
            x = 7;
            second = (int) X.getOpaque(this);
        }

        @Override
        boolean bad() {
            return second != 7 && second != 1 && second != 2 || x != 7 && x != 1 && x != 2 || first > 2;
        }
    }

    /** A location never goes back for a thread, and all increments count. */
    public static class Counting extends Two {
        @Override
        void one() {
            X.getAndAdd(this, 1);
            X.getAndAddRelease(this, 1);
        }

        @Override
        void two() {
            first = (int) X.getOpaque(this);
            second = (int) X.getOpaque(this);
            while (!X.weakCompareAndSetPlain(this, second, second + 1)) {
                second = (int) X.getOpaque(this);
            }
        }

        @Override
        boolean bad() {
            return first > second || x != 3;
        }
    }

    /** A deadlock, which needs a switch and no older value. */
    public static class Crossed extends Message {
        private final Object inner = new Object();

        @Override
        void one() {
            X.setOpaque(this, 1);
            second = (int) Y.getOpaque(this);
            synchronized (this) {
                synchronized (inner) {
                    first = 0;
                }
            }
        }

        @Override
        void two() {
            Y.setOpaque(this, 1);
            second = (int) X.getOpaque(this);
            synchronized (inner) {
                synchronized (this) {
                    first = 0;
                }
            }
        }

        @Override
        boolean bad() {
            return false;
        }
    }

    /** Bytes, which may be seen as wider elements. */
    public static class Bytes extends Message {
        private final byte[] bytes = new byte[1];

        @Override
        void one() {
            bytes[0] = 1;
            Y.setOpaque(this, 1);
        }

        @Override
        void two() {
            first = (int) Y.getOpaque(this);
            second = bytes[0];
        }
    }

    /** Two threads exchange the same initial values, of each kind of location: one of them wins each. */
    public static class FirstExchanges extends Two {
        private static final VarHandle BYTE = handle("ofByte", byte.class);
        private static final VarHandle CHAR = handle("ofChar", char.class);
        private static final VarHandle LONG = handle("ofLong", long.class);
        private static final VarHandle TRUTH = handle("ofTruth", boolean.class);
        private static final VarHandle OBJECT = handle("ofObject", Object.class);
        private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
        private static final AtomicIntegerFieldUpdater<FirstExchanges> UPDATED =
                AtomicIntegerFieldUpdater.newUpdater(FirstExchanges.class, "ofUpdater");
        private static final int KINDS = 13;

        private final AtomicInteger integer = new AtomicInteger(1_000);
        private final AtomicLong large = new AtomicLong(-1);
        private final AtomicBoolean truth = new AtomicBoolean(true);
        private final AtomicReference<Object> reference = new AtomicReference<>();
        private final AtomicReferenceArray<String> references = new AtomicReferenceArray<>(1);
        private final AtomicIntegerArray integers = new AtomicIntegerArray(1);
        private final int[] ints = {77_777};
        private byte ofByte = -7;
        private char ofChar = '\uffff';
        private long ofLong = Long.MIN_VALUE;
        private boolean ofTruth;
        private Object ofObject = "first";
        private volatile int ofUpdater;

        private static VarHandle handle(String name, Class<?> type) {
            try {
                return MethodHandles.lookup().findVarHandle(FirstExchanges.class, name, type);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private int exchange() {
            int wins = 0;
            wins |= won(0, X.compareAndSet(this, 0, 1));
            wins |= won(1, BYTE.compareAndSet(this, (byte) -7, (byte) 1));
            wins |= won(2, (char) CHAR.compareAndExchange(this, '\uffff', 'a') == '\uffff');
            wins |= won(3, (long) LONG.compareAndExchangeRelease(this, Long.MIN_VALUE, 1L) == Long.MIN_VALUE);
            wins |= won(4, TRUTH.compareAndSet(this, false, true));
            wins |= won(5, OBJECT.compareAndSet(this, "first", "second"));
            wins |= won(6, (int) INTS.compareAndExchangeAcquire(ints, 0, 77_777, 3) == 77_777);
            wins |= won(7, UPDATED.compareAndSet(this, 0, 2));
            wins |= won(8, integer.compareAndExchange(1_000, 2_000) == 1_000);
            wins |= won(9, large.compareAndSet(-1, 1L << 40));
            wins |= won(10, truth.compareAndSet(true, false));
            wins |= won(11, reference.compareAndSet(null, "second"));
            wins |= won(12, references.compareAndSet(0, null, "second") == integers.compareAndSet(0, 0, 1));
            return wins;
        }

        private static int won(int kind, boolean won) {
            return won ? 1 << kind : 0;
        }

        @Override
        void one() {
            Y.setOpaque(this, 1);
            first = exchange();
        }

        @Override
        void two() {
            second = exchange();
            Y.compareAndSet(this, 1, 2); // may read the older 0
        }

        @Override
        boolean bad() {
            int both = (1 << KINDS - 1) - 1;
            return (first & second & both) != 0 || ((first | second) & both) != both;
        }
    }

    /** A plain write that is no step follows a read of an older value: it must stay. */
    public static class OwnPlainWrite extends Two {
        private boolean wrote;

        @Override
        void one() {
            X.setOpaque(this, 1);
            wrote = true;
        }

        @Override
        void two() {
            first = (int) X.getOpaque(this);
            second = wrote && first == 0 ? 1 : 0;
            x = 7;
        }

        @Override
        boolean bad() {
            return second == 1 && x != 7;
        }
    }

    /** More values than are kept. */
    public static class ManyValues extends Two {
        @Override
        void one() {
            for (int i = 1; i <= 6; i++) {
                X.setOpaque(this, i);
            }
        }

        @Override
        void two() {
            first = (int) X.getOpaque(this);
        }

        @Override
        boolean bad() {
            return false;
        }
    }
}
