package org.smp4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test on a machine of real threads. The method takes a booted {@link org.smp4j.Machine}; it is over when it has
 * returned and every task has ended that was spawned on the machine, which is closed then. A warning of the machine
 * fails it, a task that throws among them; so does a hang, with the contexts, queues and stacks of all CPUs.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@ExtendWith(SmpTestExtension.class)
public @interface SmpTest {
    /** {@return how many CPUs the machine has} */
    int cpus() default 4;

    /** {@return more boot parameters, as on a kernel's command line} */
    String params() default "";

    /**
     * {@return after how many seconds it counts as a hang, which is said then: tasks that take no interrupt are left
     * behind}
     */
    int timeout() default 60;
}
