package org.smp4j.junit;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.smp4j.Machine;
import org.smp4j.Sysrq;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.Warnings;

/** Runs methods marked with {@link SmpTest}. */
final class SmpTestExtension implements InvocationInterceptor, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(SmpTestExtension.class);
    private static final int LAST_LINES = 200;
    private static final long MOMENT_MILLIS = 500; // for threads to end after a hang

    /** A machine, its log, and its tasks. */
    private static final class Booted {
        final Queue<String> log = new ConcurrentLinkedQueue<>();
        final SpawnedTasks threads = new SpawnedTasks();
        final Machine machine;

        Booted(SmpTest test) {
            machine = Machine.boot(BootParams.cpus(test.cpus()).with("idle=halt pin=none")
                    .with(test.params()), log::add, null, threads);
        }

        String lastLines() {
            List<String> lines = List.copyOf(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        }
    }

    SmpTestExtension() {
    }

    static boolean isTest(Method method) {
        return AnnotationSupport.isAnnotated(method, SmpTest.class);
    }

    private static SmpTest annotation(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), SmpTest.class).orElseThrow();
    }

    private static Booted booted(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(method, _ -> new Booted(annotation(context)), Booted.class);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Machine.class && context.getTestMethod().isPresent();
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return booted(context).machine;
    }

    /** Runs the test on a thread of its own, because a test that hangs never returns. */
    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> call,
            ExtensionContext context) throws Throwable {
        Method method = call.getExecutable();
        if (call.getArguments().stream().noneMatch(Machine.class::isInstance)) {
            invocation.skip();
            throw new IllegalArgumentException("@SmpTest " + method.getName()
                    + " must take a Machine; use @Test for a test without one");
        }
        Booted booted = booted(context);
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(() -> {
            try {
                invocation.proceed();
                booted.threads.await();
            } catch (Throwable e) {
                thrown[0] = e;
            }
        }, "test-" + method.getName());
        thread.setDaemon(true);
        thread.start();
        int seconds = annotation(context).timeout();
        boolean hangs = !thread.join(Duration.ofSeconds(seconds));
        if (hangs) {
            AssertionError failure = hang(booted, thread, seconds);
            booted.machine.closeWithin(MOMENT_MILLIS); // a task that takes no interrupt would make the report come late
            throw failure;
        }
        try {
            booted.machine.close();
        } catch (IllegalStateException e) {
            throw new AssertionError(e.getMessage(), e);
        }
        AssertionError warned = warned(booted);
        if (thrown[0] != null) {
            if (warned != null) {
                thrown[0].addSuppressed(warned);
            }
            throw thrown[0];
        }
        if (warned != null) {
            throw warned;
        }
    }

    private static AssertionError hang(Booted booted, Thread thread, int seconds) throws InterruptedException {
        Sysrq.showAllCpus(booted.machine);
        Sysrq.showTasks(booted.machine);
        StringBuilder text =
                new StringBuilder("not done after " + seconds + " s\n" + booted.lastLines() + "\n" + thread.getName()
                + ":\n");
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("    at ").append(frame).append('\n');
        }
        booted.machine.cpus().lifetime.close();
        thread.interrupt();
        thread.join(MOMENT_MILLIS);
        return new AssertionError(text.toString());
    }

    private static AssertionError warned(Booted booted) {
        List<Warnings.Warning> warnings = booted.machine.warnings().list();
        if (warnings.isEmpty() && booted.machine.watchdog().lockups() == 0) {
            return null;
        }
        AssertionError failure =
                new AssertionError("the machine warned: " + (warnings.isEmpty() ? "lockup" : warnings) + "\n"
                + booted.lastLines());
        warnings.stream().map(Warnings.Warning::cause).filter(cause -> cause != null).forEach(failure::addSuppressed);
        return failure;
    }
}
