package org.smp4j.scenario.oracle;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Symbol;
import org.smp4j.sched.Task;

/** The contexts in which functions began: functions must leave preempt count and IRQ flag as they found them. */
final class Contexts {
    /** Where a function began. */
    private record Context(Thread thread, int preemptCount, boolean irqsOff) {
        static Context of(Cpu cpu) {
            return new Context(Thread.currentThread(), cpu.preemptCount(), cpu.irqsDisabled());
        }

        @Override
        public String toString() {
            return "preempt count " + Integer.toHexString(preemptCount) + ", IRQs " + (irqsOff ? "off" : "on");
        }
    }

    private final List<Context> begun = new ArrayList<>();
    private boolean onPurpose;

    void begins(Cpu cpu) {
        begun.add(Context.of(cpu));
    }

    void ends(Cpu cpu, SmpCallFunc func) {
        Context now = Context.of(cpu);
        for (int i = begun.size() - 1; i >= 0; i--) {
            if (begun.get(i).thread == now.thread) {
                Context before = begun.remove(i);
                if (!before.equals(now)) {
                    broken(func.name() + " on " + cpu + " began with " + before + " and ends with " + now);
                }
                return;
            }
        }
    }

    /** From here on a function that leaves them changed is no broken rule: a warning has to report it. */
    void onPurpose() {
        onPurpose = true;
    }

    void unbalanced(Cpu cpu, Object function) {
        if (onPurpose) {
            return;
        }
        broken(Symbol.ps(function) + " on " + cpu + " ends with preempt count "
                + Integer.toHexString(cpu.preemptCount()) + ", IRQs "
                + (cpu.irqsDisabled() ? "off" : "on"));
    }

    void ends(Task task) {
        Context now = Context.of(Cpu.current());
        if (now.preemptCount != 0 || now.irqsOff) {
            broken("task " + task.comm() + " ends with " + now);
        }
    }

    private static void broken(String message) {
        Exploring.broken("unbalanced context", message, List.of());
    }
}
