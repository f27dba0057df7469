package org.smp4j.linear;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The values of a parameter of an {@link Operation}: whole numbers. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Range {
    /** {@return the lowest} */
    long from() default 1;

    /** {@return the highest; at most 1000 more than the lowest} */
    long to() default 3;
}
