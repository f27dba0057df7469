package org.smp4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.Timeouts;

/**
 * A test that runs under many interleavings, one step at a time. The method either takes a booted
 * {@link org.smp4j.Machine}, on whose CPUs it starts tasks with {@link org.smp4j.Machine#spawn}; or it takes nothing,
 * and is an ordinary test that starts threads. Every schedule has its own object, with its own {@code @BeforeEach} and
 * {@code @AfterEach}. With a machine, {@code @AfterEach} runs when all spawned tasks have ended and nothing more
 * happens: it is the place to check the outcome. Assertions are enabled in all explored classes, whatever the JVM's
 * options. Any exception on any thread, a deadlock, a livelock, and each warning of the machine fails the test, with
 * the shortest interleaving found and a token. {@code -Dsmp4j.replay=TOKEN} then runs only that interleaving; add
 * {@code -Dsmp4j.strands=threads} to step through it in a debugger. What the test prints is not shown.
 *
 * <p>The explorer loads the test's class once more: static fields that {@code @BeforeAll} sets, and fields that other
 * extensions fill, are not set in that copy.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@ExtendWith(ExploreExtension.class)
public @interface Explore {
    /** {@return the number of CPUs of the machine} */
    int cpus() default 3;

    /** {@return the maximum number of schedules} */
    long schedules() default 10_000;

    /** {@return after how many seconds it ends, shrinking included; 0 for no limit} */
    int seconds() default 0;

    /**
     * {@return how schedules are chosen: {@code portfolio}, {@code random}, {@code pct}, {@code pos}, {@code surw},
     * {@code starvation}, {@code dpor}, ...}
     */
    String strategy() default "portfolio";

    /** {@return the seed of the schedules; the same seed gives the same schedules} */
    long seed() default 1;

    /**
     * {@return a bound, up to 9: explores all schedules with at most so many departures from the default one; -1 for
     * none, so that {@link #strategy} decides}
     */
    int preemptions() default -1;

    /**
     * {@return the memory model: which values a read may return}
     */
    MemoryModel memory() default MemoryModel.SC;

    /**
     * {@return the packages and classes of the JDK within whose calls threads can switch: {@code java.util.concurrent},
     * {@code java.util.concurrent.locks}, or classes of these; any other call is one step up to where it blocks or
     * calls back}
     */
    String[] inside() default {};

    /**
     * {@return the packages of libraries that are explored although they are left as they are by default; for those
     * that take or return classes of {@code java.util.concurrent}}
     */
    String[] rewrite() default {};

    /** {@return which timeouts may fire although a thread can go on; by default those below a second} */
    Timeouts timeouts() default Timeouts.SHORT;

    /**
     * {@return whether a thread that waits or is parked may wake up, and a weak compare-and-set fail, without a cause,
     * as the JDK allows}
     */
    boolean spurious() default false;

    /** {@return whether a write may land before newer ones of its field; with {@link MemoryModel#JAVA} only} */
    boolean insertion() default false;

    /**
     * {@return whether a read may return an older value than an earlier one of the same thread and field, if one of
     * them is plain; with {@link MemoryModel#JAVA} only}
     */
    boolean incoherentReads() default false;

    /** {@return whether each schedule draws what random generators without a seed return, else always the same} */
    boolean randomValues() default false;

    /** {@return whether two unordered accesses to a plain field also fail the test} */
    boolean dataRaces() default false;

    /** {@return the maximum number of steps of a schedule} */
    int stepLimit() default 100_000;

    /** {@return further boot parameters of the machine, as on a kernel command line} */
    String params() default "";
}
