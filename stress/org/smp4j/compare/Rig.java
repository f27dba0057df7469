package org.smp4j.compare;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.smp4j.Machine;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Printk;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskState;

/**
 * A machine whose CPU 0 measures; CPU 1 is idle, or runs what a subject needs on the other side. Each CPU's threads
 * stay on one core of the host.
 */
final class Rig implements AutoCloseable {
    final Machine machine;
    private final Task partner;
    private final AtomicReference<Job> job = new AtomicReference<>();

    /** What runs on the other side until it is told to stop. */
    private static final class Job {
        final Side side;
        volatile boolean running;
        volatile boolean stop;
        volatile boolean done;

        Job(Side side) {
            this.side = side;
        }
    }

    /** The other side of a subject. */
    interface Side {
        /**
         * Runs on CPU 1.
         *
         * @param stop whether to return
         */
        void run(BooleanSupplier stop);
    }

    Rig(int cpus) {
        this(cpus, null);
    }

    /** A machine with a tracer, or null. */
    Rig(int cpus, EventSink tracer) {
        machine = Machine.boot(BootParams.cpus(cpus), Printk.NONE, null, new PlatformThreads(), tracer);
        partner = machine.spawn(1, "partner", this::serve);
    }

    private void serve() {
        for (;;) {
            Job now = job.getAndSet(null);
            if (now == null) {
                Task.current().block();
            } else {
                now.running = true;
                now.side.run(() -> now.stop);
                now.done = true;
            }
        }
    }

    /** Measures while CPU 1 runs something. Context: the measuring task on CPU 0. */
    double with(Side side, DoubleSupplier measure) {
        Job next = new Job(side);
        job.set(next);
        partner.wake();
        while (!next.running) {
            Thread.onSpinWait();
        }
        double result = measure.getAsDouble();
        next.stop = true;
        while (!next.done) {
            Thread.onSpinWait();
        }
        return result;
    }

    /** Measures on one of the machine's CPUs, for a caller that is not. */
    double measure(int cpu, DoubleSupplier op) {
        double[] result = new double[1];
        join(spawn(cpu, () -> result[0] = op.getAsDouble()));
        return result[0];
    }

    /** Waits for a task of another machine than the caller's. */
    static void join(Task task) {
        while (task.state() != TaskState.DEAD) {
            LockSupport.parkNanos(100_000);
        }
    }

    /** Runs a task on a CPU. */
    Task spawn(int cpu, Runnable body) {
        return machine.scheduler().run("load/" + cpu, Task.Policy.NORMAL, CpuMask.of(machine.cpus().nrCpuIds, cpu),
                body);
    }

    @Override
    public void close() {
        machine.close();
    }
}
