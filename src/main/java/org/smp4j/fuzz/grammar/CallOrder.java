package org.smp4j.fuzz.grammar;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.rule.ProgramRule;

/**
 * The order of calls that are not waited for: if one was queued for a CPU before another was about to be sent there,
 * it begins before the other one. Calls that a CPU makes to itself are in no queue.
 */
final class CallOrder {
    /** A call on its way. */
    static final class Sent {
        final Step step;
        final int target;
        final Thread sender = Thread.currentThread();
        // Of those to the same CPU, the ones that were queued when this one was about to be sent, and had not begun.
        private final List<Sent> before = new ArrayList<>();
        private boolean queued;
        private boolean begun;

        Sent(Step step, int target) {
            this.step = step;
            this.target = target;
        }
    }

    private final List<Sent> calls = new ArrayList<>(); // guarded by this
    private boolean holds = true;

    /** From here on calls may begin in any order, as interrupts nest. Context: setup. */
    void nest() {
        holds = false;
    }

    Sent sends(Step step, int target) {
        Sent sent = new Sent(step, target);
        Exploring.quietly(() -> {
            synchronized (this) {
                for (Sent each : calls) {
                    if (each.target == target && each.queued && !each.begun) {
                        sent.before.add(each);
                    }
                }
                calls.add(sent);
            }
        });
        return sent;
    }

    void queued(Sent sent, boolean accepted) {
        Exploring.quietly(() -> {
            synchronized (this) {
                sent.queued = accepted;
            }
        });
    }

    void begins(Sent sent) {
        Exploring.quietly(() -> {
            synchronized (this) {
                sent.begun = true;
                calls.remove(sent);
                for (Sent each : sent.before) {
                    if (holds && !each.begun && Thread.currentThread() != sent.sender) {
                        ProgramRule.broken("calls out of order", "the function of " + sent.step + " begins on CPU "
                                + sent.target + " before that of " + each.step + ", which was queued there before");
                    }
                }
            }
        });
    }
}
