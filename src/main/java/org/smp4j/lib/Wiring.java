package org.smp4j.lib;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what the floors of a machine call on each other, public only because each floor is a package: what installs one
 * floor in another, and steps of a protocol whose caller sees to what the protocol demands. Programs and tests that use
 * a machine do not call it: a call at the wrong moment leaves the machine unusable. No kernel counterpart.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Wiring {
}
