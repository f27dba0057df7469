package org.smp4j;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.BootParams;

/**
 * A machine with many more CPUs than the host has cores: it boots, calls all, stops all, takes half down and up again,
 * and ends.
 */
public final class ManyCpus {
    private ManyCpus() {
    }

    /**
     * In a JVM of its own.
     *
     * @param args how many CPUs
     */
    public static void main(String[] args) {
        run(Integer.parseInt(args[0]));
    }

    static void run(int nrCpus) {
        try (Machine machine = Machine.boot(BootParams.cpus(nrCpus))) {
            machine.run(0, () -> {
                everybodyOnce(machine, nrCpus);
                AtomicInteger stopped = new AtomicInteger();
                expect(0, machine.stopMachine().stopMachine(_ -> {
                    stopped.incrementAndGet();
                    return 0;
                }, null, machine.cpus().online), "stop_machine");
                expect(nrCpus, stopped.get(), "CPUs that ran the stop function");
                for (int cpu = nrCpus / 2; cpu < nrCpus; cpu++) {
                    expect(0, machine.hotplug().cpuDown(cpu), "cpu_down " + cpu);
                }
                everybodyOnce(machine, nrCpus / 2);
                for (int cpu = nrCpus / 2; cpu < nrCpus; cpu++) {
                    expect(0, machine.hotplug().cpuUp(cpu), "cpu_up " + cpu);
                }
                everybodyOnce(machine, nrCpus);
            });
            expect(0, machine.warnings().count(), "warnings " + machine.warnings().list());
        }
    }

    private static void everybodyOnce(Machine machine, int online) {
        AtomicIntegerArray runs = new AtomicIntegerArray(machine.cpus().nrCpuIds);
        machine.smp().onEachCpu(_ -> runs.incrementAndGet(Cpu.smpProcessorId()), null, true);
        for (int cpu = 0; cpu < runs.length(); cpu++) {
            expect(cpu < online ? 1 : 0, runs.get(cpu), "broadcast on CPU " + cpu);
        }
    }

    private static void expect(int expected, int actual, String what) {
        if (actual != expected) {
            throw new AssertionError(what + ": " + actual + ", where " + expected + " is expected");
        }
    }
}
