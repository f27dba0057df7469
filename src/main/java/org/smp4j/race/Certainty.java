package org.smp4j.race;

/** How certain it is that a hash belongs to a fix. */
public enum Certainty {
    /** The commit's own text was read together with its hash. */
    VERIFIED,
    /** Hash and title were seen together; the story is from memory. */
    TITLE_ONLY,
    /** From memory. */
    MEMORY,
    /** There is no hash: the race was smp4j's own, not the kernel's. */
    OWN
}
