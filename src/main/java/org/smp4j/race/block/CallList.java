package org.smp4j.race.block;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingWord;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;

/**
 * Calls to many CPUs as kernels before 3.9 made them: a block for each sender, linked into one list, which the handlers
 * of all CPUs walk without a lock. Each handler clears its bit in a block, runs the function and drops a reference; the
 * last one unlinks and unlocks the block, and the sender may fill it again at once, with a handler still standing on
 * it.
 */
public final class CallList {
    /** More references were dropped than taken. */
    public static final String UNDERFLOW = "references underflow";
    /** A block was put on the list that is not locked: its call has ended, and its sender may fill it again. */
    public static final String STALE = "stale block on the list";

    /** A sender's call. */
    public static final class Block {
        // Written by: the sender, before it sets the bits. Read by: handlers. Ordering: volatile.
        private volatile String func;
        // Written by: the sender; handlers, which clear their bit. Read by: handlers.
        // Ordering: after what the sender has filled in, and read before refs: by fences.
        private final AtomicInteger mask = new AtomicInteger();
        // Written by: the sender, to 0 before it sets the bits and to their number last; handlers. Read by: handlers.
        // Ordering: fences, see mask.
        private final AtomicInteger refs = new AtomicInteger();
        // Written by: the sender; the last handler. Read by: the sender. Ordering: volatile.
        private volatile boolean locked;
        // Written by: senders and last handlers, under the list's lock. Read by: walkers, without. Ordering: volatile.
        private volatile Block next;
        private boolean linked; // guarded by the list's lock

        @Override
        public String toString() {
            return "the block of " + func;
        }
    }

    private final RawSpinLock lock = new RawSpinLock();
    // Written by: senders and last handlers, under lock. Read by: walkers, without. Ordering: volatile.
    private volatile Block head;

    private final Cpus cpus;

    /**
     * An empty list.
     *
     * @param cpus the CPUs, whose timer interrupt walks it from here on
     */
    public CallList(Cpus cpus) {
        this.cpus = cpus;
        cpus.installTimer(cpu -> handle());
    }

    /**
     * Calls a function on several CPUs, without waiting.
     *
     * @param block the sender's block
     * @param func the name of the function
     * @param mask the CPUs, as bits
     */
    public void send(Block block, String func, int mask) {
        await(block);
        fill(block, func, mask);
        publish(block);
        interrupt(mask);
    }

    /**
     * A call that is under way before anything runs. Context: a thread that sits on no CPU.
     *
     * @param block the sender's block
     * @param func the name of the function
     * @param mask the CPUs, as bits
     */
    public void begin(Block block, String func, int mask) {
        fill(block, func, mask);
        link(block);
        takeReferences(block);
        interrupt(mask);
    }

    /**
     * Makes CPUs walk the list.
     *
     * @param mask the CPUs, as bits
     */
    public void interrupt(int mask) {
        for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
            if ((mask & 1 << cpu) != 0) {
                cpus.cpu(cpu).sendInterrupt(PendingWord.TIMER);
            }
        }
    }

    /** Fills a block for a call. */
    private void fill(Block block, String func, int mask) {
        block.locked = true;
        block.func = func;
        clearReferences(block);
        VarHandle.storeStoreFence(); // a handler that sees its bit sees the rest; pairs with that in serve
        block.mask.setOpaque(mask);
    }

    /** The last handler has left 0 there, but what it wrote a barrier of the sender does not order. */
    private void clearReferences(Block block) {
        block.refs.setOpaque(0);
    }

    /**
     * Waits until a block's call has ended.
     *
     * @param block the block
     */
    public void await(Block block) {
        Waiter self = Waiter.current();
        for (int turn = 0; block.locked; turn++) {
            self.relax(turn);
        }
    }

    /** Links a block, and then publishes the references, before which no handler takes part. */
    private void publish(Block block) {
        int flags = lock.lock(Waiter.current());
        link(block);
        takeReferences(block);
        lock.unlock(Waiter.current(), flags);
    }

    private void link(Block block) {
        if (!block.locked) {
            Exploring.broken(STALE, Cpu.currentOrNull() + " links " + block + ", which is not locked",
                    List.of());
        }
        block.next = head;
        block.linked = true;
        head = block;
    }

    /** Counts the CPUs that are to answer. */
    private void takeReferences(Block block) {
        block.refs.set(Integer.bitCount(block.mask.get()));
    }

    private void handle() {
        walk(head);
    }

    /**
     * Walks the list from a block on, as a handler does that read the link to it before. Context: IRQs off.
     *
     * @param first the block, perhaps no longer on the list
     */
    public void walk(Block first) {
        Block next;
        for (Block block = first; block != null; block = next) {
            next = block.next; // before the last target gives the block back to its sender
            serve(block);
        }
    }

    private void serve(Block block) {
        int bit = 1 << Cpu.current().id;
        if ((block.mask.getOpaque() & bit) == 0) {
            return;
        }
        VarHandle.loadLoadFence(); // pairs with that in fill
        if (!isReferenced(block)) {
            return;
        }
        if ((block.mask.getAndUpdate(mask -> mask & ~bit) & bit) == 0) {
            return;
        }
        String func = block.func;
        Exploring.note(() -> Cpu.current() + " runs " + func);
        drop(block);
    }

    private boolean isReferenced(Block block) {
        return block.refs.getOpaque() != 0;
    }

    private void drop(Block block) {
        int left = block.refs.decrementAndGet();
        if (left < 0) {
            Exploring.broken(UNDERFLOW, Cpu.current() + " drops a reference of " + block.func
                    + " that its sender has not taken", List.of());
        }
        if (left == 0) {
            int flags = lock.lock(Waiter.current());
            unlink(block);
            lock.unlock(Waiter.current(), flags);
            block.locked = false;
        }
    }

    private void unlink(Block block) {
        if (!block.linked) {
            String name = block.toString(); // a step, whether this run is recorded or not
            Exploring.note(() -> Cpu.current() + " takes " + name + " off the list, where it is not");
            return;
        }
        block.linked = false;
        if (head == block) {
            head = block.next;
            return;
        }
        for (Block each = head; each != null; each = each.next) {
            if (each.next == block) {
                each.next = block.next; // walkers that stand on the block go on from its own link
                return;
            }
        }
    }
}
