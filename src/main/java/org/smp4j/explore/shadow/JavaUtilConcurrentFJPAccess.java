package org.smp4j.explore.shadow;

/** Stands in for the JDK's internal interface of that name, which only other parts of the JDK call. */
public interface JavaUtilConcurrentFJPAccess {
}
