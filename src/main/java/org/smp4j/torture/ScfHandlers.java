package org.smp4j.torture;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.WarnSite;

/** The handlers that run on the targets; after {@code scf_handler} of {@code kernel/scftorture.c}. */
final class ScfHandlers {
    static final WarnSite IN =
            WarnSite.once("scf_handler", "Memory-ordering failure: a call does not see what its sender had written, on "
            + "CPU %d");
    static final WarnSite WRONG_CPU = WarnSite.once("scf_handler_1", "Wanted CPU %d got CPU %d");
    static final WarnSite IRQS_ON = WarnSite.once("scf_handler", "called with IRQs on, on CPU %d");

    private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PAD = 8; // longs in a cache line
    private static final int ANY = PAD;
    private static final int ONE = PAD + 1;

    /** The handlers' state of one CPU. */
    private static final class PerCpu {
        final TortureRandom random;

        // Written by: the CPU's handlers, which do not interrupt each other.
        // Read by: threads that print statistics.
        // Ordering: opaque: the counts may be stale at once.
        final long[] counts = new long[PAD + 2 + PAD];

        PerCpu(long seed) {
            random = new TortureRandom(seed);
        }
    }

    /** For broadcasts. */
    final SmpCallFunc handler = SmpCallFunc.named("scf_handler", info -> handle((ScfCheck) info, Cpu.current(), ANY));
    /** For calls to a single CPU. */
    final SmpCallFunc handler1 = SmpCallFunc.named("scf_handler_1", this::handle1);

    private final ScfRun run;
    private final PerCpu[] perCpu;
    private final int longwait;

    ScfHandlers(ScfRun run) {
        this.run = run;
        this.longwait = run.config.get(TortureParam.LONGWAIT);
        perCpu = new PerCpu[run.nrCpuIds];
        for (int cpu = 0; cpu < perCpu.length; cpu++) {
            perCpu[cpu] = new PerCpu(run.config.seedOf(-2 - cpu));
        }
    }

    private void handle1(Object info) {
        ScfCheck check = (ScfCheck) info;
        Cpu here = Cpu.current();
        if (check.cpu != here.id) {
            run.errs.incrementAndGet();
            here.cpus.warnings.warn(WRONG_CPU, check.cpu, here.id);
        }
        handle(check, here, ONE);
    }

    private void handle(ScfCheck check, Cpu here, int count) {
        PerCpu mine = perCpu[here.id];
        if (check != null) {
            check.out = false;
            if (!check.in) {
                run.mbInErrs.incrementAndGet();
                here.cpus.warnings.warn(IN, here.id);
            }
        }
        if (!here.irqsDisabled()) {
            run.errs.incrementAndGet();
            here.cpus.warnings.warn(IRQS_ON, here.id);
        }
        COUNTS.setOpaque(mine.counts, count, (long) COUNTS.getOpaque(mine.counts, count) + 1);
        delay(mine.random);
        if (check == null) {
            return;
        }
        if (check.wait) {
            boolean rpc = check.rpc;
            check.out = true; // from here on the record belongs to the sender, unless it waits for the completion
            if (rpc) {
                check.completion.complete();
            }
        } else {
            run.pools[here.id % run.pools.length].giveBack(check);
        }
    }

    private void delay(TortureRandom random) {
        long draw = random.next();
        long rare = draw >>> 10;
        if (longwait > 0) {
            if (rare % 4096 == 0) {
                busy((1 + random.below(longwait)) * 1_000_000_000L);
            }
        } else if (draw % 1024 == 0) {
            busy(random.below(64) * 1000L);
        } else if (rare % 4096 == 0) {
            busy((1 + random.below(256)) * 1000L);
        }
    }

    private void busy(long nanos) {
        for (long start = System.nanoTime(); System.nanoTime() - start < nanos && !run.lifetime.ended(); ) {
            Thread.onSpinWait();
        }
    }

    /** {@return how often handlers have run} */
    long invoked() {
        return sum(ANY) + invokedSingle();
    }

    /** {@return how often the handler for single calls has run} */
    long invokedSingle() {
        return sum(ONE);
    }

    private long sum(int count) {
        long sum = 0;
        for (PerCpu one : perCpu) {
            sum += (long) COUNTS.getOpaque(one.counts, count);
        }
        return sum;
    }
}
