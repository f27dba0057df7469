package org.smp4j.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smp4j.Machine;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.lib.WarnSite;
import org.smp4j.torture.TortureResult.Verdict;

/** What hangs, warns or ends the machine makes the test fail, never silently. */
@Timeout(90)
class TortureHangTest {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean released;
    private Torture torture;

    /** Threads that hang are let go once the verdict is as good as made, so that the machine can close. */
    private void print(String line) {
        log.add(line);
        released |= line.contains("scf_invoked_count VER");
    }

    private void hang() {
        while (!released) {
            Thread.onSpinWait();
        }
    }

    /** A CPU that hangs before all workers have begun is called by no worker. Context: a task. */
    private void awaitCalls(Machine machine) {
        while (torture.statistics().singlesAccepted() == 0) {
            machine.scheduler().timers().msleep(10);
        }
    }

    private TortureResult run(TortureConfig config, Consumer<Machine> meddler) {
        torture = new Torture(config, this::print);
        torture.meddle(meddler);
        return torture.run();
    }

    private static TortureConfig four() {
        return TortureConfig.cpus(4).with(TortureParam.SHUTDOWN_SECS, 60);
    }

    private static TortureConfig watched() {
        return four().withBoot(four().boot().withWatchdogThresh(1));
    }

    private void assertHardLockup(TortureResult result) {
        assertThat(result.verdict()).isEqualTo(Verdict.FAILURE);
        assertThat(result.lockups()).isPositive();
        assertThat(result.failures()).contains("the watchdog reported a lockup");
        assertThat(log).anyMatch(line -> line.startsWith("watchdog: Watchdog detected hard LOCKUP on cpu "))
                .anyMatch(line -> line.startsWith("CPU: 1 Comm: "))
                .anyMatch(line -> line.startsWith("CPU: 3 Comm: "))
                .anyMatch(line -> line.contains("TortureHangTest.hang"));
        assertThat(log.getLast()).startsWith("scftorture: --- End of test: FAILURE:  ");
    }

    @Test
    void handlerThatNeverReturns() {
        assertHardLockup(run(watched(), machine -> machine.spawn(0, "culprit", () -> {
            awaitCalls(machine);
            machine.smp().smpCallFunctionSingle(1, SmpCallFunc.named("never_returns", info -> hang()), null, false);
        })));
    }

    @Test
    void taskThatTakesNoInterrupts() {
        assertHardLockup(run(watched(), machine -> machine.spawn(1, "culprit", this::hang)));
    }

    @Test
    void workersThatGetNowhere() {
        TortureResult result =
                run(four().with(TortureParam.USE_CPUS_READ_LOCK, 1).with(TortureParam.HUNG_TASK_TIMEOUT_SECS, 2),
                machine -> machine.spawn(2, "culprit", () -> machine.cpuHotplugLock().cpusWriteLock()));
        assertThat(result.verdict()).isEqualTo(Verdict.FAILURE);
        assertThat(result.lockups()).as(String.join("\n", log)).isZero();
        assertThat(result.failures()).anyMatch(
                line -> line.matches("INFO: task scftorture_invoker/\\d blocked for more than 2 seconds\\."));
        assertThat(log.stream().filter(line -> line.contains("blocked for more than"))).as("said once").hasSize(1);
        assertThat(log).anyMatch(line -> line.startsWith("task:scftorture_invoker/"))
                .anyMatch(line -> line.contains("CpuHotplugLock.cpusReadLock"));
    }

    @Test
    void handlerOnTheWrongCpu() {
        assertThat(ScfHandlers.WRONG_CPU.format().formatted(1, 2)).isEqualTo("Wanted CPU 1 got CPU 2");
    }

    @Test
    void workersThatDoNotEnd() {
        TortureResult result = run(four().with(TortureParam.SHUTDOWN_SECS, 1).with(TortureParam.USE_CPUS_READ_LOCK, 1)
                .with(TortureParam.HUNG_TASK_TIMEOUT_SECS, 3),
                machine -> machine.spawn(2, "culprit", () -> machine.cpuHotplugLock().cpusWriteLock()));
        assertThat(result.verdict()).isEqualTo(Verdict.FAILURE);
        assertThat(result.failures()).anyMatch(
                line -> line.endsWith("tasks did not end within 3 s after they were told to"));
    }

    @Test
    void panic() {
        TortureResult result = run(four(), machine -> machine.cpus().lifetime.panic("out of coffee"));
        assertThat(result.verdict()).isEqualTo(Verdict.FAILURE);
        assertThat(result.failures()).contains("the machine has ended: out of coffee");
    }

    @Test
    void warning() {
        TortureResult result = run(four().with(TortureParam.SHUTDOWN_SECS, 1),
                machine -> machine.warnings().warn(WarnSite.once("somewhere", "something is odd")));
        assertThat(result.verdict()).isEqualTo(Verdict.FAILURE);
        assertThat(result.failures()).containsExactly("there was a warning");
        assertThat(log).contains("WARNING: somewhere: something is odd");
    }

    @Test
    void waitForACsdLockThatIsTooLong() {
        TortureConfig config = four().with(TortureParam.SHUTDOWN_SECS, 2);
        TortureResult result = run(config.withBoot(config.boot().withCsdLockTimeout(300)), machine ->
                machine.spawn(0, "culprit", () -> machine.smp()
                        .smpCallFunctionSingle(1, SmpCallFunc.named("slow", info -> {
                    for (long start = System.nanoTime(); System.nanoTime() - start < 1_000_000_000L; ) {
                        Thread.onSpinWait();
                    }
                }), null, true)));
        assertThat(result.verdict()).isEqualTo(Verdict.FAILURE);
        assertThat(result.csdLockReports()).isPositive();
        assertThat(log).anyMatch(line -> line.contains("handling this request."));
    }
}
