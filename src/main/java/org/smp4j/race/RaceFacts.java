package org.smp4j.race;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The facts about a race that the Linux kernel or smp4j had, and about its fix. Annotates a {@link Race}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RaceFacts {
    /** {@return its short name, in lower case with dashes} */
    String slug();

    /** {@return the fix's title} */
    String title();

    /** {@return the fix's hash, twelve digits; empty if it is unknown, or the race is our own} */
    String hash() default "";

    /** {@return how sure the hash is} */
    Certainty certainty();

    /** {@return the year of the fix} */
    int year();

    /** {@return the weakest memory model in which it shows} */
    MemoryModel model() default MemoryModel.SC;

    /** {@return how many CPUs it takes} */
    int cpus();

    /** {@return the rules that it breaks, by the names that the oracles give them; the first is the most telling} */
    String[] breaks();

    /** {@return what one sees of it, in a few words} */
    String symptom();

    /** {@return parts of lines that the report of the buggy variant has, in this order: the decisive steps} */
    String[] shows();

    /** {@return how it comes about and what the fix does, in our own words} */
    String story();

    /** {@return the strategy that clears the fixed variant: an exhaustive one where that comes to an end} */
    String proof() default "dpor";
}
