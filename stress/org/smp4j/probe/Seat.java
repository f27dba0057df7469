package org.smp4j.probe;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.smp4j.Machine;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.sched.Task;

/** A machine of which the benchmark's thread is CPU 0. */
@State(Scope.Thread)
public class Seat {
    /** How many CPUs. */
    @Param("2")
    public int cpus;

    Machine machine;
    private Task task;

    /** Boots it and sits down. */
    @Setup(Level.Trial)
    public void sit() {
        machine = Machine.boot(BootParams.cpus(cpus));
        task = machine.scheduler().adopt("probe", CpuMask.of(cpus, 0));
        seated();
    }

    /** Stands up and closes it. */
    @TearDown(Level.Trial)
    public void stand() {
        leaving();
        machine.scheduler().release(task);
        machine.close();
    }

    /**
     * What a benchmark needs besides. Not a fixture of its own: of a state that another uses JMH makes two, and an
     * overridden one it calls twice.
     */
    void seated() {
    }

    /** Undoes it. */
    void leaving() {
    }
}
