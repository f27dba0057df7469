package org.smp4j.compare;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;

/** The floor F: a round trip between two cores over two cache lines, with {@code onSpinWait}. */
final class Floor {
    private static final VarHandle VALUE =
            ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "value", VarHandle.class, Line.class, long.class);

    /** A line of its own: the fields of the superclasses lie on both sides of the value. */
    private static class Before {
        byte b00, b01, b02, b03, b04, b05, b06, b07, b08, b09, b0a, b0b, b0c, b0d, b0e, b0f, b10, b11, b12, b13, b14,
                b15, b16, b17, b18, b19, b1a, b1b;
        byte b20, b21, b22, b23, b24, b25, b26, b27, b28, b29, b2a, b2b, b2c, b2d, b2e, b2f, b30, b31, b32, b33, b34,
                b35, b36, b37, b38, b39, b3a, b3b;
        byte b40, b41, b42, b43, b44, b45, b46, b47, b48, b49, b4a, b4b, b4c, b4d, b4e, b4f, b50, b51, b52, b53, b54,
                b55, b56, b57, b58, b59, b5a, b5b;
        byte b60, b61, b62, b63, b64, b65, b66, b67, b68, b69, b6a, b6b, b6c, b6d, b6e, b6f, b70, b71, b72, b73, b74,
                b75, b76, b77, b78, b79, b7a, b7b;
    }

    /** The value. */
    private static class Line extends Before {
        // Written by: one side. Read by: the other. Ordering: release and acquire.
        long value;
    }

    /** A line with padding behind it too. */
    private static final class Padded extends Line {
        byte c00, c01, c02, c03, c04, c05, c06, c07, c08, c09, c0a, c0b, c0c, c0d, c0e, c0f, c10, c11, c12, c13, c14,
                c15, c16, c17, c18, c19, c1a, c1b;
        byte c20, c21, c22, c23, c24, c25, c26, c27, c28, c29, c2a, c2b, c2c, c2d, c2e, c2f, c30, c31, c32, c33, c34,
                c35, c36, c37, c38, c39, c3a, c3b;
        byte c40, c41, c42, c43, c44, c45, c46, c47, c48, c49, c4a, c4b, c4c, c4d, c4e, c4f, c50, c51, c52, c53, c54,
                c55, c56, c57, c58, c59, c5a, c5b;
        byte c60, c61, c62, c63, c64, c65, c66, c67, c68, c69, c6a, c6b, c6c, c6d, c6e, c6f, c70, c71, c72, c73, c74,
                c75, c76, c77, c78, c79, c7a, c7b;
    }

    private final Padded ping = new Padded();
    private final Padded pong = new Padded();
    private long turn;

    Subject subject(Rig rig) {
        return Subject.of("floor F: two-line ping-pong, onSpinWait",
                nanos -> rig.with(this::answer, () -> Batch.median(nanos, 100, this::roundTrip)));
    }

    Subject p99(Rig rig) {
        return Subject.of("floor F itself, p99",
                nanos -> rig.with(this::answer, () -> Batch.p99(nanos, this::roundTrip))).millis(20);
    }

    private void answer(BooleanSupplier stop) {
        long last = (long) VALUE.getAcquire(pong);
        while (!stop.getAsBoolean()) {
            long next;
            for (int spin = 0; (next = (long) VALUE.getAcquire(ping)) == last && spin < 1000; spin++) {
                Thread.onSpinWait();
            }
            if (next != last) {
                VALUE.setRelease(pong, next);
                last = next;
            }
        }
    }

    private void roundTrip() {
        long next = ++turn;
        VALUE.setRelease(ping, next);
        while ((long) VALUE.getAcquire(pong) != next) {
            Thread.onSpinWait();
        }
    }
}
