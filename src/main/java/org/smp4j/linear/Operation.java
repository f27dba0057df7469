package org.smp4j.linear;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An operation of the object under test. Programs call it with values of its parameters: those of {@link Range} or
 * {@link Values}; without an annotation all constants of an enum, both booleans, and small numbers. What it returns or
 * throws is compared by {@code equals}, an exception by its class. A failing {@code assert} is a failure, not a result.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Operation {
    /**
     * {@return whether it may wait for another operation: then a run in which it waits for ever is right if it also
     * waits in a sequential run}
     */
    boolean blocking() default false;

    /**
     * {@return the name of a group of operations that only one thread at a time may call, for example {@code consumer};
     * empty for none}
     */
    String nonParallel() default "";
}
