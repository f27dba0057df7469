package org.smp4j.campaign.work;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * A kind of work, cut into units. Each unit has a seed of its own, and no unit depends on another one, so the shards of
 * a campaign can run them anywhere and in any order. In a manifest a work is a JSON object; {@code kind} is its type.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ExploreWork.class, name = "explore"),
    @JsonSubTypes.Type(value = RaceWork.class, name = "race"),
    @JsonSubTypes.Type(value = FuzzWork.class, name = "fuzz"),
    @JsonSubTypes.Type(value = TortureWork.class, name = "torture"),
    @JsonSubTypes.Type(value = JcstressWork.class, name = "jcstress")})
public sealed interface Work permits ExploreWork, RaceWork, FuzzWork, TortureWork, JcstressWork {
    /** {@return what it does, in a few words that no other work of a manifest has} */
    String title();

    /** {@return the seed of the first unit; the others follow} */
    long firstSeed();

    /** {@return how many units it has, at least 1} */
    int seeds();

    /**
     * Checks what can be known before it runs.
     *
     * @throws IllegalArgumentException if it can't be run; the message says what is wrong
     */
    void check();

    /**
     * Runs one unit.
     *
     * @param seed the seed of the unit
     * @param host what it needs of the process
     * @param pages takes the pages of its failures
     * @return its result; if {@link Host#stopped} is set meanwhile, the result says nothing
     */
    UnitResult run(long seed, Host host, Pages pages);
}
