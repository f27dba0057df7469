package org.smp4j.explore.instrument;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/** Accesses whose values are reported. */
@SuppressWarnings("unused")
final class Reported {
    private static final VarHandle INT = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "number",
            VarHandle.class, Reported.class, int.class);
    private static short small;

    private int number;
    private double real;
    private String text;
    private final char[] chars = new char[1];
    private final AtomicLong wide = new AtomicLong();

    @Expect({"field Wp", "value 3", "field Rp", "value 3", "field Wp", "value 1.5", "field Wp", "value a",
            "staticField Wp", "value 7"})
    void fields() {
        number = 3;
        real = number / 2.0;
        text = "a";
        small = 7;
    }

    @Expect({"element Wp", "value x", "element Rp", "value x"})
    void elements() {
        chars[0] = 'x';
        char copy = chars[0];
    }

    @Expect({"handle Wr", "value 2", "expects 2L", "handle RW?ar", "exchanged true", "value 5", "expects 2L",
            "handle RW?ar", "exchanged false", "handle RWar", "value 5", "handle Ra", "value 6"})
    void handles() {
        INT.setVolatile(this, 2);
        INT.compareAndSet(this, 2, 5);
        INT.compareAndSet(this, 2, 9);
        int old = (int) INT.getAndAdd(this, 1);
        old = (int) INT.getAcquire(this);
    }

    @Expect({"atomic Wr", "value 4", "atomic RWar", "value 5", "expects 5L", "atomic RW?ar", "exchanged true",
            "value 8", "expects 5L", "atomic RW?ar", "exchanged false"})
    void atomics() {
        wide.set(4);
        wide.incrementAndGet();
        wide.compareAndExchange(5, 8);
        wide.compareAndExchange(5, 9);
    }
}
