package org.smp4j.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.CpuMask;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.Players;

/** The barrier itself, played on bare seats. */
class MultiStopTest {
    private static final int CPUS = 4;
    private static final int PATIENCE = 20_000; // turns after which a CPU that goes on too early would have done so

    private final Cpus cpus = new Cpus(CPUS);

    @Test
    @Invariant(22)
    void noCpuGoesOnBeforeTheLastCpuHasArrived() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        MultiStop multi = new MultiStop(arg -> ran.incrementAndGet() * 0, null, CPUS, cpus.online.copy());
        assertThat(multi.state()).isEqualTo(MultiStop.PREPARE);
        Players players = new Players(cpus);
        for (int cpu = 0; cpu < CPUS - 1; cpu++) {
            players.cpu(cpu, multi::run);
        }
        players.cpu(CPUS - 1, cpu -> {
            for (int turn = 0; turn < PATIENCE; turn++) {
                assertThat(multi.state()).isEqualTo(MultiStop.PREPARE);
                cpu.poll();
                if (turn % 10 == 0) { // on a busy host each takes milliseconds
                    Thread.yield();
                }
            }
            assertThat(ran).hasValue(0);
            multi.run(cpu);
        }).run();
        assertThat(ran).hasValue(CPUS);
        assertThat(multi.state()).as("the last ack of EXIT writes a state that no CPU reads")
                .isEqualTo(MultiStop.EXIT + 1);
    }

    @RepeatedTest(20)
    @Invariant(22)
    void fnRunsWhenAllHaveIrqsOffAndNoCpuLeavesBeforeAllHaveRunIt() throws InterruptedException {
        AtomicInteger left = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger violations = new AtomicInteger();
        AtomicBoolean slow = new AtomicBoolean();
        MultiStop multi = new MultiStop(arg -> {
            for (int cpu = 0; cpu < CPUS; cpu++) {
                violations.addAndGet(cpus.cpu(cpu).irqsDisabled() ? 0 : 1);
            }
            if (slow.compareAndSet(false, true)) {
                for (int turn = 0; turn < 1000; turn++) {
                    violations.addAndGet(left.get());
                    Thread.yield();
                }
            }
            ran.incrementAndGet();
            return 0;
        }, null, CPUS, cpus.online.copy());
        Players players = new Players(cpus);
        for (int cpu = 0; cpu < CPUS; cpu++) {
            players.cpu(cpu, seat -> {
                multi.run(seat);
                left.incrementAndGet();
                violations.addAndGet(ran.get() == CPUS && !seat.irqsDisabled() ? 0 : 1);
            });
        }
        players.run();
        assertThat(violations).hasValue(0);
    }

    @RepeatedTest(20)
    @Invariant(22)
    void eachStateIsAckedOnceByEach() throws InterruptedException {
        AtomicIntegerArray seen = new AtomicIntegerArray(6);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger backwards = new AtomicInteger();
        MultiStop multi = new MultiStop(arg -> 0, null, CPUS - 1, CpuMask.of(CPUS, 1));
        Players players = new Players(cpus);
        for (int cpu = 0; cpu < CPUS - 1; cpu++) {
            players.cpu(cpu, seat -> {
                multi.run(seat);
                over.set(true);
            });
        }
        players.cpu(CPUS - 1, seat -> { // not in the barrier: it watches
            int before = MultiStop.PREPARE;
            while (!over.get()) {
                int now = multi.state();
                backwards.addAndGet(now < before ? 1 : 0);
                seen.set(now, 1);
                before = now;
                cpus.lifetime.check();
                Thread.onSpinWait();
            }
            until(() -> multi.state() == MultiStop.EXIT + 1);
        }).run();
        assertThat(backwards).hasValue(0);
        assertThat(seen.get(MultiStop.NONE)).isZero();
    }

    @Test
    void onlyTheCpusOfTheMaskRunIt() throws InterruptedException {
        AtomicIntegerArray runs = new AtomicIntegerArray(CPUS);
        MultiStop multi =
                new MultiStop(arg -> runs.incrementAndGet(Cpu.rawSmpProcessorId()) * 10, null, CPUS,
                CpuMask.parse("1,3", CPUS));
        AtomicIntegerArray results = new AtomicIntegerArray(CPUS);
        Players players = new Players(cpus);
        for (int cpu = 0; cpu < CPUS; cpu++) {
            players.cpu(cpu, seat -> results.set(seat.id, multi.run(seat)));
        }
        players.run();
        assertThat(runs).hasToString("[0, 1, 0, 1]");
        assertThat(results).hasToString("[0, 10, 0, 10]");
    }
}
