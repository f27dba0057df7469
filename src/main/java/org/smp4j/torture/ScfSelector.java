package org.smp4j.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntBiFunction;
import org.smp4j.lib.Errno;

/**
 * Selects the next operation from a table with weights; after {@code scf_sel_rand} and {@code scf_sel_add} of
 * {@code kernel/scftorture.c}.
 */
final class ScfSelector {
    /** What a worker can do. The order is the kernel's: messages show it. */
    enum Prim {
        RESCHED("resched_cpu"),
        SINGLE("smp_call_function_single"),
        SINGLE_RPC("smp_call_function_single_rpc"),
        MANY("smp_call_function_many"),
        ALL("smp_call_function");

        final String function;
        private final String waiting;

        Prim(String function) {
            this.function = function;
            waiting = function + ", wait";
        }
    }

    /**
     * A row of the table.
     *
     * @param prim the operation
     * @param waits whether the worker waits until it is done
     * @param cumulative the weights up to and with this one
     */
    record Row(Prim prim, boolean waits, long cumulative) {
        /** {@return the operation as a reader knows it} */
        String operation() {
            return waits && prim != Prim.SINGLE_RPC ? prim.waiting : prim.function;
        }
    }

    private static final TortureParam[] WEIGHTS =
            {TortureParam.WEIGHT_RESCHED, TortureParam.WEIGHT_SINGLE, TortureParam.WEIGHT_SINGLE_RPC,
        TortureParam.WEIGHT_SINGLE_WAIT, TortureParam.WEIGHT_MANY, TortureParam.WEIGHT_MANY_WAIT,
        TortureParam.WEIGHT_ALL, TortureParam.WEIGHT_ALL_WAIT};
    private static final Prim[] PRIMS =
            {Prim.RESCHED, Prim.SINGLE, Prim.SINGLE_RPC, Prim.SINGLE, Prim.MANY, Prim.MANY, Prim.ALL, Prim.ALL};
    private static final boolean[] WAITS = {false, false, true, true, false, true, false, true};

    private final Row[] table;
    private final long total;

    ScfSelector(TortureConfig config) {
        long[] weights = weights((param, none) -> config.get(param), config.boot().nrCpus());
        List<Row> rows = new ArrayList<>();
        long sum = 0;
        for (int row = 0; row < weights.length; row++) {
            if (weights[row] > 0) {
                sum += weights[row];
                rows.add(new Row(PRIMS[row], WAITS[row], sum));
            }
        }
        table = rows.toArray(Row[]::new);
        total = sum;
    }

    /**
     * The effective weights. If none of the given weights is positive, the others get their defaults; otherwise the
     * others are zero.
     *
     * @param given the value of a parameter; asked with its default
     * @param nrCpuIds how many CPUs the machine has
     * @return a weight for each row
     * @throws IllegalArgumentException if all are zero: the kernel's -EINVAL
     */
    static long[] weights(ToIntBiFunction<TortureParam, Integer> given, int nrCpuIds) {
        long[] defaults = {2L * nrCpuIds, 2L * nrCpuIds, 2L * nrCpuIds, 2L * nrCpuIds, 2, 2, 1, 1};
        long[] weights = new long[WEIGHTS.length];
        boolean anyPositive = false;
        for (int row = 0; row < weights.length; row++) {
            weights[row] = given.applyAsInt(WEIGHTS[row], WEIGHTS[row].byDefault());
            anyPositive |= weights[row] > 0;
        }
        boolean allZero = true;
        for (int row = 0; row < weights.length; row++) {
            if (weights[row] < 0) {
                weights[row] = anyPositive ? 0 : defaults[row];
            }
            allZero &= weights[row] == 0;
        }
        if (allZero) {
            throw new IllegalArgumentException("all zero weights makes no sense (" + Errno.name(-Errno.EINVAL) + ")");
        }
        return weights;
    }

    Row select(TortureRandom random) {
        long w = random.next() % (total + 1);
        for (Row row : table) {
            if (row.cumulative >= w) {
                return row;
            }
        }
        throw new AssertionError("the last row's cumulative weight is the total");
    }

    /** {@return a line for each operation: its share in percent, its name} */
    List<String> dump() {
        List<String> lines = new ArrayList<>();
        long before = 0;
        for (Row row : table) {
            long share = (row.cumulative - before) * 100_000 / total;
            lines.add(String.format(Locale.ROOT, "scf_sel_dump: %3d.%03d %s(%s)", share / 1000, share % 1000,
                    row.prim.function, row.waits ? "wait" : "nowait"));
            before = row.cumulative;
        }
        return lines;
    }
}
