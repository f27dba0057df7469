package org.smp4j.hotplug;

import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.WarnSite;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.SmpbootThreads;
import org.smp4j.sched.Workqueue;

/**
 * The states that the machine itself registers; mirrors the table in {@code kernel/cpu.c} and the callbacks that other
 * floors contribute to it.
 */
final class CoreStates {
    /** Tasks are left on a CPU in its last stop. */
    static final WarnSite NOT_VACATED = WarnSite.always("sched_cpu_dying", "Dying CPU not properly vacated!");

    private final Cpus cpus;
    private final Smp smp;
    private final IrqWorks irqWorks;
    private final Scheduler scheduler;
    private final SmpbootThreads smpboot;
    private final Workqueue workqueue;

    CoreStates(Cpus cpus, Smp smp, IrqWorks irqWorks, Scheduler scheduler, SmpbootThreads smpboot,
            Workqueue workqueue) {
        this.cpus = cpus;
        this.smp = smp;
        this.irqWorks = irqWorks;
        this.scheduler = scheduler;
        this.smpboot = smpboot;
        this.workqueue = workqueue;
    }

    void register(CpuhpSteps steps, BringUp bringUp, TakeDown takeDown) {
        steps.set(CpuhpState.OFFLINE, CpuhpStep.single("offline", null, null));
        steps.set(CpuhpState.CREATE_THREADS, step("threads:prepare", "smpboot_create_threads", cpu -> 0, null, null)
                .cannotStop());
        steps.set(CpuhpState.WORKQUEUE_PREP, step("workqueue:prepare", "workqueue_prepare_cpu", cpu -> 0, null, null));
        steps.set(CpuhpState.HRTIMERS_PREPARE, step("hrtimers:prepare", "hrtimers_prepare_cpu", cpu -> 0, null, null));
        steps.set(CpuhpState.SMPCFD_PREPARE,
                step("smpcfd:prepare", "smpcfd_prepare_cpu", smp::smpcfdPrepareCpu, "smpcfd_dead_cpu",
                smp::smpcfdDeadCpu));
        steps.set(CpuhpState.RCUTREE_PREP,
                step("RCU/tree:prepare", "rcutree_prepare_cpu", cpu -> 0, "rcutree_dead_cpu", cpu -> 0));
        steps.set(CpuhpState.TIMERS_PREPARE,
                step("timers:prepare", "timers_prepare_cpu", cpu -> 0, "timers_dead_cpu", cpu -> 0));
        steps.set(CpuhpState.BP_KICK_AP, step("cpu:kick_ap", "cpuhp_kick_ap_alive", bringUp::kickApAlive, null, null));
        steps.set(CpuhpState.BRINGUP_CPU,
                step("cpu:bringup", "cpuhp_bringup_ap", bringUp::bringupAp, "finish_cpu", cpu -> 0).cannotStop());
        steps.set(CpuhpState.AP_IDLE_DEAD, CpuhpStep.single("idle:dead", null, null));
        steps.set(CpuhpState.AP_OFFLINE, CpuhpStep.single("ap:offline", null, null).cannotStop());
        steps.set(CpuhpState.AP_SCHED_STARTING,
                step("sched:starting", "sched_cpu_starting", cpu -> 0, "sched_cpu_dying", this::schedCpuDying));
        steps.set(CpuhpState.AP_RCUTREE_DYING, step("RCU/tree:dying", null, null, "rcutree_dying_cpu", cpu -> 0));
        steps.set(CpuhpState.AP_SMPCFD_DYING,
                step("smpcfd:dying", null, null, "smpcfd_dying_cpu", this::smpcfdDyingCpu));
        steps.set(CpuhpState.AP_HRTIMERS_DYING,
                step("hrtimers:dying", "hrtimers_cpu_starting", this::hrtimersCpuStarting, "hrtimers_cpu_dying",
                this::hrtimersCpuDying));
        steps.set(CpuhpState.AP_TICK_DYING, step("tick:dying", null, null, "tick_cpu_dying", cpu -> 0));
        steps.set(CpuhpState.AP_ONLINE, CpuhpStep.single("ap:online", null, null));
        steps.set(CpuhpState.TEARDOWN_CPU, step("cpu:teardown", null, null, "takedown_cpu", takeDown::takedownCpu)
                .cannotStop());
        steps.set(CpuhpState.AP_SCHED_WAIT_EMPTY,
                step("sched:waitempty", null, null, "sched_cpu_wait_empty", this::schedCpuWaitEmpty));
        steps.set(CpuhpState.AP_SMPBOOT_THREADS,
                step("smpboot/threads:online", "smpboot_unpark_threads", smpboot::unparkThreads, "smpboot_park_threads",
                smpboot::parkThreads));
        steps.set(CpuhpState.AP_WORKQUEUE_ONLINE,
                step("workqueue:online", "workqueue_online_cpu", cpu -> bindWorker(cpu, true), "workqueue_offline_cpu",
                cpu -> bindWorker(cpu, false)));
        steps.set(CpuhpState.AP_RCUTREE_ONLINE,
                step("RCU/tree:online", "rcutree_online_cpu", cpu -> 0, "rcutree_offline_cpu", cpu -> 0));
        steps.set(CpuhpState.AP_ACTIVE,
                step("sched:active", "sched_cpu_activate", this::schedCpuActivate, "sched_cpu_deactivate",
                this::schedCpuDeactivate));
        steps.set(CpuhpState.ONLINE, CpuhpStep.single("online", null, null));
    }

    private static CpuhpStep step(String name, String startupName, CpuhpCallback startup, String teardownName,
            CpuhpCallback teardown) {
        return CpuhpStep.single(name, startup == null ? null : traced(startupName, startup), teardown == null
                ? null : traced(teardownName, teardown));
    }

    private static CpuhpCallback traced(String name, CpuhpCallback callback) {
        return CpuhpCallback.named(name, cpu -> {
            Cpu.current().traceFunction(name);
            return callback.call(cpu);
        });
    }

    /** Context: the CPU's hotplug thread. */
    private int schedCpuActivate(int cpu) {
        cpus.setCpuActive(cpu, true);
        return 0;
    }

    /**
     * Makes the CPU inactive. When it returns, every section with preemption off that saw the CPU active has ended.
     * Context: the CPU's hotplug thread.
     */
    private int schedCpuDeactivate(int cpu) {
        cpus.setCpuActive(cpu, false);
        scheduler.rcu().synchronizeRcu();
        return 0;
    }

    /**
     * Waits until the CPU has no task left. While it sleeps here, the scheduler moves every task that it finds on the
     * queue. A wake-up that was sent while the CPU was active may still be in its call queue: the grace period of
     * {@link #schedCpuDeactivate} waited until it was added, not until it is taken. Looking at pending interrupts would
     * not suffice: a sender raises one only for the first node, and may not have done so yet. The call queue is looked
     * at first, since an interrupt between the two looks moves a task from there to the run queue. Context: the CPU's
     * hotplug thread.
     */
    private int schedCpuWaitEmpty(int cpu) {
        Cpu here = Cpu.current();
        here.poll();
        long slept = 0;
        while (!here.callSingleQueue().isEmpty() || !scheduler.isVacated(cpu)) {
            slept = scheduler.timers().sleepBetweenLooks(slept);
        }
        return 0;
    }

    private int bindWorker(int cpu, boolean bound) {
        workqueue.bind(cpu, bound);
        return 0;
    }

    /** Context: the stopper of a CPU that goes offline, IRQs off, its online bit clear. */
    private int smpcfdDyingCpu(int cpu) {
        smp.smpcfdDyingCpu();
        irqWorks.irqWorkRun();
        return 0;
    }

    private int hrtimersCpuStarting(int cpu) {
        scheduler.timers().starting(cpu);
        return 0;
    }

    private int hrtimersCpuDying(int cpu) {
        scheduler.timers().migrate(cpu, cpus.active.first());
        return 0;
    }

    private int schedCpuDying(int cpu) {
        if (!scheduler.isVacated(cpu) || scheduler.isInUse(Cpu.current())) {
            cpus.warnings.warn(NOT_VACATED);
        }
        return 0;
    }
}
