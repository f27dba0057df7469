package org.smp4j.race;

import org.smp4j.weave.Weave;

/**
 * A race that the Linux kernel had, as a scenario to explore. As it is written it is the fixed variant; {@link #bug}
 * makes it the buggy one when the classes are loaded.
 *
 * <p>Adding one takes a public class in a package below {@code org.smp4j.race.gallery} and nothing else: it implements
 * this, extends a scenario of {@link org.smp4j.scenario}, has a public constructor without parameters, and is annotated
 * with {@link RaceFacts}. The last part of the package's name is the race's floor. What several races share is in
 * {@link org.smp4j.race.block}.
 */
public interface Race extends Runnable {
    /**
     * {@return what has to be taken away, moved or put in to have the race back: in the kernel, or in the scenario
     * itself where that is at fault}
     */
    Weave bug();

    /**
     * {@return what both variants need and the kernel here lacks, for example softirqs; by default nothing}
     */
    default Weave parts() {
        return Weave.nothing();
    }
}
