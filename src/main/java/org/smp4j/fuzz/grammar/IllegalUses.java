package org.smp4j.fuzz.grammar;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.rule.ProgramRule;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.Workqueue;
import org.smp4j.stop.StopMachine;

/** The illegal uses of one run: each has to end as it says, and leave the context as it was. */
final class IllegalUses {
    private final Set<WarnSite> possible = new HashSet<>();
    private final Map<WarnSite, Integer> least = new HashMap<>(); // guarded by this
    private final Map<WarnSite, Integer> most = new HashMap<>(); // guarded by this

    IllegalUses(List<Step> steps) {
        for (Step step : steps) {
            if (step.production().illegal() != null) {
                possible.addAll(step.production().illegal().allWarnings());
            }
        }
    }

    /** {@return whether functions leave preempt count or IRQ flag changed} */
    boolean leak() {
        return Stream.of(Context.PREEMPT_LEAK, Context.IRQS_CHANGED, StopMachine.LEAKED, Workqueue.LEAKED)
                .anyMatch(possible::contains);
    }

    /** {@return whether functions enable IRQs where they are to be off, so that interrupts nest} */
    boolean nest() {
        return possible.contains(Context.IRQS_CHANGED);
    }

    boolean expects(Warnings.Warning warning) {
        return possible.contains(warning.site());
    }

    int perform(World world, Step step) {
        Misuse misuse = step.production().illegal();
        Cpu.current(); // the run fails here if the thread has lost its CPU
        int[] context = new int[2];
        Exploring.quietly(() -> {
            context[0] = Cpu.current().preemptCount();
            context[1] = Cpu.current().irqsDisabled() ? 1 : 0;
            begins(misuse);
        });
        int result = 0;
        boolean thrown = false;
        try {
            result = step.production().act.perform(world, step);
        } catch (RuntimeException e) {
            if (misuse.thrown() == null || !misuse.thrown().isInstance(e)) {
                throw e;
            }
            thrown = true;
        }
        if (misuse.thrown() != null && !thrown) {
            Exploring.broken("misuse not refused", step + " must throw " + misuse.thrown().getSimpleName()
                    + ", and has returned " + result, List.of());
        }
        Exploring.quietly(() -> {
            Cpu here = Cpu.current();
            if (here.preemptCount() != context[0] || (here.irqsDisabled() ? 1 : 0) != context[1]) {
                ProgramRule.broken("unbalanced context", step + " begins with preempt count "
                        + Integer.toHexString(context[0]) + ", IRQs " + (context[1] != 0 ? "off" : "on")
                        + ", and ends with " + Integer.toHexString(here.preemptCount()) + ", IRQs "
                        + (here.irqsDisabled() ? "off" : "on"));
            }
            for (WarnSite site : misuse.warnings()) {
                if (here.cpus.warnings.count(site) == 0) {
                    Exploring.broken("misuse without a warning", step + " must bring about the warning " + site.name()
                            + " (" + site.format() + ")", List.of());
                }
            }
        });
        return result;
    }

    private synchronized void begins(Misuse misuse) {
        misuse.dueWarnings().forEach(site -> least.merge(site, 1, Integer::sum));
        misuse.allWarnings().forEach(site -> most.merge(site, 1, Integer::sum));
    }

    /** Checks the number of warnings when nothing more happens. */
    synchronized void check(Warnings warnings) {
        for (WarnSite site : possible) {
            int atLeast = least.getOrDefault(site, 0);
            int atMost = most.getOrDefault(site, 0);
            int count = warnings.count(site);
            if (count < (site.once() ? Math.min(1, atLeast) : atLeast)
                    || count > (site.once() ? Math.min(1, atMost) : atMost)) {
                ProgramRule.broken("number of warnings", site.name() + " (" + site.format() + ") has warned " + count
                        + " times; illegal uses: " + atLeast + (atLeast == atMost ? "" : " to " + atMost));
            }
        }
    }
}
