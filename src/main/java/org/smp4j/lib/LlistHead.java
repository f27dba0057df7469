package org.smp4j.lib;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock-less, NULL-terminated, singly linked, last-in-first-out list; mirrors {@code struct llist_head} of
 * {@code include/linux/llist.h}.
 *
 * <p>It allocates nothing: the entries carry the links. Context of every operation: any, IRQs on or off.
 */
public class LlistHead {
    /*
     * Which operations may race with which without a lock ("-": no lock needed, "L": both sides hold one lock):
     *
     *              | add | delFirst | delAll
     *   -----------+-----+----------+-------
     *   add        |  -  |    -     |   -
     *   delFirst   |     |    L     |   L
     *   delAll     |     |          |   -
     *
     * delFirst against delFirst or delAll: one drainer reads first.next; another detaches first, and an adder adds that
     * node again; the first drainer's compare-and-set on an unchanged "first" then installs a stale successor (ABA). A
     * garbage collector prevents this for fresh nodes only; intrusive nodes are reused. delFirstThis needs no lock
     * against itself if all callers pass different nodes.
     */
    private static final VarHandle FIRST = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "first", VarHandle.class, LlistHead.class, LlistNode.class);

    // Written by: every adder and every drainer.
    // Read by: the same; any thread through isEmpty().
    // Ordering: volatile read-modify-writes (a full fence in the kernel); delFirst's load is an acquire; isEmpty() is
    // opaque.
    private LlistNode first;

    /**
     * Adds one entry; mirrors {@code llist_add}.
     *
     * @param node an entry that is on no list
     * @return true if the list was empty when the entry was added; exactly one adder of a batch gets true
     */
    public final boolean add(LlistNode node) {
        return addBatch(node, node);
    }

    /**
     * Adds a chain of entries at once; mirrors {@code llist_add_batch}.
     *
     * @param newFirst the chain's first entry, the new first entry of the list
     * @param newLast the chain's last entry
     * @return as {@link #add}
     */
    public final boolean addBatch(LlistNode newFirst, LlistNode newLast) {
        LlistNode old = (LlistNode) FIRST.getOpaque(this);
        for (;;) {
            newLast.next = old;
            LlistNode seen = (LlistNode) FIRST.compareAndExchange(this, old, newFirst);
            if (seen == old) {
                return old == null;
            }
            old = seen;
        }
    }

    /**
     * Adds one entry to a head that no other thread can reach; mirrors {@code __llist_add}.
     *
     * @param node an entry that is on no list
     * @return true if the list was empty
     */
    public final boolean addPrivate(LlistNode node) {
        return addBatchPrivate(node, node);
    }

    /**
     * Adds a chain to a head that no other thread can reach; mirrors {@code __llist_add_batch}.
     *
     * @param newFirst the chain's first entry
     * @param newLast the chain's last entry
     * @return true if the list was empty
     */
    public final boolean addBatchPrivate(LlistNode newFirst, LlistNode newLast) {
        newLast.next = first;
        first = newFirst;
        return newLast.next == null;
    }

    /** {@return the detached chain, newest entry first, or null; mirrors {@code llist_del_all}} */
    public final LlistNode delAll() {
        return (LlistNode) FIRST.getAndSet(this, (LlistNode) null);
    }

    /** {@return the detached chain of a head that no other thread can reach; mirrors {@code __llist_del_all}} */
    public final LlistNode delAllPrivate() {
        LlistNode chain = first;
        first = null;
        return chain;
    }

    /**
     * {@return the newest entry, removed from the list, or null; see the class's table for the lock it needs; mirrors
     * {@code llist_del_first}}
     */
    public final LlistNode delFirst() {
        // pairs with the adder's compare-and-set: node.next is visible
        LlistNode node = (LlistNode) FIRST.getAcquire(this);
        while (node != null) {
            LlistNode seen = (LlistNode) FIRST.compareAndExchange(this, node, node.next);
            if (seen == node) {
                return node;
            }
            node = seen;
        }
        return null;
    }

    /** {@return as {@link #delFirst}, with the entry linked to itself; mirrors {@code llist_del_first_init}} */
    public final LlistNode delFirstInit() {
        LlistNode node = delFirst();
        if (node != null) {
            node.init();
        }
        return node;
    }

    /**
     * Removes an entry if it is the newest; mirrors {@code llist_del_first_this}. Callers may race if all pass
     * different entries.
     *
     * @param node the entry
     * @return true if it was the newest one and was removed
     */
    public final boolean delFirstThis(LlistNode node) {
        LlistNode seen = (LlistNode) FIRST.getAcquire(this); // pairs with the adder's compare-and-set
        while (seen == node) {
            seen = (LlistNode) FIRST.compareAndExchange(this, node, node.next);
            if (seen == node) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether the list is empty, a hint that may be stale at once; mirrors {@code llist_empty}} */
    public final boolean isEmpty() {
        return FIRST.getOpaque(this) == null;
    }

    /** {@return the newest entry, left on the list, or null; may be stale at once; for reports only} */
    public final LlistNode peekFirst() {
        return (LlistNode) FIRST.getAcquire(this);
    }
}
