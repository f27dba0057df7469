package org.smp4j.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.torture.TortureResult.Verdict;

/** Lines letter for letter as scftorture prints them, and what decides the last one. */
class TortureLinesTest {
    private static ScfStatistics statistics(OnoffStats onoff, int errs, int in, int out, int alloc) {
        return new ScfStatistics(1000, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, onoff, errs, in, out, alloc, 12, 13);
    }

    @Test
    void statisticsWhileItRuns() {
        assertThat(statistics(OnoffStats.NONE, 0, 0, 0, 0).line(false)).isEqualTo(
                "scftorture:  scf_invoked_count ver: 1000 resched: 1 single: 2/3 single_ofl: 4/5 single_rpc: 6 "
                + "single_rpc_ofl: 0 many: 8/9 all: 10/11 "
                + "onoff: 0/0:0/0 -1,0:-1,0 0:0 (HZ=1000) ste: 0 stnmie: 0 stnmoe: 0 staf: 0");
    }

    @Test
    void statisticsAtTheEndWithErrors() {
        OnoffStats onoff =
                new OnoffStats(new OnoffStats.Direction(9, 8, 1, 30, 99), new OnoffStats.Direction(7, 6, 2, 40, 88));
        assertThat(statistics(onoff, 1, 2, 3, 4).line(true)).isEqualTo(
                "scftorture:  !!! scf_invoked_count VER: 1000 resched: 1 single: 2/3 single_ofl: 4/5 single_rpc: 6 "
                + "single_rpc_ofl: 0 many: 8/9 all: 10/11 "
                + "onoff: 8/9:6/7 1,30:2,40 99:88 (HZ=1000) ste: 1 stnmie: 2 stnmoe: 3 staf: 4");
    }

    @Test
    void anyErrorAlarms() {
        assertThat(statistics(OnoffStats.NONE, 0, 0, 0, 1).line(true)).startsWith("scftorture:  !!! scf");
        assertThat(statistics(OnoffStats.NONE, 0, 0, 1, 0).line(true)).startsWith("scftorture:  !!! scf");
        assertThat(statistics(OnoffStats.NONE, 0, 1, 0, 0).line(true)).startsWith("scftorture:  !!! scf");
    }

    @Test
    void startAndEndShowAllParameters() {
        TortureConfig config = TortureConfig.cpus(3).with(TortureParam.VERBOSE, 1).with(TortureParam.SHUTDOWN_SECS, 10)
                .with(TortureParam.WEIGHT_ALL_WAIT, 7).with(TortureParam.SHUFFLE_INTERVAL, 8);
        assertThat(config.line("Start of test", -1)).isEqualTo(
                "scftorture: --- Start of test:  verbose=1 holdoff=0 longwait=0 nthreads=-1 onoff_holdoff=0 "
                + "onoff_interval=0 shutdown_secs=0 stat_interval=60 "
                + "stutter=5 use_cpus_read_lock=0, weight_resched=-1, weight_single=-1, weight_single_rpc=-1, "
                + "weight_single_wait=-1, weight_many=-1, "
                + "weight_many_wait=-1, weight_all=-1, weight_all_wait=7");
        assertThat(config.with(TortureParam.SHUTDOWN, 1).line("End of test: SUCCESS", 3))
                .startsWith("scftorture: --- End of test: SUCCESS:  verbose=1 holdoff=0 longwait=0 nthreads=3 "
                + "onoff_holdoff=0 onoff_interval=0 shutdown_secs=1 ");
    }

    @Test
    void verdictLooksAtErrorsFirst() {
        OnoffStats failed = new OnoffStats(new OnoffStats.Direction(9, 8, 1, 30, 99), OnoffStats.Direction.NONE);
        assertThat(Verdict.of(statistics(OnoffStats.NONE, 0, 0, 0, 0), List.of(), 3)).isEqualTo(Verdict.SUCCESS);
        assertThat(Verdict.of(statistics(OnoffStats.NONE, 0, 0, 0, 5), List.of(), 3)).as("allocation")
                .isEqualTo(Verdict.SUCCESS);
        assertThat(Verdict.of(statistics(OnoffStats.NONE, 1, 0, 0, 0), List.of(), 3)).isEqualTo(Verdict.FAILURE);
        assertThat(Verdict.of(statistics(OnoffStats.NONE, 0, 1, 0, 0), List.of(), 3)).isEqualTo(Verdict.FAILURE);
        assertThat(Verdict.of(statistics(failed, 0, 0, 1, 0), List.of(), 3)).isEqualTo(Verdict.FAILURE);
        assertThat(Verdict.of(statistics(failed, 0, 0, 0, 0), List.of("a hang"), 3)).isEqualTo(Verdict.FAILURE);
        assertThat(Verdict.of(statistics(failed, 0, 0, 0, 0), List.of(), 3)).isEqualTo(Verdict.LOCK_HOTPLUG);
        assertThat(Verdict.of(statistics(OnoffStats.NONE, 0, 0, 0, 0), List.of(), 0)).as("no worker, nothing tested")
                .isEqualTo(Verdict.NONE);
        assertThat(Verdict.of(statistics(OnoffStats.NONE, 0, 0, 0, 0), List.of("a warning"), 0))
                .isEqualTo(Verdict.FAILURE);
    }
}
