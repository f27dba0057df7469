package org.smp4j.lib;

/**
 * Receives a machine's tracepoints; mirrors the events of {@code include/trace/events/csd.h}, {@code ipi.h},
 * {@code cpuhp.h} and the few of {@code sched.h} that matter here. Each method is called on the CPU on which the event
 * happens, in its context; it must be quick and must not call the machine. Except for {@link #function}, a CPU whose
 * online bit is clear emits no event to a listener; a tracer, which a machine gets when it is made, sees all, and looks
 * itself.
 */
public interface EventSink {
    /**
     * A call was put on another CPU's queue ({@code csd:csd_queue_cpu}).
     *
     * @param cpu the target
     * @param func the function
     * @param csd the node
     */
    default void csdQueueCpu(int cpu, Object func, Object csd) {
    }

    /**
     * A called function begins ({@code csd:csd_function_entry}).
     *
     * @param func the function
     * @param csd the node, null for a local call
     */
    default void csdFunctionEntry(Object func, Object csd) {
    }

    /**
     * A called function has returned ({@code csd:csd_function_exit}).
     *
     * @param func the function
     * @param csd the node, null for a local call
     */
    default void csdFunctionExit(Object func, Object csd) {
    }

    /**
     * An interrupt was sent to one CPU ({@code ipi:ipi_send_cpu}).
     *
     * @param cpu the target
     * @param callback what the target will run, null for a reschedule
     */
    default void ipiSendCpu(int cpu, Object callback) {
    }

    /**
     * An interrupt was sent to several CPUs ({@code ipi:ipi_send_cpumask}).
     *
     * @param cpus the targets; valid during the call only
     * @param callback what the targets will run
     */
    default void ipiSendCpumask(CpuMask cpus, Object callback) {
    }

    /**
     * An interrupt was raised ({@code ipi:ipi_raise}).
     *
     * @param cpu the target
     * @param reason the interrupt's name
     */
    default void ipiRaise(int cpu, String reason) {
    }

    /**
     * A CPU takes an interrupt ({@code ipi:ipi_entry}).
     *
     * @param reason the interrupt's name
     */
    default void ipiEntry(String reason) {
    }

    /**
     * A CPU has finished an interrupt ({@code ipi:ipi_exit}).
     *
     * @param reason the interrupt's name
     */
    default void ipiExit(String reason) {
    }

    /**
     * A hotplug step begins ({@code cpuhp:cpuhp_enter}).
     *
     * @param cpu the CPU that moves
     * @param target the state that it moves to
     * @param idx the step
     * @param fun the callback
     */
    default void cpuhpEnter(int cpu, int target, int idx, Object fun) {
    }

    /**
     * A hotplug step of one instance begins ({@code cpuhp:cpuhp_multi_enter}).
     *
     * @param cpu the CPU that moves
     * @param target the state that it moves to
     * @param idx the step
     * @param fun the callback
     */
    default void cpuhpMultiEnter(int cpu, int target, int idx, Object fun) {
    }

    /**
     * A hotplug step has ended ({@code cpuhp:cpuhp_exit}).
     *
     * @param cpu the CPU that moves
     * @param state its state now
     * @param idx the step
     * @param ret the callback's result
     */
    default void cpuhpExit(int cpu, int state, int idx, int ret) {
    }

    /**
     * A polling idle CPU was woken without an interrupt ({@code sched:sched_wake_idle_without_ipi}).
     *
     * @param cpu the target
     */
    default void schedWakeIdleWithoutIpi(int cpu) {
    }

    /**
     * A CPU switches to another task ({@code sched:sched_switch}).
     *
     * @param prev the task that leaves
     * @param next the task that comes
     */
    default void schedSwitch(Object prev, Object next) {
    }

    /**
     * A task is about to be woken ({@code sched:sched_waking}).
     *
     * @param task the task
     * @param cpu where it will run
     */
    default void schedWaking(Object task, int cpu) {
    }

    /** IRQs have been turned off ({@code preemptirq:irq_disable}); only to a tracer, as all below but the last. */
    default void irqDisable() {
    }

    /** IRQs are about to be turned on ({@code preemptirq:irq_enable}). */
    default void irqEnable() {
    }

    /** Preemption has been turned off ({@code preemptirq:preempt_disable}). */
    default void preemptDisable() {
    }

    /** Preemption is about to be turned on ({@code preemptirq:preempt_enable}). */
    default void preemptEnable() {
    }

    /**
     * A CPU is about to run what it has taken off its call queue.
     *
     * @param first the first node that it has taken
     */
    default void callQueueTaken(LlistNode first) {
    }

    /**
     * A work was put on a stopper's queue; mirrors {@code cpu_stop_queue_work}, which has no tracepoint.
     *
     * @param cpu the stopper's CPU
     * @param work the work, which knows its function
     */
    default void cpuStopQueueWork(int cpu, Object work) {
    }

    /**
     * A stopper begins with a work.
     *
     * @param fn the function
     * @param work the work, which may already belong to its next user
     */
    default void cpuStopWorkEntry(Object fn, Object work) {
    }

    /**
     * A stopper is done with a work.
     *
     * @param fn the function
     * @param work the work, which may already belong to its next user
     * @param ret what the function returned
     */
    default void cpuStopWorkExit(Object fn, Object work, int ret) {
    }

    /**
     * A CPU has come to a state of {@code multi_cpu_stop}.
     *
     * @param state the state: 1 PREPARE, 2 DISABLE_IRQ, 3 RUN, 4 EXIT
     */
    default void multiStopState(int state) {
    }

    /**
     * A function of the kernel's call graph is entered, as ftrace's function tracer records it; seen on offline CPUs
     * too.
     *
     * @param name the kernel function
     */
    default void function(String name) {
    }
}
