package org.smp4j.linear;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method without parameters that returns the state of the object under test, for example the elements of a queue as a
 * list. It is called at the end of each run, after all operations, and what it returns must be equal to that of a
 * sequential run.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface State {
}
