package org.smp4j.hotplug;

import org.smp4j.cpu.Cpu;
import org.smp4j.sched.CpuLifecycle;

/**
 * The hooks for the idle tasks of CPUs that come up and go down; mirrors the entries {@code start_secondary} and
 * {@code play_dead}.
 */
record SecondaryCpus(BringUp bringUp, TakeDown takeDown) implements CpuLifecycle {
    @Override
    public void startSecondary(Cpu cpu) {
        bringUp.startSecondary(cpu);
    }

    @Override
    public void idleDead(Cpu cpu) {
        takeDown.idleDead(cpu);
    }

    @Override
    public void seatIsEmpty(Cpu cpu) {
        takeDown.reportDead(cpu);
    }
}
