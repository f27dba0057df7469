package org.smp4j.explore.verdict;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.smp4j.explore.model.Timeouts;

/**
 * The verdict that each search must give of a program: a public class, nested in one that {@link VerdictTest} lists.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Gives {
    /** {@return the verdict} */
    Verdict value();

    /** {@return what the report or the refusal must also say} */
    String[] saying() default {};

    /** {@return what the report must not say} */
    String[] notSaying() default {};

    /** {@return which searches; each that applies to the program} */
    String[] by() default {"portfolio", "dpor", "bound2"};

    /** {@return how many schedules at most} */
    int schedules() default 1000;

    /** {@return which timeouts may fire although a thread can go on} */
    Timeouts timeouts() default Timeouts.SHORT;

    /** {@return whether waits may end without a cause} */
    boolean spurious() default false;

    /** {@return whether values that no seed decides are drawn} */
    boolean random() default false;
}
