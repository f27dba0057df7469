package org.smp4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that the operations of its class are linearizable. The class has methods marked with
 * {@link org.smp4j.linear.Operation}. Programs of these operations are drawn, on several threads, and each is run under
 * many interleavings; every outcome must be one of a sequential run of the same operations. Each run makes an object of
 * the class with its constructor, and calls the test method at its end, on that object: an assertion about the final
 * state stands there; mostly the method is empty. The first outcome that is not right fails the test, with the smallest
 * program and interleaving found, and a token. {@code -Dsmp4j.replay=TOKEN} then runs only that interleaving; add
 * {@code -Dsmp4j.strands=threads} to step through it in a debugger.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@ExtendWith(LinearizableExtension.class)
public @interface Linearizable {
    /** {@return the number of threads, up to 4} */
    int threads() default 2;

    /** {@return the number of operations of each thread, up to 8} */
    int operations() default 3;

    /** {@return the maximum number of operations before the threads start, up to 8} */
    int before() default 2;

    /** {@return the maximum number of operations after the threads have ended, up to 8} */
    int after() default 2;

    /** {@return the maximum number of programs} */
    int programs() default 100;

    /** {@return the maximum number of schedules of each program} */
    long schedules() default 1000;

    /** {@return after how many seconds it ends, shrinking included; 0 for no limit} */
    int seconds() default 0;

    /**
     * {@return how schedules are chosen: {@code portfolio}, {@code random}, {@code pct}, ...; or all schedules of each
     * program: {@code dpor}, {@code bound2}, ...}
     */
    String strategy() default "portfolio";

    /** {@return the seed of programs and schedules; the same seed gives the same} */
    long seed() default 1;

    /** {@return whether an operation that ended before another one began must also take effect before it} */
    boolean realTime() default true;

    /** {@return a class with the same methods, whose sequential runs say what is right; by default the test's own} */
    Class<?> specification() default void.class;

    /**
     * {@return the packages of libraries that are explored although they are left as they are by default; for those
     * that take or return classes of {@code java.util.concurrent}}
     */
    String[] rewrite() default {};

    /** {@return whether two unordered accesses to a plain field also fail the test} */
    boolean dataRaces() default false;

    /** {@return the maximum number of steps of a schedule} */
    int stepLimit() default 100_000;
}
