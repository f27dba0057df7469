package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Warnings;
import org.smp4j.testing.TestMachine;

/** Which CPUs count as hung, and which only wait. */
class WatchdogTest {
    private static final int CPUS = 4;

    private static int spin(long seconds) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < seconds * 1_000_000_000L) {
            Thread.onSpinWait();
        }
        return 0;
    }

    private static long reports(TestMachine box, int cpu) {
        return box.printed().stream().filter(line -> line.contains("CPU#" + cpu + " stuck")
                || line.endsWith("hard LOCKUP on cpu " + cpu)).count();
    }

    @Test
    void aStopThatTakesLongIsALockupOfTheCpuThatRunsTheFunctionAtMost() {
        try (TestMachine box = TestMachine.boot(CPUS, "watchdog_thresh=1")) {
            box.run(0, () -> {
                for (int cpu = 0; cpu < CPUS; cpu++) { // something is pending, which they can't take
                    box.machine().smp().smpCallFunctionSingle(cpu, info -> { }, null, false);
                }
                box.machine().stopMachine().stopMachine(arg -> spin(4), null, CpuMask.of(CPUS, 1));
            });
            for (int cpu = 0; cpu < CPUS; cpu++) {
                assertThat(reports(box, cpu)).as("CPU %d: %s", cpu, box.printed())
                        .isLessThanOrEqualTo(cpu == 1 ? 2 : 0);
            }
        }
    }

    @Test
    void aCpuThatHangsIsReportedAllTheSame() {
        try (TestMachine box = TestMachine.boot(CPUS, "watchdog_thresh=1")) {
            AtomicBoolean end = new AtomicBoolean();
            box.start(2, "hung", () -> {
                boolean flags = LocalIrq.save();
                box.machine().cpus().cpu(2).sendInterrupt(1);
                while (!end.get()) {
                    Thread.onSpinWait();
                }
                LocalIrq.restore(flags);
            });
            box.await(() -> reports(box, 2) > 0, "report");
            end.set(true);
        }
    }

    @Test
    void aListenerThatThrowsIsAWarningAndTheWatchdogGoesOn() {
        try (TestMachine box = TestMachine.boot(CPUS, "watchdog_thresh=1")) {
            box.expectWarning(Warnings.THROWN);
            AtomicInteger heard = new AtomicInteger();
            box.machine().watchdog().onLockup(() -> {
                heard.incrementAndGet();
                throw new IllegalStateException("on purpose");
            });
            for (int round = 1; round <= 2; round++) {
                int wanted = round;
                box.run(1, () -> {
                    boolean flags = LocalIrq.save();
                    box.machine().cpus().cpu(1).sendInterrupt(1);
                    while (heard.get() < wanted) {
                        Thread.onSpinWait();
                    }
                    LocalIrq.restore(flags);
                });
            }
        }
    }
}
