package org.smp4j.hotplug;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.Errno;
import org.smp4j.lib.WarnSite;
import org.smp4j.sched.Scheduler;
import org.smp4j.stop.StopMachine;

/**
 * Takes a CPU from BP_KICK_AP to AP_ONLINE_IDLE; mirrors {@code cpuhp_bringup_ap} of {@code kernel/cpu.c} and
 * {@code start_secondary}.
 */
final class BringUp {
    /*
     *   control CPU                            | target CPU, idle task, IRQs off
     *   ---------------------------------------+---------------------------------------------
     *   KICKED; start its thread               |
     *   wait for ALIVE; SHOULD_ONLINE          | ALIVE; wait for SHOULD_ONLINE
     *                                          | RCU watches; STARTING callbacks; online; IRQs on
     *   wait for done_up                       | ONLINE; enable the stopper; AP_ONLINE_IDLE; done_up
     *   unpark the hotplug thread, kick it     | idle
     */

    /** A CPU has reported that it is up, but is not online. */
    static final WarnSite NOT_ONLINE = WarnSite.once("bringup_wait_for_ap_online", "CPU %d is not online");

    private final Cpus cpus;
    private final Scheduler scheduler;
    private final StepEngine engine;
    private final CpuhpThread thread;
    private final StopMachine stopMachine;
    private final CpuhpCpuState[] states;
    private final SyncProtocol sync;

    BringUp(Cpus cpus, Scheduler scheduler, StepEngine engine, CpuhpThread thread, StopMachine stopMachine,
            CpuhpCpuState[] states, SyncProtocol sync) {
        this.cpus = cpus;
        this.scheduler = scheduler;
        this.engine = engine;
        this.thread = thread;
        this.stopMachine = stopMachine;
        this.states = states;
        this.sync = sync;
    }

    /** The startup of BP_KICK_AP; mirrors {@code cpuhp_kick_ap_alive}. */
    int kickApAlive(int cpu) {
        SyncState before = sync.kick(states[cpu]);
        if (before == SyncState.DEAD) { // otherwise its thread still waits for SHOULD_ONLINE, from a failed bring-up
            scheduler.startIdle(cpu);
        }
        return before == null ? -Errno.EAGAIN : 0;
    }

    /** The startup of BRINGUP_CPU. */
    int bringupAp(int cpu) {
        CpuhpCpuState st = states[cpu];
        int ret = sync.syncAlive(st);
        if (ret != 0) {
            return ret;
        }
        st.await(true);
        if (!cpus.online.testCpu(cpu)) {
            cpus.warnings.warn(NOT_ONLINE, cpu);
            return -Errno.ECANCELED;
        }
        st.thread.kthreadUnpark();
        return st.target <= CpuhpState.AP_ONLINE_IDLE ? 0 : thread.kickTo(st, st.target);
    }

    /** Mirrors {@code start_secondary}. Context: the target CPU's idle task, IRQs off. */
    void startSecondary(Cpu here) {
        CpuhpCpuState st = states[here.id];
        sync.reportAlive(here, st);
        here.traceFunction("notify_cpu_starting");
        scheduler.rcu().expedited().reportCpuStarting();
        engine.rangeNofail(true, st, Math.min(st.target, CpuhpState.AP_ONLINE));
        here.traceFunction("set_cpu_online");
        cpus.setCpuOnline(here.id, true);
        here.irqRestore(false);
        here.traceFunction("cpuhp_online_idle");
        sync.set(st, SyncState.ONLINE);
        stopMachine.stopMachineUnpark(here.id);
        st.state = CpuhpState.AP_ONLINE_IDLE;
        st.complete(true);
    }
}
