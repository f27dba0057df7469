package org.smp4j.selftest.scenario;

import static org.smp4j.selftest.scenario.Rules.mustHold;

import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.lib.CpuMask;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;

/**
 * A call is accepted before the machine is stopped, and its target no longer takes the interrupt, because it goes
 * offline with IRQs off. The scenario covers only the part of a take-down inside stop_machine, on stoppers without a
 * booted machine: a few hundred steps, and one delay of the target.
 */
public final class CallBeforeLeaving extends TaskScenario {
    private int accepted;
    private int ran;

    /** Made for each run. */
    public CallBeforeLeaving() {
        super(3);
    }

    @Override
    protected void play() {
        Csd csd = new Csd(SmpCallFunc.named("count", _ -> ran++), null);
        task(0, "down", () -> stopMachine()
                .stopMachine(CpuStopFn.named("take_cpu_down", _ -> leave()), null, CpuMask.of(nrCpus, 2)));
        task(1, "send", () -> accepted += smp().smpCallFunctionSingleAsync(2, csd) == 0 ? 1 : 0);
    }

    /** The function of CPU 2's last stop. */
    private int leave() {
        cpus().setCpuOnline(2, false);
        smp().smpcfdDyingCpu();
        stopMachine().stopMachinePark(2);
        return 0;
    }

    @Override
    protected void check() {
        mustHold(ran == accepted, "lost call", () -> "accepted " + accepted + ", run " + ran);
    }
}
