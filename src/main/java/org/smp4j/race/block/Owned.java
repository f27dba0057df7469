package org.smp4j.race.block;

import org.smp4j.scenario.oracle.Oracles;

/** Memory with an owner that frees it; every use after that breaks the rule "use after release". */
public final class Owned {
    private final String name;
    // Written by: nothing; it stands for the contents. Read by: users. Ordering: volatile.
    private volatile int contents;

    /**
     * Memory in use.
     *
     * @param name its name in reports
     */
    public Owned(String name) {
        this.name = name;
    }

    /** {@return its contents: a use} */
    public int use() {
        return contents;
    }

    /** Frees it. */
    public void free() {
        Oracles.freed(this);
    }

    @Override
    public String toString() {
        return name;
    }
}
