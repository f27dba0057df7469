package org.smp4j.call;

/**
 * A task's entry on the call queue when another CPU wakes it; mirrors {@code task_struct.wake_entry}, of type
 * {@code CSD_TYPE_TTWU}.
 */
public class TtwuNode extends CallSingleNode {
    /** A node on no queue. */
    protected TtwuNode() {
        super(CSD_TYPE_TTWU);
    }

    @Override
    public Object function() {
        return "sched_ttwu_pending";
    }
}
