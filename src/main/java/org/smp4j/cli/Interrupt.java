package org.smp4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Ctrl-C: asks what runs to end in order, waits until it has, and exits with its code. */
final class Interrupt {
    private static final long PATIENCE_SECONDS = 300;

    private static final CountDownLatch ENDED = new CountDownLatch(1);
    private static final AtomicInteger CODE = new AtomicInteger(130); // killed by SIGINT, as shells have it

    private Interrupt() {
    }

    /**
     * Installs what Ctrl-C does.
     *
     * @param stop asks what runs to end soon
     * @return the hook, for {@link #remove}
     */
    static Thread install(Runnable stop) {
        Thread hook = new Thread(() -> {
            stop.run();
            try {
                if (ENDED.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    Runtime.getRuntime().halt(CODE.get());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "ctrl-c");
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already; it waits for end().
        }
    }

    /**
     * Says that the program is about to exit.
     *
     * @param code its exit code
     */
    static void end(int code) {
        CODE.set(code);
        ENDED.countDown();
    }
}
