package org.smp4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that is run under many interleavings, one step at a time. The method takes a booted {@link org.smp4j.Machine},
 * on whose CPUs it starts tasks with {@link org.smp4j.Machine#spawn}; or nothing, and is an ordinary test that starts
 * threads. Every schedule has an object of its own, with its own {@code @BeforeEach} and {@code @AfterEach}; a
 * machine's {@code @AfterEach} comes when all that was spawned has ended and nothing more happens: it is the place to
 * look at what came of it. Assertions are on in all that is explored, whatever options the JVM has. Whatever is thrown
 * anywhere, a deadlock, a livelock, and each warning of the machine fails the test, with the shortest interleaving that
 * was found and a token; {@code -Dsmp4j.replay=TOKEN} then runs that one only, with {@code -Dsmp4j.strands=threads} so
 * that a debugger can step through it. What it prints is not shown.
 *
 * <p>The test's class is loaded once more for this: static fields that {@code @BeforeAll} sets, and fields that other
 * extensions fill, are not set there.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@ExtendWith(ExploreExtension.class)
public @interface Explore {
    /** {@return how many CPUs the machine has} */
    int cpus() default 3;

    /** {@return how many schedules are run at most} */
    long schedules() default 10_000;

    /** {@return after how many seconds it ends, shrinking counted in; 0 for never} */
    int seconds() default 0;

    /**
     * {@return which schedules: {@code portfolio}, {@code random}, {@code pct}, {@code pos}, {@code surw}, {@code
     * starvation}, {@code dpor}, ...}
     */
    String strategy() default "portfolio";

    /** {@return what decides the schedules; the same seed makes the same ones} */
    long seed() default 1;

    /**
     * {@return a bound: all schedules with at most so many departures from the default one, up to 9; by default none,
     * and {@link #strategy} counts}
     */
    int preemptions() default -1;

    /** {@return whether two unordered accesses to a plain field fail the test too} */
    boolean dataRaces() default false;

    /** {@return how many steps a schedule may have} */
    int stepLimit() default 100_000;

    /** {@return more boot parameters of the machine, as on a kernel's command line} */
    String params() default "";
}
