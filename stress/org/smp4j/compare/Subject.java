package org.smp4j.compare;

import java.util.function.LongToDoubleFunction;

/**
 * Something whose cost is measured.
 *
 * @param name what it is
 * @param reference what its cost is divided by, measured directly before and after; null for the floor
 * @param slice measures for about that many nanoseconds; returns nanoseconds an operation
 * @param nanos how long a slice is
 * @param atMost the ratio that it should not exceed, or NaN
 */
record Subject(String name, Subject reference, LongToDoubleFunction slice, long nanos, double atMost) {
    static Subject of(String name, LongToDoubleFunction slice) {
        return new Subject(name, null, slice, 4_000_000, Double.NaN);
    }

    Subject against(Subject other) {
        return new Subject(name, other, slice, nanos, atMost);
    }

    Subject millis(int millis) {
        return new Subject(name, reference, slice, millis * 1_000_000L, atMost);
    }

    Subject atMost(double ratio) {
        return new Subject(name, reference, slice, nanos, ratio);
    }

    double measure() {
        return slice.applyAsDouble(nanos);
    }
}
