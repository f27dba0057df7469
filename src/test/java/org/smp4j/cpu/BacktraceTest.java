package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.at;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.lib.LlistNode;

class BacktraceTest {
    /** Stands for a call. */
    private static final class Queued extends LlistNode implements QueuedFunction {
        private final String name;

        Queued(String name) {
            this.name = name;
        }

        @Override
        public Object function() {
            return name;
        }
    }

    private final Cpus cpus = new Cpus(2);
    private final List<String> log = new ArrayList<>();

    @Test
    void anEmptySeatHasNoStack() {
        cpus.setCpuOnline(1, false);
        Backtrace.print(cpus.cpu(1), log::add);
        assertThat(log).containsExactly(
                "CPU: 1 Comm: - offline preempt_count: 00000000 irqs: on pending: none queue: empty");
    }

    @Test
    void contextPendingBitsQueueAndTheStackOfTheSitterAreShown() {
        for (int i = 0; i < 10; i++) {
            cpus.cpu(1).callSingleQueue().add(new Queued("f" + i));
        }
        cpus.cpu(1).sendInterrupt(PendingWord.CALL);
        at(cpus.cpu(1), () -> {
            Preempt.disable();
            LocalIrq.disable();
            PendingBits.set(cpus.cpu(1), PendingWord.NEED_RESCHED);
            Backtrace.print(cpus.cpu(1), log::add);
            PendingBits.clear(cpus.cpu(1), PendingWord.NEED_RESCHED);
            Preempt.enable();
            LocalIrq.enable();
        });
        assertThat(log).startsWith("CPU: 1 Comm: " + Thread.currentThread().getName() + " online "
                + "preempt_count: 00000001 irqs: off "
                + "pending: CALL|NEED_RESCHED queue: [f9, f8, f7, f6, f5, f4, f3, f2]", "Call Trace:");
        assertThat(log).anyMatch(line -> line.startsWith(" ") && line.contains("BacktraceTest"));
    }
}
