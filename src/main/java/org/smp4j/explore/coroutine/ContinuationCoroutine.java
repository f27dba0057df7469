package org.smp4j.explore.coroutine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** A coroutine on the JDK's internal continuations; the JVM must have been started with {@link #ACCESS}. */
final class ContinuationCoroutine extends Coroutine {
    // Constants, so that the compiler inlines the calls; null where the package is not exported.
    private static final MethodHandle NEW;
    private static final MethodHandle RUN;
    private static final MethodHandle YIELD;
    private static final MethodHandle STACK;

    static {
        MethodHandle create = null;
        MethodHandle run = null;
        MethodHandle yield = null;
        MethodHandle stack = null;
        try {
            Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
            Class<?> scopeClass = Class.forName("jdk.internal.vm.ContinuationScope");
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Object scope = lookup.findConstructor(scopeClass, MethodType.methodType(void.class, String.class))
                    .invoke("strand");
            MethodHandle constructor = lookup.findConstructor(continuation,
                    MethodType.methodType(void.class, scopeClass, Runnable.class));
            create = MethodHandles.insertArguments(constructor, 0, scope)
                    .asType(MethodType.methodType(Object.class, Runnable.class));
            run = lookup.findVirtual(continuation, "run", MethodType.methodType(void.class))
                    .asType(MethodType.methodType(void.class, Object.class));
            yield = MethodHandles.insertArguments(
                    lookup.findStatic(continuation, "yield", MethodType.methodType(boolean.class, scopeClass)), 0,
                    scope);
            stack = lookup.findVirtual(continuation, "getStackTrace", MethodType.methodType(StackTraceElement[].class))
                    .asType(MethodType.methodType(StackTraceElement[].class, Object.class));
        } catch (IllegalAccessException e) {
            create = null; // not exported: ThreadCoroutine is used
        } catch (Throwable e) {
            throw new ExceptionInInitializerError(e);
        }
        NEW = create;
        RUN = run;
        YIELD = yield;
        STACK = stack;
    }

    private final Object continuation;
    private boolean abandoned;

    ContinuationCoroutine() {
        try {
            continuation = (Object) NEW.invokeExact((Runnable) this::loop);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean available() {
        return YIELD != null;
    }

    private void loop() {
        for (;;) {
            body.run();
            finished = true;
            suspend();
        }
    }

    @Override
    public void resume() {
        finished = false;
        try {
            RUN.invokeExact(continuation);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void suspend() {
        try {
            boolean ignored = (boolean) YIELD.invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Drops the body: its frames are garbage, and no finally block runs. */
    @Override
    public void abandon() {
        abandoned = true;
    }

    @Override
    public StackTraceElement[] stack() {
        try {
            return (StackTraceElement[]) STACK.invokeExact(continuation);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean reusable() {
        return finished && !abandoned;
    }
}
