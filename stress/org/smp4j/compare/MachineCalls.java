package org.smp4j.compare;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.sched.Task;

/** The machine's own operations. */
final class MachineCalls {
    private static final SmpCallFunc NOP = info -> {
    };
    private static final int WINDOW = 256;

    private final Rig rig;
    private final Smp smp;

    // Written by: both CPUs in turn. Read by: the other. Ordering: volatile.
    private volatile boolean held;
    // Written by: the target. Read by: the sender. Ordering: csd_unlock comes before the function, so volatile.
    private volatile long flushFrom;
    private volatile long flushTo;

    MachineCalls(Rig rig) {
        this.rig = rig;
        this.smp = rig.machine.smp();
    }

    List<Subject> subjects() {
        CpuMask both = CpuMask.of(rig.machine.cpus().nrCpuIds, 0, 1);
        IrqWork local = IrqWork.of(work -> {
        });
        IrqWork remote = IrqWork.of(work -> {
        });
        return List.of(
                Subject.of("smp_call_function_single, wait",
                nanos -> Batch.median(nanos, 100, () -> smp.smpCallFunctionSingle(1, NOP, null, true)))
                        .atMost(1.15),
                Subject.of("smp_call_function_single, wait, p99", this::p99).millis(20).atMost(2),
                Subject.of("csd round trip, worst of 64 csd addresses", this::worstAddress).millis(20).atMost(1.7),
                Subject.of("smp_call_function_single, no wait",
                nanos -> Batch.median(nanos, 100, () -> smp.smpCallFunctionSingle(1, NOP, null, false))),
                Subject.of("smp_call_function_single_async, 1 producer", this::async).atMost(0.15),
                Subject.of("smp_call_function_single_async, sent while the target is held up",
                nanos -> heldUp(nanos, true)),
                Subject.of("smp_call_function_single_async, what was sent then is flushed",
                nanos -> heldUp(nanos, false)),
                Subject.of("on_each_cpu over 2 CPUs, wait",
                nanos -> Batch.median(nanos, 100, () -> smp.onEachCpuMask(both, NOP, null, true))).atMost(1.4),
                Subject.of("smp_call_function_many to 1 CPU, wait", nanos -> Batch.median(nanos, 100, () -> {
                    Preempt.disable();
                    smp.smpCallFunctionMany(both, NOP, null, true);
                    Preempt.enable();
                })),
                Subject.of("irq_work_queue, local",
                nanos -> Batch.median(nanos, 100, () -> rig.machine.irqWorks().irqWorkQueue(local))),
                Subject.of("irq_work_queue_on, remote, and sync", nanos -> Batch.median(nanos, 100, () -> {
                    rig.machine.irqWorks().irqWorkQueueOn(remote, 1);
                    rig.machine.irqWorks().irqWorkSync(remote);
                })),
                Subject.of("cpus_read_lock and unlock", nanos -> Batch.median(nanos, 100, () -> {
                    rig.machine.cpuHotplugLock().cpusReadLock();
                    rig.machine.cpuHotplugLock().cpusReadUnlock();
                })),
                Subject.of("stop_one_cpu", nanos ->
                Batch.median(nanos, 10, () -> rig.machine.stopMachine().stopOneCpu(1, arg -> 0, null))),
                Subject.of("stop_two_cpus", nanos ->
                Batch.median(nanos, 10, () -> rig.machine.stopMachine().stopTwoCpus(0, 1, arg -> 0, null))),
                Subject.of("stop_machine, 2 CPUs",
                nanos -> Batch.median(nanos, 10, () -> rig.machine.stopMachine().stopMachine(arg -> 0, null, null)))
                        .atMost(8));
    }

    private double p99(long nanos) {
        return Batch.p99(nanos, () -> smp.smpCallFunctionSingle(1, NOP, null, true));
    }

    private double worstAddress(long nanos) {
        byte[][] gaps = new byte[64][];
        Csd[] csds = new Csd[64];
        for (int i = 0; i < csds.length; i++) {
            gaps[i] = new byte[8 * (i % 8)]; // so that the csds lie differently to the lines
            csds[i] = new Csd(NOP, null);
        }
        double worst = 0;
        for (Csd csd : csds) {
            worst = Math.max(worst, Batch.median(nanos / csds.length, 20, () -> roundTrip(csd)));
        }
        Reference.reachabilityFence(gaps);
        return worst;
    }

    private void roundTrip(Csd csd) {
        smp.smpCallFunctionSingleAsync(1, csd);
        while (csd.isLocked()) {
            Thread.onSpinWait();
        }
    }

    private double async(long nanos) {
        return send(nanos, 1);
    }

    private static Csd[] window() {
        Csd[] csds = new Csd[WINDOW];
        Arrays.setAll(csds, i -> new Csd(NOP, null));
        return csds;
    }

    private static void await(Csd... csds) {
        for (Csd csd : csds) {
            while (csd.isLocked()) {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * Sends a window while the target does nothing but wait, then lets it flush while no CPU sends: what the two cost
     * when neither disturbs the other.
     */
    private double heldUp(long nanos, boolean sending) {
        Csd[] csds = window();
        Csd first = new Csd(SmpCallFunc.named("hold_up", info -> {
            held = true;
            while (held) {
                Thread.onSpinWait();
            }
            flushFrom = System.nanoTime();
        }), null);
        Csd last = new Csd(SmpCallFunc.named("flushed", info -> flushTo = System.nanoTime()), null);
        double[] costs = new double[1000];
        int count = 0;
        for (long end = System.nanoTime() + nanos; System.nanoTime() < end && count < costs.length; count++) {
            smp.smpCallFunctionSingleAsync(1, first);
            while (!held) {
                Thread.onSpinWait();
            }
            long from = System.nanoTime();
            for (Csd csd : csds) {
                smp.smpCallFunctionSingleAsync(1, csd);
            }
            long to = System.nanoTime();
            smp.smpCallFunctionSingleAsync(1, last);
            flushTo = 0;
            held = false;
            while (flushTo == 0) {
                Thread.onSpinWait();
            }
            await(first, last);
            costs[count] = (double) (sending ? to - from : flushTo - flushFrom) / WINDOW;
        }
        return Batch.median(Arrays.copyOf(costs, count));
    }

    private double send(long nanos, int target) {
        Csd[] csds = window();
        long sent = 0;
        long start = System.nanoTime();
        long end = start + nanos;
        while (System.nanoTime() < end) {
            for (int i = 0; i < WINDOW; i++) {
                while (smp.smpCallFunctionSingleAsync(target, csds[i]) != 0) {
                    Thread.onSpinWait();
                }
            }
            sent += WINDOW;
        }
        await(csds);
        return (double) (System.nanoTime() - start) / sent;
    }

    /** Three CPUs of one core send to a fourth on another; on a machine of six. */
    static Subject threeProducers(Rig six) {
        MachineCalls calls = new MachineCalls(six);
        return Subject.of("smp_call_function_single_async, 3 producers on one core", nanos -> {
            double[] cost = new double[3];
            Task[] producers = new Task[3];
            for (int p = 0; p < 3; p++) {
                int producer = p;
                producers[p] = six.spawn(2 * p, () -> cost[producer] = calls.send(nanos, 1));
            }
            for (Task producer : producers) {
                Rig.join(producer);
            }
            return 1 / (1 / cost[0] + 1 / cost[1] + 1 / cost[2]);
        }).millis(30).atMost(0.15);
    }

    /** A call to a CPU that sleeps, and what the JVM needs to wake a thread and to be told. */
    List<Subject> parked() {
        AtomicBoolean asked = new AtomicBoolean();
        AtomicBoolean answered = new AtomicBoolean();
        Thread sleeper = new Thread(() -> {
            for (;;) {
                while (!asked.getAndSet(false)) {
                    LockSupport.park();
                }
                answered.set(true);
            }
        });
        sleeper.setDaemon(true);
        sleeper.start();
        Subject bare = Subject.of("LockSupport: unpark a sleeper and see its answer", nanos -> single(nanos, () -> {
            while (sleeper.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }, () -> {
            asked.set(true);
            LockSupport.unpark(sleeper);
            while (!answered.getAndSet(false)) {
                Thread.onSpinWait();
            }
        })).millis(40);
        Subject call = Subject.of("smp_call_function_single, wait, target parked", nanos -> single(nanos, () -> {
            while ((rig.machine.cpus().cpu(1).pendingBits() & PendingWord.PARKED) == 0
                    || rig.machine.cpus().cpu(1).sitter().thread().getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }, () -> smp.smpCallFunctionSingle(1, NOP, null, true))).against(bare).millis(40).atMost(1.2);
        return List.of(call);
    }

    private static double single(long nanos, Runnable before, Runnable op) {
        double[] times = new double[1000];
        int count = 0;
        for (long end = System.nanoTime() + nanos; System.nanoTime() < end && count < times.length; count++) {
            before.run();
            long from = System.nanoTime();
            op.run();
            times[count] = System.nanoTime() - from;
        }
        return Batch.median(Arrays.copyOf(times, count));
    }
}
