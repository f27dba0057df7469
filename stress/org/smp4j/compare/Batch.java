package org.smp4j.compare;

import java.util.Arrays;
import org.HdrHistogram.Histogram;

/**
 * Times operations in batches; the median batch stands for the slice, so that a batch in which the host took the core
 * away does not count.
 */
final class Batch {
    private static final int MOST = 10_000;

    private Batch() {
    }

    /**
     * Repeats an operation.
     *
     * @param nanos for about how long
     * @param size how many times between two looks at the clock
     * @param op the operation
     * @return nanoseconds an operation, of the median batch
     */
    static double median(long nanos, int size, Runnable op) {
        long[] batches = new long[MOST];
        int count = 0;
        long start = System.nanoTime();
        for (long from = start; from - start < nanos && count < MOST; count++) {
            for (int i = 0; i < size; i++) {
                op.run();
            }
            long to = System.nanoTime();
            batches[count] = to - from;
            from = to;
        }
        Arrays.sort(batches, 0, count);
        return (double) batches[count / 2] / size;
    }

    /** {@return nanoseconds of the slowest of a hundred operations, with two looks at the clock in each} */
    static double p99(long nanos, Runnable op) {
        Histogram histogram = new Histogram(3);
        long end = System.nanoTime() + nanos;
        for (long from = System.nanoTime(); from < end; ) {
            op.run();
            long to = System.nanoTime();
            histogram.recordValue(to - from);
            from = to;
        }
        return histogram.getValueAtPercentile(99);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    static double quantile(double[] values, double q) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, q * sorted.length)];
    }
}
