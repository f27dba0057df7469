package org.smp4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smp4j.fuzz.grammar.Productions;

/**
 * Makes a test method explore programs that are made by machine, with operations of the kernel and of an API on top of
 * it. The method itself does not run. On a class that implements {@link FuzzTests} it does so for the test that the
 * class inherits, and the class has the operations; other tests of that class are as usual.
 *
 * <p>If a program fails, it is made small; the message has the program, the interleaving, a token, and the source of a
 * test that explores this program alone. {@code -Dsmp4j.replay=TOKEN} then runs only that interleaving.
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@ExtendWith(FuzzExtension.class)
public @interface Fuzz {
    /** {@return what programs are about: {@code call}, {@code sched}, {@code stop}, {@code hotplug} or {@code all}} */
    String floor() default "all";

    /** {@return the number of programs} */
    long programs() default 100;

    /** {@return the seed of the programs; the same seed gives the same programs} */
    long seed() default 1;

    /** {@return the number of schedules of each program; 0 for one that suits it} */
    long schedules() default 0;

    /** {@return whether every program has illegal uses, each of which has to end as its production says} */
    boolean misuse() default false;

    /** {@return classes with more productions; public, with a constructor without parameters} */
    Class<? extends Productions>[] productions() default {};
}
