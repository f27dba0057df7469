package org.smp4j.trace;

import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.smp4j.Machine;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.EventSink;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.TraceData;

/** Boots a machine with a tracer, runs a task on CPU 0, and closes the machine. */
public final class TracedMachine {
    private TracedMachine() {
    }

    /**
     * Runs a task on a machine with a tracer.
     *
     * @param cpus how many CPUs it has
     * @param tracer its tracer
     * @param task what runs on CPU 0
     */
    public static void run(int cpus, EventSink tracer, Consumer<Machine> task) throws InterruptedException {
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        try (Machine machine = Machine.boot(BootParams.cpus(cpus).with("idle=halt pin=none"), line -> { }, null,
                new PlatformThreads(), tracer)) {
            CountDownLatch done = new CountDownLatch(1);
            machine.spawn(0, "control", () -> {
                try {
                    task.accept(machine);
                } catch (Throwable e) {
                    thrown.add(e);
                }
                done.countDown();
            });
            done.await();
        }
        if (!thrown.isEmpty()) {
            throw new AssertionError(thrown.getFirst());
        }
    }

    /** {@return the trace of every event while CPU 3 of four goes offline and comes back} */
    public static TraceData downAndUp() throws InterruptedException {
        MachineTrace trace = new MachineTrace(4, 1 << 14, EnumSet.allOf(EventType.class));
        run(4, trace, machine -> {
            if (machine.hotplug().removeCpu(3) != 0 || machine.hotplug().addCpu(3) != 0) {
                throw new AssertionError("CPU 3 did not go and come");
            }
        });
        return trace.data();
    }
}
