package org.smp4j.lib;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The link that an entry of a {@link LlistHead} carries; mirrors {@code struct llist_node} of
 * {@code include/linux/llist.h}. An entry extends this class, and a cast stands where the kernel has
 * {@code container_of}.
 */
public class LlistNode {
    private static final VarHandle NEXT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "next", VarHandle.class, LlistNode.class, LlistNode.class);

    // Written by: the adder before the node is on a list; the drainer once the chain is detached.
    // Read by: the drainer; any thread through onList().
    // Ordering: plain, published by the head's compare-and-set; onList() is an opaque hint.
    LlistNode next;

    /** {@return the entry after this one, or null; only on a detached chain} */
    public final LlistNode next() {
        return next;
    }

    /**
     * Links this node to another one; only on a detached chain.
     *
     * @param node the new successor, or null for the end
     */
    public final void setNext(LlistNode node) {
        next = node;
    }

    /** Links the node to itself, which marks it as on no list; mirrors {@code init_llist_node}. */
    public final void init() {
        NEXT.setOpaque(this, this);
    }

    /**
     * Tells whether the node is on a list; mirrors {@code llist_on_list}.
     *
     * @return meaningful only for nodes that {@link #init} and {@link LlistHead#delFirstInit} keep self-linked while
     *         they are on no list
     */
    public final boolean onList() {
        return NEXT.getOpaque(this) != this;
    }

    /**
     * Reverses a detached chain in place; mirrors {@code llist_reverse_order}.
     *
     * @param chain newest entry first, as {@link LlistHead#delAll} gives it, or null
     * @return the same entries, oldest first
     */
    public static LlistNode reverseOrder(LlistNode chain) {
        LlistNode reversed = null;
        while (chain != null) {
            LlistNode rest = chain.next;
            chain.next = reversed;
            reversed = chain;
            chain = rest;
        }
        return reversed;
    }
}
