package org.smp4j.torture;

import java.util.Locale;
import org.smp4j.torture.ScfCounters.Counter;

/**
 * All counters at one moment; after {@code scf_torture_stats_print} of {@code kernel/scftorture.c}.
 *
 * @param invoked handlers that ran, and reschedules that were asked for
 * @param resched reschedules that were asked for
 * @param single single calls without wait
 * @param singleWait single calls with wait
 * @param singleOfl of these without wait, to CPUs that were offline
 * @param singleWaitOfl of these with wait, to CPUs that were offline
 * @param singleRpc single calls with a completion
 * @param singleRpcOfl of these, to CPUs that were offline; scftorture never sums them, so its line always shows 0
 * @param many calls to many without wait
 * @param manyWait calls to many with wait
 * @param all calls to all without wait
 * @param allWait calls to all with wait
 * @param onoff CPUs that went on- and offline
 * @param errs handlers that ran on a wrong CPU, with IRQs on, or twice ({@code ste})
 * @param mbInErrs handlers that did not see what the sender had written ({@code stnmie})
 * @param mbOutErrs senders that did not see what the handler had written ({@code stnmoe})
 * @param allocErrs records that could not be allocated ({@code staf})
 * @param allocated records taken from the pools
 * @param recycled records given back
 */
public record ScfStatistics(long invoked, long resched, long single, long singleWait, long singleOfl,
        long singleWaitOfl, long singleRpc, long singleRpcOfl,
        long many, long manyWait, long all, long allWait, OnoffStats onoff, int errs, int mbInErrs, int mbOutErrs,
        int allocErrs, long allocated, long recycled) {

    static ScfStatistics of(ScfRun run, OnoffStats onoff) {
        long[] sums = new long[Counter.values().length];
        for (ScfCounters counters : run.counters) {
            for (Counter counter : Counter.values()) {
                sums[counter.ordinal()] += counters.get(counter);
            }
        }
        return new ScfStatistics(run.handlers.invoked() + sums[Counter.RESCHED.ordinal()],
                sums[Counter.RESCHED.ordinal()], sums[Counter.SINGLE.ordinal()],
                sums[Counter.SINGLE_WAIT.ordinal()], sums[Counter.SINGLE_OFL.ordinal()],
                sums[Counter.SINGLE_WAIT_OFL.ordinal()],
                sums[Counter.SINGLE_RPC.ordinal()], sums[Counter.SINGLE_RPC_OFL.ordinal()],
                sums[Counter.MANY.ordinal()], sums[Counter.MANY_WAIT.ordinal()],
                sums[Counter.ALL.ordinal()], sums[Counter.ALL_WAIT.ordinal()], onoff, run.errs.get(),
                run.mbInErrs.get(), run.mbOutErrs.get(),
                run.allocErrs.get(), sums[Counter.ALLOCATED.ordinal()], sums[Counter.RECYCLED.ordinal()]);
    }

    /** {@return how many single calls were accepted: so many times their handler has to run} */
    long singlesAccepted() {
        return single + singleWait + singleRpc - singleOfl - singleWaitOfl - singleRpcOfl;
    }

    /** {@return how many calls went to more than one CPU} */
    long broadcasts() {
        return many + manyWait + all + allWait;
    }

    /**
     * The statistics line.
     *
     * @param done whether the test has ended
     * @return the line as scftorture prints it
     */
    public String line(boolean done) {
        boolean bang = errs != 0 || mbInErrs != 0 || mbOutErrs != 0 || allocErrs != 0;
        return String.format(Locale.ROOT,
                "scftorture:  %sscf_invoked_count %s: %d resched: %d single: %d/%d single_ofl: %d/%d single_rpc: %d "
                + "single_rpc_ofl: 0 many: %d/%d all: %d/%d %sste: %d stnmie: %d stnmoe: %d staf: %d", bang
                ? "!!! " : "", done ? "VER" : "ver", invoked,
                resched, single, singleWait, singleOfl, singleWaitOfl, singleRpc, many, manyWait, all, allWait, onoff,
                errs, mbInErrs, mbOutErrs, allocErrs);
    }
}
