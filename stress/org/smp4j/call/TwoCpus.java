package org.smp4j.call;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.IdleWait;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Sitter;
import org.smp4j.lib.LlistNode;

/** Two CPUs that can call each other: CPU 0 for the sender, CPU 1 for the target. */
public abstract class TwoCpus {
    final Cpus cpus = new Cpus(2);
    final Smp smp = new Smp(cpus);

    TwoCpus() {
    }

    /** Takes a CPU's pending interrupts. */
    final void poll(int cpu) {
        try (Sitter _ = cpus.cpu(cpu).sit()) {
            cpus.cpu(cpu).poll();
        }
    }

    /** Marks a CPU as one that polls in idle. */
    static void makePolling(Cpu idle) {
        try (Sitter _ = idle.sit()) {
            idle.sendInterrupt(PendingWord.RESCHED); // so that it does not linger
            IdleWait.linger(idle);
            idle.poll();
        }
    }

    /** Fills a csd and puts it on CPU 1's queue without any of the checks; the caller sits on CPU 0. */
    final void queue(Csd csd, int type, SmpCallFunc func, Object info) {
        csd.setLocked(type);
        csd.fill(func, info, 0, 1);
        smp.smpCallSingleQueue(cpus.cpu(0), cpus.cpu(1), csd);
    }

    /** Waits for a chain on CPU 1's queue and takes it, as a flush does. */
    final LlistNode takeQueue() {
        LlistNode chain;
        while ((chain = cpus.cpu(1).callSingleQueue().delAll()) == null) {
            Thread.onSpinWait();
        }
        return chain;
    }
}
