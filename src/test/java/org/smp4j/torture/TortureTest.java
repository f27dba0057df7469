package org.smp4j.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.lib.BootParams;
import org.smp4j.testing.Invariant;
import org.smp4j.torture.TortureResult.Verdict;

/** The whole test, for a few seconds each. */
class TortureTest {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    private TortureResult run(TortureConfig config) {
        return new Torture(config, log::add).run();
    }

    private boolean logged(String part) {
        synchronized (log) {
            return log.stream().anyMatch(line -> line.contains(part));
        }
    }

    /** What has to hold after every run in which nothing was broken. */
    private void assertSuccess(TortureResult result) {
        String text = String.join("\n", log);
        assertThat(result.verdict()).as(text).isEqualTo(Verdict.SUCCESS);
        assertThat(result.failures()).isEmpty();
        assertThat(result.warnings()).as(text).isZero();
        assertThat(result.lockups()).as(text).isZero();
        ScfStatistics statistics = result.statistics();
        assertThat(statistics.invoked()).isPositive();
        assertThat(statistics.allocated()).isPositive().isEqualTo(statistics.recycled());
        assertThat(statistics.errs() + statistics.mbInErrs() + statistics.mbOutErrs() + statistics.allocErrs())
                .isZero();
        assertThat(log.getFirst()).startsWith("smp4j ").contains("seed ");
        assertThat(log.getLast()).startsWith("scftorture: --- End of test: SUCCESS:  verbose=0 ");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 16, 256})
    void defaultsSucceed(int cpus) {
        TortureResult result = run(TortureConfig.cpus(cpus).with(TortureParam.SHUTDOWN_SECS, 2));
        assertSuccess(result);
        assertThat(result.csdLockReports()).isZero();
        assertThat(log).anyMatch(line -> line.startsWith("CAL: "));
    }

    /** CPUs come and go below the workers, and every attempt succeeds. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 16})
    @Invariant(43)
    void cpusComeAndGo(int cpus) {
        TortureResult result =
                run(TortureConfig.cpus(cpus).with(TortureParam.ONOFF_INTERVAL, 3).with(TortureParam.SHUTDOWN_SECS, 3));
        assertSuccess(result);
        OnoffStats onoff = result.statistics().onoff();
        assertThat(onoff.failed()).isFalse();
        assertThat(onoff.offline().attempts()).isPositive();
        assertThat(onoff.online().attempts()).isPositive();
    }

    @Test
    void oneCpuHasNoTargetToCall() {
        TortureResult result = run(TortureConfig.cpus(1).with(TortureParam.SHUTDOWN_SECS, 1));
        assertSuccess(result);
        assertThat(result.statistics().singleWait()).isPositive();
    }

    @Test
    void haltingIdleWithoutStutterAndWithMoreWorkersThanCpus() {
        TortureConfig config = TortureConfig.cpus(4);
        assertSuccess(run(config.withBoot(config.boot().withIdle(BootParams.Idle.HALT)).with(TortureParam.STUTTER, 0)
                .with(TortureParam.NTHREADS, 9)
                .with(TortureParam.SHUTDOWN_SECS, 2)));
    }

    @Test
    void callsToCpusThatNeverCameOnlineAreCounted() {
        TortureConfig config = TortureConfig.cpus(8);
        TortureResult result =
                run(config.withBoot(config.boot().with("maxcpus", "3")).with(TortureParam.SHUTDOWN_SECS, 1));
        assertSuccess(result);
        assertThat(result.statistics().singleOfl()).isPositive();
        assertThat(result.statistics().singleWaitOfl()).isPositive();
        assertThat(result.statistics().singleRpcOfl()).isPositive();
    }

    @Test
    void tasksMayMoveUnderTheHotplugLock() {
        assertSuccess(run(TortureConfig.cpus(4).with(TortureParam.USE_CPUS_READ_LOCK, 1)
                .with(TortureParam.SHUFFLE_INTERVAL, 10)
                .with(TortureParam.SHUTDOWN_SECS, 2)));
    }

    /** A worker that begins late finds itself on its own CPU: no task moves it before. */
    @ParameterizedTest
    @EnumSource(names = {"SHUFFLE_INTERVAL", "ONOFF_INTERVAL"})
    void workersThatBeginLateWereNotMoved(TortureParam mover) {
        assertSuccess(run(TortureConfig.cpus(4).with(TortureParam.USE_CPUS_READ_LOCK, 1)
                .with(TortureParam.HOLDOFF, 1)
                .with(mover, 3)
                .with(TortureParam.SHUTDOWN_SECS, 2)));
    }

    @Test
    void lateAndDoubleInterruptsAreHarmless() {
        assertSuccess(run(TortureConfig.cpus(4).withFaults(100, 100, 0).with(TortureParam.SHUTDOWN_SECS, 2)));
    }

    @Test
    void lostInterruptsAreSentAgain() {
        TortureConfig config = TortureConfig.cpus(4);
        AtomicReference<Torture> torture = new AtomicReference<>();
        torture.set(new Torture(config.withBoot(config.boot().withCsdLockTimeout(20)).withFaults(0, 0, 5)
                .with(TortureParam.STUTTER, 0)
                .with(TortureParam.SHUTDOWN_SECS, 60), line -> {
                    log.add(line);
                    if (line.contains("got unstuck") && logged("Re-sending CSD lock")) {
                        torture.get().stop();
                    }
                }));
        TortureResult result = torture.get().run();
        assertSuccess(result);
        assertThat(result.csdLockReports()).isPositive();
        assertThat(logged("Re-sending CSD lock") && logged("got unstuck")).as("within a minute").isTrue();
    }

    @Test
    void stopEndsItInOrder() {
        Torture torture = new Torture(TortureConfig.cpus(2), log::add);
        torture.meddle(machine -> torture.stop());
        assertThat(torture.run().verdict()).isEqualTo(Verdict.SUCCESS);
    }

    @Test
    void statisticsComeAtTheirInterval() {
        run(TortureConfig.cpus(2).with(TortureParam.STAT_INTERVAL, 1).with(TortureParam.SHUTDOWN_SECS, 3));
        assertThat(log.stream().filter(line -> line.startsWith("scftorture:  scf_invoked_count ver: ")).count())
                .isBetween(1L, 3L);
    }

    private TortureConfig busy() {
        return TortureConfig.cpus(3).with(TortureParam.SHUFFLE_INTERVAL, 50).with(TortureParam.ONOFF_INTERVAL, 5)
                .with(TortureParam.SHUTDOWN_SECS, 1);
    }

    private List<String> about(String name) {
        return log.stream().filter(line -> line.contains(name)).toList();
    }

    @Test
    void tasksSayWhatTheyDoWhenTheyAreAsked() {
        assertThat(run(busy().with(TortureParam.VERBOSE, 1)).verdict()).isEqualTo(Verdict.SUCCESS);
        for (String task : List.of("torture_stutter", "torture_shuffle", "torture_onoff")) {
            assertThat(about("-torture: ").stream().filter(line -> line.contains(task)))
                    .containsExactly("scftorture-torture: Creating " + task + " task", "scftorture-torture: " + task
                    + " task started",
                    "scftorture-torture: Stopping " + task + " task", "scftorture-torture: " + task + " is stopping");
        }
        assertThat(about("scftorture_invoker"))
                .containsSubsequence("scftorture-torture: Creating scftorture_invoker task",
                "scftorture: scftorture_invoker 1: task started", "scftorture: scftorture_invoker 1 started",
                "scftorture-torture: Stopping scftorture_invoker task", "scftorture: scftorture_invoker 1 ended");
        assertThat(about("Stopping ")).containsSubsequence("scftorture-torture: Stopping torture_shuffle task",
                "scftorture-torture: Stopping torture_stutter task",
                "scftorture-torture: Stopping torture_onoff task",
                "scftorture-torture: Stopping scftorture_invoker task").hasSize(6);
        assertThat(about("scftorture-torture: scftorture_invoker is stopping")).hasSize(3);
        assertThat(log).contains("scftorture: Starting 3 smp_call_function() threads");
    }

    @Test
    void tasksSayNothingWhenTheyAreNotAsked() {
        assertThat(run(busy()).verdict()).isEqualTo(Verdict.SUCCESS);
        assertThat(about("scftorture-torture")).isEmpty();
        assertThat(log).noneMatch(line -> line.contains("Starting"))
                .noneMatch(line -> line.startsWith("scftorture: scftorture_invoker"));
    }

    @Test
    void eachCpuThatComesOrGoesIsSaidAtTheSecondLevelOnly() {
        run(busy().with(TortureParam.VERBOSE, 2));
        assertThat(about("task: off").getFirst()).matches("scftorture-torture:torture_onoff task: offlining [0-2]");
        assertThat(about("task: off").get(1)).matches("scftorture-torture:torture_onoff task: offlined [0-2]");
        assertThat(about("task: on").getFirst()).matches("scftorture-torture:torture_onoff task: onlining [0-2]");
        assertThat(about("task: on").get(1)).matches("scftorture-torture:torture_onoff task: onlined [0-2]");
        log.clear();
        run(busy().with(TortureParam.VERBOSE, 1));
        assertThat(about("lining")).isEmpty();
        assertThat(about("lined")).isEmpty();
    }

    /** The verdict counts; the lines are only informative. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void cpusThatDoNotLeaveAreSaidAtTheFirstLevel(int verbose) {
        Torture torture = new Torture(busy().with(TortureParam.VERBOSE, verbose).with(TortureParam.ONOFF_HOLDOFF, 3)
                .with(TortureParam.SHUTDOWN_SECS, 4), log::add);
        torture.meddle(machine -> machine.run(0, () -> machine.hotplug().cpuHotplugDisable()));
        assertThat(torture.run().verdict()).isEqualTo(Verdict.LOCK_HOTPLUG);
        assertThat(log.stream().anyMatch(line -> line.matches("scftorture-torture:torture_onoff task: offline [0-2] "
                + "failed: errno -16"))).isEqualTo(verbose == 1);
    }

    @Test
    void withoutAWorkerThereIsNoVerdict() {
        assertThat(run(TortureConfig.cpus(2).with(TortureParam.NTHREADS, 0).with(TortureParam.SHUTDOWN_SECS, 1))
                .verdict()).isEqualTo(Verdict.NONE);
        assertThat(log).noneMatch(line -> line.contains("End of test"));
    }
}
