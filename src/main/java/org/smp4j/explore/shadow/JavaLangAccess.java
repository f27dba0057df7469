package org.smp4j.explore.shadow;

/** Stands in for the JDK's internal interface of that name. */
public interface JavaLangAccess {
    default Thread currentCarrierThread() {
        return Thread.currentThread();
    }

    default void start(Thread thread, ThreadContainer container) {
        thread.start();
    }
}
