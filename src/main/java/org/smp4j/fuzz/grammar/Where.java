package org.smp4j.fuzz.grammar;

import java.util.EnumSet;
import java.util.Set;

/** The contexts in which operations run. */
public enum Where {
    /** A task that may sleep, or the thread of a bare CPU. */
    TASK,
    /** A task with preemption off and IRQs on. */
    ATOMIC,
    /** IRQs are off, and it may be a task, a stopper or a called function. */
    IRQS_OFF,
    /** A hard interrupt, or a function that is called as in one. */
    HARDIRQ,
    /** A function in the stopper of a CPU, IRQs on. */
    STOPPER;

    /** All of them. */
    public static final Set<Where> ANYWHERE = Set.copyOf(EnumSet.allOf(Where.class));
    /** Where the caller of a function may wait for other CPUs, which may wait for it. */
    public static final Set<Where> INTERRUPTIBLE = Set.of(TASK, ATOMIC, STOPPER);

    /** {@return the context after preemption has been turned off here} */
    public Where preemptionOff() {
        return this == TASK ? ATOMIC : this;
    }

    /** {@return the context after IRQs have been turned off here} */
    public Where irqsOff() {
        return this == HARDIRQ ? HARDIRQ : IRQS_OFF;
    }
}
