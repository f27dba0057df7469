package org.smp4j.race;

/** The weakest memory model in which a race shows. */
public enum MemoryModel {
    /** Not even two CPUs are needed: a slip of logic. */
    SEQ,
    /** Sequentially consistent steps suffice. */
    SC,
    /** A store buffer: a store and a later load of another location change places. */
    TSO,
    /** Two loads, or two stores, change places. */
    WEAK,
    /** The compiler moves, splits or repeats a plain access. */
    COMPILER
}
