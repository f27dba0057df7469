package org.smp4j.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test on a machine of real threads. The method takes a booted {@link org.smp4j.Machine}. The test is over when the
 * method has returned and every task spawned on the machine has ended; then the machine is closed. A warning of the
 * machine fails the test, including a task that throws; so does a hang, with the contexts, queues and stacks of all
 * CPUs.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Test
@ExtendWith(SmpTestExtension.class)
public @interface SmpTest {
    /** {@return the number of CPUs of the machine} */
    int cpus() default 4;

    /** {@return further boot parameters, as on a kernel command line} */
    String params() default "";

    /**
     * {@return after how many seconds the test counts as hung, and is reported as such; tasks that take no interrupt
     * are left running}
     */
    int timeout() default 60;
}
