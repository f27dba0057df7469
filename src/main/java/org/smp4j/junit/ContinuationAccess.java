package org.smp4j.junit;

import java.util.concurrent.atomic.AtomicBoolean;
import org.smp4j.explore.coroutine.Coroutine;

/** Says once in a JVM that it gives no access to continuations, and how a build gives it. */
final class ContinuationAccess {
    private static final AtomicBoolean SAID = new AtomicBoolean();

    private ContinuationAccess() {
    }

    /** Called before each exploration that would use continuations. */
    static void sayIfMissing() {
        if (Coroutine.best() == Coroutine.Kind.THREAD && !SAID.getAndSet(true)) {
            System.out.println("smp4j: this JVM does not export jdk.internal.vm, so every strand is a thread and "
                    + "exploring is slow; add to the configuration of maven-surefire-plugin: <argLine>"
                    + Coroutine.ACCESS + "</argLine>");
        }
    }
}
