package org.smp4j.call;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.cpu.QueuedFunction;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.LlistNode;

/**
 * An entry of a call queue: a call, an irq_work or a task's wake-up; mirrors {@code struct __call_single_node} of
 * {@code include/linux/smp_types.h}.
 */
public abstract class CallSingleNode extends LlistNode implements QueuedFunction {
    /** The node is in use; the same bit as {@link IrqWork#PENDING}. */
    public static final int CSD_FLAG_LOCK = 0x01;
    /** The bits that hold the node's type. */
    public static final int CSD_FLAG_TYPE_MASK = 0xF0;
    /** A call whose sender does not wait. */
    public static final int CSD_TYPE_ASYNC = 0x00;
    /** A call whose sender waits. */
    public static final int CSD_TYPE_SYNC = 0x10;
    /** An irq_work. */
    public static final int CSD_TYPE_IRQ_WORK = 0x20;
    /** A task to wake. */
    public static final int CSD_TYPE_TTWU = 0x30;

    static final VarHandle FLAGS = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "flags", VarHandle.class, CallSingleNode.class, int.class);

    // Written by: the sender while it owns the node (csd), or by atomic claim (irq_work); the target when it is done
    // with it.
    // Read by: senders that want the node, a sender that waits, the target.
    // Ordering: a csd's unlock is a release that pairs with the acquire of the next locker and of the waiter; an
    // irq_work's changes are volatile. The target reads the type opaquely, since the queue's compare-and-set has
    // published it; claims of a pending irq_work write the word, but keep the type.
    int flags;

    // The two CPUs, for the watchdog's reports. The sender writes them before it queues the node; they are stable until
    // the unlock.
    short src;
    short dst;

    CallSingleNode(int flags) {
        this.flags = flags;
    }

    /** Tells a listener that the node is about to be queued. */
    final void queues(EventSink trace, int cpu) {
        trace.csdQueueCpu(cpu, function(), this);
    }

    final int type() {
        return (int) FLAGS.getOpaque(this) & CSD_FLAG_TYPE_MASK;
    }

    final int flagsAcquire() {
        return (int) FLAGS.getAcquire(this);
    }
}
