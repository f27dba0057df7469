package org.smp4j.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.testing.Players;

/** Once warm, a call costs no memory: neither its sender nor its targets, by the JVM's own count. */
class NoAllocationTest {
    private static final ThreadMXBean COUNTER = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 2_000;
    private static final int MEASURED = 200;
    // one of them without an allocation is proof: a path that allocates does so in each
    private static final int ROUNDS = 8;

    private interface Call {
        void on(NoAllocationTest test);
    }

    enum Path {
        SINGLE_SELF_WAIT(test -> test.single(0, true)),
        SINGLE_SELF(test -> test.single(0, false)),
        SINGLE_WAIT(test -> test.single(1, true)),
        SINGLE(test -> test.single(1, false)),
        ASYNC_SELF(test -> test.smp.smpCallFunctionSingleAsync(0, test.csd)),
        ASYNC(test -> test.smp.smpCallFunctionSingleAsync(1, test.csd)),
        MANY_WAIT(test -> test.many(true)),
        MANY(test -> test.many(false)),
        ON_EACH_CPU_WAIT(test -> test.smp.onEachCpu(NOTHING, null, true)),
        ON_EACH_CPU(test -> test.smp.onEachCpu(NOTHING, null, false)),
        ON_EACH_CPU_COND(test -> test.smp.onEachCpuCond(EVEN, NOTHING, null, true)),
        IRQ_WORK_LOCAL(test -> test.irqWorks.irqWorkQueue(test.work)),
        IRQ_WORK_REMOTE(test -> test.irqWorks.irqWorkQueueOn(test.work, 1)),
        REFUSED(test -> test.single(3, true));

        private final Call call;

        Path(Call call) {
            this.call = call;
        }
    }

    private static final SmpCallFunc NOTHING = SmpCallFunc.named("nothing", info -> { });
    private static final SmpCondFunc EVEN = (cpu, info) -> cpu % 2 == 0;

    private final Cpus cpus = new Cpus(4);
    private final Smp smp = new Smp(cpus);
    private final IrqWorks irqWorks = new IrqWorks(smp);
    private final Csd csd = new Csd(NOTHING, null);
    private final IrqWork work = IrqWork.of(w -> { });
    private final CpuMask others = CpuMask.of(4, 1, 2);
    private final AtomicIntegerArray acks = new AtomicIntegerArray(3);
    private final long[][] allocated = new long[3][ROUNDS];
    private volatile int phase;

    private void single(int cpu, boolean wait) {
        smp.smpCallFunctionSingle(cpu, NOTHING, null, wait);
    }

    private void many(boolean wait) {
        Preempt.disable();
        smp.smpCallFunctionMany(others, NOTHING, null, wait);
        Preempt.enable();
    }

    @ParameterizedTest
    @EnumSource
    void neitherSenderNorTargetAllocates(Path path) throws InterruptedException {
        cpus.setCpuOnline(3, false);
        new Players(cpus).cpu(0, cpu -> send(cpu, path.call)).cpu(1, this::serve).cpu(2, this::serve).run();
        for (int id = 0; id < 3; id++) {
            long[] bytes = allocated[id];
            assertThat(Arrays.stream(bytes).min()).as("CPU %d, bytes of each round: %s", id, Arrays.toString(bytes))
                    .hasValue(0);
        }
    }

    private void send(Cpu cpu, Call call) {
        repeat(call, WARM_UP);
        counterCost();
        for (int round = 0; round < ROUNDS; round++) {
            next(cpu, 2 * round + 1);
            long cost = counterCost();
            long before = COUNTER.getCurrentThreadAllocatedBytes();
            repeat(call, MEASURED);
            allocated[0][round] = COUNTER.getCurrentThreadAllocatedBytes() - before - cost;
            next(cpu, 2 * round + 2);
        }
    }

    private void serve(Cpu cpu) {
        counterCost();
        for (int round = 0; round < ROUNDS; round++) {
            await(cpu, 2 * round + 1);
            long cost = counterCost();
            long before = COUNTER.getCurrentThreadAllocatedBytes();
            acks.set(cpu.id, 2 * round + 1);
            await(cpu, 2 * round + 2);
            allocated[cpu.id][round] = COUNTER.getCurrentThreadAllocatedBytes() - before - cost;
            acks.set(cpu.id, 2 * round + 2);
        }
    }

    /** What two readings of the counter differ by if nothing is done in between. */
    private static long counterCost() {
        long first = COUNTER.getCurrentThreadAllocatedBytes();
        return COUNTER.getCurrentThreadAllocatedBytes() - first;
    }

    private void repeat(Call call, int times) {
        for (int i = 0; i < times; i++) {
            call.on(this);
        }
    }

    private void next(Cpu cpu, int to) {
        phase = to;
        for (int turn = 0; acks.get(1) < to || acks.get(2) < to; turn++) {
            cpu.sitter().relax(turn);
        }
    }

    private void await(Cpu cpu, int to) {
        for (int turn = 0; phase < to; turn++) {
            cpu.sitter().relax(turn);
        }
    }
}
