package org.smp4j.trace.event;

import java.util.List;
import org.smp4j.trace.event.Field.Kind;

/**
 * The types of events, with system, name, fields and print layout of the kernel's tracepoints. Those of the system
 * {@code smp4j} have no tracepoint in the kernel.
 */
public enum EventType {
    /** A call was queued for another CPU. */
    CSD_QUEUE_CPU("csd", "cpu=%u callsite=%pS func=%ps csd=%p", number("cpu"), symbol("callsite"), symbol("func"),
            pointer("csd")),
    /** A called function begins. */
    CSD_FUNCTION_ENTRY("csd", "func=%ps, csd=%p", symbol("func"), pointer("csd")),
    /** A called function has returned. */
    CSD_FUNCTION_EXIT("csd", "func=%ps, csd=%p", symbol("func"), pointer("csd")),
    /** An interrupt was raised. */
    IPI_RAISE("ipi", "target_mask=%s (%s)", mask("target_cpus"), text("reason")),
    /** An interrupt was sent to a CPU. */
    IPI_SEND_CPU("ipi", "cpu=%u callsite=%pS callback=%pS", number("cpu"), symbol("callsite"), symbol("callback")),
    /** An interrupt was sent to several CPUs; one event for 128 CPUs of the machine. */
    IPI_SEND_CPUMASK("ipi", "cpumask=%s callsite=%pS callback=%pS", mask("cpumask"), symbol("callsite"),
            symbol("callback")),
    /** A CPU takes an interrupt of another one. */
    IPI_ENTRY("ipi", "(%s)", text("reason")),
    /** A CPU has finished an interrupt of another one. */
    IPI_EXIT("ipi", "(%s)", text("reason")),
    /** A CPU takes another interrupt: that of its timer. */
    IRQ_HANDLER_ENTRY("irq", "irq=%d name=%s", number("irq"), text("name")),
    /** A CPU has finished another interrupt. */
    IRQ_HANDLER_EXIT("irq", "irq=%d ret=%s", number("irq"), text("ret")),
    /** A hotplug step begins. */
    CPUHP_ENTER("cpuhp", "cpu: %04u target: %3d step: %3d (%ps)", number("cpu"), number("target"), number("idx"),
            symbol("fun")),
    /** A hotplug step of one instance begins. */
    CPUHP_MULTI_ENTER("cpuhp", "cpu: %04u target: %3d step: %3d (%ps)", number("cpu"), number("target"), number("idx"),
            symbol("fun")),
    /** A hotplug step has ended. */
    CPUHP_EXIT("cpuhp", " cpu: %04u  state: %3d step: %3d ret: %d", number("cpu"), number("state"), number("idx"),
            number("ret")),
    /** A CPU switches to another task. */
    SCHED_SWITCH("sched", "prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s ==> next_comm=%s next_pid=%d "
            + "next_prio=%d", text("prev_comm"), number("prev_pid"), number("prev_prio"), text("prev_state"),
            text("next_comm"), number("next_pid"), number("next_prio")),
    /** A task is about to be woken. */
    SCHED_WAKING("sched", "comm=%s pid=%d prio=%d target_cpu=%03d", text("comm"), number("pid"), number("prio"),
            number("target_cpu")),
    /** A polling idle CPU was woken without an interrupt. */
    SCHED_WAKE_IDLE_WITHOUT_IPI("sched", "cpu=%d", number("cpu")),
    /** IRQs have been turned off. */
    IRQ_DISABLE("preemptirq", "caller=%pS parent=%pS", symbol("caller"), symbol("parent")),
    /** IRQs are about to be turned on. */
    IRQ_ENABLE("preemptirq", "caller=%pS parent=%pS", symbol("caller"), symbol("parent")),
    /** Preemption has been turned off. */
    PREEMPT_DISABLE("preemptirq", "caller=%pS parent=%pS", symbol("caller"), symbol("parent")),
    /** Preemption is about to be turned on. */
    PREEMPT_ENABLE("preemptirq", "caller=%pS parent=%pS", symbol("caller"), symbol("parent")),
    /** A work was queued for a stopper. */
    CPU_STOP_QUEUE_WORK("smp4j", "cpu=%u fn=%ps work=%p", number("cpu"), symbol("fn"), pointer("work")),
    /** A stopper begins with a work. */
    CPU_STOP_WORK_ENTRY("smp4j", "fn=%ps work=%p", symbol("fn"), pointer("work")),
    /** A stopper is done with a work. */
    CPU_STOP_WORK_EXIT("smp4j", "fn=%ps work=%p ret=%d", symbol("fn"), pointer("work"), number("ret")),
    /** A CPU has come to a state of {@code multi_cpu_stop}. */
    MULTI_STOP_STATE("smp4j", "state=%s", text("state")),
    /** A CPU has taken this many calls off its queue. */
    CALL_QUEUE("smp4j", "cpu=%u len=%u", number("cpu"), number("len")),
    /** A function is entered; the caller is not known. */
    FUNCTION("ftrace", "%ps <-%ps", symbol("ip"), symbol("parent_ip"));

    /** The states of {@code multi_cpu_stop}, by number. */
    public static final List<String> MULTI_STOP_STATES =
            List.of("MULTI_STOP_NONE", "MULTI_STOP_PREPARE", "MULTI_STOP_DISABLE_IRQ", "MULTI_STOP_RUN",
            "MULTI_STOP_EXIT");

    private final String system;
    private final String layout;
    private final List<Field> fields;

    EventType(String system, String layout, Field... fields) {
        this.system = system;
        this.layout = layout;
        this.fields = List.of(fields);
    }

    private static Field number(String name) {
        return new Field(name, Kind.INT);
    }

    private static Field symbol(String name) {
        return new Field(name, Kind.SYMBOL);
    }

    private static Field pointer(String name) {
        return new Field(name, Kind.POINTER);
    }

    private static Field text(String name) {
        return new Field(name, Kind.TEXT);
    }

    private static Field mask(String name) {
        return new Field(name, Kind.MASK);
    }

    /** {@return the kernel's subsystem, a directory below {@code events} in tracefs} */
    public String system() {
        return system;
    }

    /** {@return the kernel's name} */
    public String eventName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** {@return the print layout, as of {@code printk}} */
    public String layout() {
        return layout;
    }

    /** {@return the fields, in the order of the layout} */
    public List<Field> fields() {
        return fields;
    }
}
