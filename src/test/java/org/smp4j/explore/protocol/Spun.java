package org.smp4j.explore.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A thread that spins is woken by the last of three writes, and reads the other two, of which the second may be seen
 * without the first. Each of its runs wakes it: the writes come after its last step before the spin.
 */
public final class Spun implements Runnable {
    private static final VarHandle GO = handle("go");
    private static final VarHandle FIRST = handle("first");
    private static final VarHandle SECOND = handle("second");
    private static final VarHandle LAST = handle("last");

    private int go;
    private int first;
    private int second;
    private int last;

    private static VarHandle handle(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Spun.class, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public void run() {
        Small.run(() -> {
            while ((int) GO.getVolatile(this) == 0) {
                Thread.onSpinWait();
            }
            FIRST.setOpaque(this, 1);
            SECOND.setOpaque(this, 1);
            LAST.setOpaque(this, 1);
        }, () -> {
            for (boolean spins = (int) LAST.getOpaque(this) == 0; spins; spins = false) {
                GO.setVolatile(this, 1);
                Thread.onSpinWait();
            }
            if ((int) SECOND.getOpaque(this) == 1 && (int) FIRST.getOpaque(this) == 0) {
                throw new IllegalStateException("the second, but not the first");
            }
        });
    }
}
