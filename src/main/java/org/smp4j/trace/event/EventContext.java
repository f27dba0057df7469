package org.smp4j.trace.event;

/**
 * The context of an event: the five columns of ftrace's header.
 *
 * @param irqsOff whether IRQs were off
 * @param needResched whether a reschedule was requested
 * @param hardirq whether in a hard interrupt
 * @param softirq whether in a softirq
 * @param preemptDepth the preempt count
 * @param migrateDisable how often the task has disabled migration
 */
public record EventContext(boolean irqsOff, boolean needResched, boolean hardirq, boolean softirq, int preemptDepth,
        int migrateDisable) {
    /** {@return the first four columns, for example {@code d.h1}} */
    public String four() {
        char interrupt = hardirq ? softirq ? 'H' : 'h' : softirq ? 's' : '.';
        return (irqsOff ? "d" : ".") + (needResched ? "N" : ".") + interrupt + depth(preemptDepth);
    }

    /** {@return all five columns, for example {@code d.h1.}} */
    public String five() {
        return four() + depth(migrateDisable);
    }

    private static String depth(int count) {
        return count == 0 ? "." : Integer.toHexString(Math.min(count, 15));
    }
}
