package org.smp4j.explore.protocol;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;

/**
 * The claim of the design, on bare state: CPU 0 sends calls to CPU 2, and CPU 1 takes CPU 2 down while all CPUs are
 * stopped. CPU 2 serves its queue until then, and for the last time in the stop. An accepted call runs exactly once.
 */
public abstract class BareSeed implements Runnable {
    private static final int PREPARE = 1;
    private static final int RUN = 2;
    private static final int EXIT = 3;
    private static final int TARGET = 2;

    /** A call: its lock bit, and whether it ran. */
    private static final class Call extends LlistNode {
        private static final VarHandle FLAGS = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "flags",
                VarHandle.class, Call.class, int.class);
        int flags;
        int ran;

        void lock() {
            while ((int) FLAGS.getAcquire(this) != 0) {
                Thread.onSpinWait();
            }
            flags = 1;
        }
    }

    private final int calls;
    private final int handshakes;
    private final boolean preemptible;
    private final CpuMask online = new CpuMask(3);
    private final LlistHead queue = new LlistHead();
    private final AtomicInteger acks = new AtomicInteger();
    private final Call[] all;
    private int accepted; // CPU 0's
    private boolean preemptionOff; // CPU 0's
    private boolean acked; // CPU 0's
    private volatile int state;
    private volatile int handshake;

    /**
     * A run.
     *
     * @param calls how many calls are sent
     * @param handshakes how often CPU 1 and CPU 2 talk before the last flush
     * @param preemptible whether CPU 0 fails to disable preemption
     */
    protected BareSeed(int calls, int handshakes, boolean preemptible) {
        this.calls = calls;
        this.handshakes = handshakes;
        this.preemptible = preemptible;
        online.setAll();
        all = new Call[calls];
        for (int i = 0; i < calls; i++) {
            all[i] = new Call();
        }
    }

    private void send() {
        for (Call call : all) {
            preemptionOff = !preemptible;
            if (online.testCpu(TARGET)) {
                interruptible();
                call.lock();
                queue.add(call);
                accepted++;
            }
            preemptionOff = false;
            interruptible();
        }
        while (!acked) {
            interruptible();
            Thread.onSpinWait();
        }
    }

    /** The stopper of CPU 0 can run here if preemption is on. */
    private void interruptible() {
        if (!preemptionOff && !acked && state == PREPARE) {
            acked = true;
            acks.decrementAndGet();
            await(EXIT);
        }
    }

    private void control() {
        acks.set(2);
        state = PREPARE;
        while (acks.get() != 0) {
            Thread.onSpinWait();
        }
        for (int i = 1; i <= handshakes; i++) {
            handshake = 2 * i - 1;
            while (handshake != 2 * i) {
                Thread.onSpinWait();
            }
        }
        state = RUN;
        await(EXIT);
    }

    private void serve() {
        flush();
        await(PREPARE);
        acks.decrementAndGet();
        for (int i = 1; i <= handshakes; i++) {
            while (handshake != 2 * i - 1) {
                Thread.onSpinWait();
            }
            handshake = 2 * i;
        }
        await(RUN);
        online.clearCpu(TARGET);
        flush();
        state = EXIT;
    }

    private void flush() {
        LlistNode next;
        for (LlistNode node = queue.delAll(); node != null; node = next) {
            next = node.next();
            Call call = (Call) node;
            call.ran++;
            Call.FLAGS.setRelease(call, 0);
        }
    }

    private void await(int wanted) {
        while (state != wanted) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void run() {
        Thread[] cpus = {new Thread(this::send, "CPU 0"), new Thread(this::control, "CPU 1"),
                new Thread(this::serve, "CPU 2")};
        for (Thread cpu : cpus) {
            cpu.start();
        }
        try {
            for (Thread cpu : cpus) {
                cpu.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        int ran = 0;
        for (Call call : all) {
            ran += call.ran;
        }
        if (ran != accepted) {
            throw new AssertionError("lost call: " + accepted + " accepted, " + ran + " ran");
        }
    }

    /** One call, preemption off. */
    public static final class One extends BareSeed {
        /** As it should be. */
        public One() {
            super(1, 0, false);
        }
    }

    /** Two calls, preemption off. */
    public static final class Two extends BareSeed {
        /** As it should be. */
        public Two() {
            super(2, 0, false);
        }
    }

    /** Three calls, preemption off. */
    public static final class Three extends BareSeed {
        /** As it should be. */
        public Three() {
            super(3, 0, false);
        }
    }

    /** Three calls and a handshake, preemption off: the scenario of the rate measurements. */
    public static final class Rated extends BareSeed {
        /** As it should be. */
        public Rated() {
            super(3, 1, false);
        }
    }

    /** Three calls, preemption on. */
    public static final class Preemptible extends BareSeed {
        /** As it should not be. */
        public Preemptible() {
            super(3, 0, true);
        }
    }

    /** One call, preemption on. */
    public static final class PreemptibleOne extends BareSeed {
        /** As it should not be. */
        public PreemptibleOne() {
            super(1, 0, true);
        }
    }

    /** One call, preemption on, and so many steps in the window that a random walk hardly ever gets through it. */
    public static final class LongWindow extends BareSeed {
        /** As it should not be. */
        public LongWindow() {
            super(1, 5, true);
        }
    }
}
