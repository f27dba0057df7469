package org.smp4j.cli.terminal;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Ctrl-C and the like: the first signal asks the command to end in order, the second ends the process at once. A
 * shutdown hook could not distinguish the second from the first.
 */
public final class Signals {
    private static final int EXIT_BY_SIGNAL = 128;
    private static final long QUIET_MILLIS = 2000;
    private static final long PATIENCE_SECONDS = 300;

    private final StopRequest stop;
    private final Consumer<String> remark;
    private final AtomicBoolean seen = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    public Signals(StopRequest stop, Consumer<String> remark) {
        this.stop = stop;
        this.remark = remark;
    }

    /** Installs the handlers. A signal that this process was started to ignore stays ignored. */
    public void install() {
        try {
            // By reflection: the compiler warns about this class, and there is no replacement.
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Constructor<?> named = signal.getConstructor(String.class);
            Method handle = signal.getMethod("handle", signal, handler);
            Method number = signal.getMethod("getNumber");
            for (String name : new String[] {"INT", "TERM", "HUP"}) {
                Object one = named.newInstance(name);
                int code = EXIT_BY_SIGNAL + (int) number.invoke(one);
                handle.invoke(null, one, Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler},
                        (proxy, method, args) -> {
                    switch (method.getName()) {
                        case "handle" -> take(code);
                        case "equals" -> {
                            return proxy == args[0];
                        }
                        case "hashCode" -> {
                            return System.identityHashCode(proxy);
                        }
                        default -> {
                            return name;
                        }
                    }
                    return null;
                }));
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            remark.accept("smp4j: can't handle Ctrl-C, which will end the process at once: " + e);
        }
    }

    /** Handles a signal; each signal has a thread of its own. */
    private void take(int code) throws InterruptedException {
        if (!seen.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(code);
        }
        stop.make();
        if (!ended.await(QUIET_MILLIS, TimeUnit.MILLISECONDS)) {
            remark.accept("smp4j: ending; Ctrl-C again ends it at once");
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                remark.accept("smp4j: did not end within " + PATIENCE_SECONDS + " s");
                Runtime.getRuntime().halt(code);
            }
        }
    }

    /** Records that the command has ended. */
    public void over() {
        ended.countDown();
    }
}
