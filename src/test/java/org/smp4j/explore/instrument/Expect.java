package org.smp4j.explore.instrument;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which hooks a method calls, in order, each with the mode of its site: R W ? (conditional) a(cquire) r(elease)
 * p(lain).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Expect {
    String[] value();
}
