package org.smp4j.race;

import org.smp4j.weave.Weave;

/**
 * A race that the Linux kernel had, as a scenario to explore. As it is written it is the fixed variant; {@link #bug}
 * makes it the buggy one when the classes are loaded.
 *
 * <p>Adding one takes a public class in {@code org.smp4j.race.gallery} and nothing else: it implements this, extends a
 * scenario of {@link org.smp4j.scenario}, has a public constructor without parameters, and is annotated with
 * {@link RaceFacts}.
 */
public interface Race extends Runnable {
    /**
     * {@return what has to be taken away, moved or put in to have the race back: in the kernel, or in the scenario
     * itself where that is at fault}
     */
    Weave bug();
}
