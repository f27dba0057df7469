package org.smp4j.fuzz.production;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Invocation;
import org.smp4j.fuzz.grammar.Misuse;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.handover.HandOver;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.fuzz.rule.ProgramRule;

/** irq_works. */
final class IrqWorkCalls {
    private static final int PLAIN = 2; // so many works of the plain kind, then a hard one, then a lazy one
    private static final int KINDS = 4;

    private IrqWorkCalls() {
    }

    /** An irq_work that operations share, and how often it was queued and has run. */
    private static final class Shared {
        final IrqWork work;
        final AtomicInteger queued = new AtomicInteger();
        final AtomicInteger ran = new AtomicInteger();
        private final List<HandOver> queuers = new ArrayList<>(); // guarded by itself; no run has seen them yet
        private final List<HandOver> told = new ArrayList<>(); // guarded by itself; a thread has queued it
        private final List<HandOver> runs = new ArrayList<>(); // guarded by itself

        Shared(int kind) {
            IrqWork.Func func = _ -> {
                see();
                HandOver effect = HandOver.written("a run of irq_work ", kind);
                Exploring.quietly(() -> {
                    synchronized (runs) {
                        runs.add(effect);
                    }
                    ran.incrementAndGet();
                });
            };
            work = kind < PLAIN ? IrqWork.of(func) : kind == PLAIN ? IrqWork.hard(func) : IrqWork.lazy(func);
        }

        /** A thread is about to queue it: what it writes now, some run that begins later has to see. */
        void willQueue(Step step) {
            if (HandOver.isChecked()) {
                HandOver written = HandOver.of("", step);
                Exploring.quietly(() -> {
                    synchronized (queuers) {
                        queuers.add(written);
                    }
                });
                written.write();
            }
        }

        /** A thread has queued it. */
        void isQueued(Step step) {
            HandOver note = HandOver.of("", step);
            Exploring.quietly(() -> {
                synchronized (told) {
                    told.add(note);
                }
                queued.incrementAndGet();
            });
            note.tell();
        }

        /** {@return how often it was queued, as far as the calling thread knows} */
        int known() {
            List<HandOver> all = new ArrayList<>();
            Exploring.quietly(() -> {
                synchronized (told) {
                    all.addAll(told);
                }
            });
            int count = 0;
            for (HandOver each : all) {
                count += each.isKnown() ? 1 : 0;
            }
            return count;
        }

        private void see() {
            List<HandOver> open = new ArrayList<>();
            Exploring.quietly(() -> {
                synchronized (queuers) {
                    open.addAll(queuers);
                }
            });
            for (HandOver each : open) {
                if (each.isSeen()) {
                    Exploring.quietly(() -> {
                        synchronized (queuers) {
                            queuers.remove(each);
                        }
                    });
                }
            }
        }

        /** A run that ends while the next has been queued, perhaps on another CPU, hands nothing on. */
        private boolean isHandedOn(int count) {
            return !HandOver.isChecked() || count == 1 && queued.get() == 1;
        }

        void mustBeOver(int count, Step step) {
            List<HandOver> all = new ArrayList<>();
            Exploring.quietly(() -> {
                if (!isHandedOn(count)) {
                    return;
                }
                if (ran.get() < count) {
                    ProgramRule.broken("synchronized in vain", step + " has returned, and the work, which was queued "
                            + count + " times before, has run " + ran.get() + " times");
                }
                synchronized (runs) {
                    all.addAll(runs);
                }
            });
            all.forEach(each -> each.mustBeSeen("", step));
        }

        void check(int number) {
            if (HandOver.isChecked() && !queuers.isEmpty()) {
                ProgramRule.broken("not handed over", "no run of irq_work " + number + " has seen what was written by "
                        + queuers.getFirst() + " before it queued the work");
            }
            if (ran.get() != queued.get()) {
                ProgramRule.broken("lost irq_work", "irq_work " + number + " was queued " + queued.get()
                        + " times and has run " + ran.get() + " times");
            }
        }
    }

    private static Shared shared(World world, Step step) {
        int number = step.arg(0);
        return world.shared("irqwork", number, () -> {
            Shared made = new Shared(number);
            world.atEnd(() -> made.check(number));
            return made;
        });
    }

    private static Arg work() {
        return new Arg("irq_work", (draws, facts) -> facts.stage() == Stage.MACHINE && draws.below(2) == 0
                ? KINDS - 1 : draws.below(KINDS - 1),
                (value, facts) -> value < (facts.stage() == Stage.MACHINE ? KINDS : KINDS - 1));
    }

    static List<Production> all() {
        return List.of(
                Production.of("iwq", Floor.CALL)
                        .calls("IrqWorks.irqWorkQueue", "IrqWork.of", "IrqWork.hard", "IrqWork.lazy")
                        .args(work()).gives(0, 1).does(IrqWorkCalls::queue).often(15)
                        .java("?irqWorks.irqWorkQueue($irqwork)").misuse(Illegal.nothing((world, _) ->
                                world.kernel().irqWorks().irqWorkQueue(null) ? 1 : 0, "irqWorks.irqWorkQueue(null);")),
                Production.of("iwqon", Floor.CALL).calls("IrqWorks.irqWorkQueueOn")
                        .args(work(), Arg.steadyCpu()).gives(0, 1).does(IrqWorkCalls::queueOn).often(20)
                        .java("?irqWorks.irqWorkQueueOn($irqwork, $1)").misuse(Illegal.noCpu((world, _, cpu) ->
                                world.kernel().irqWorks().irqWorkQueueOn(IrqWork.of(_ -> { }), cpu) ? 1 : 0,
                                "irqWorks.irqWorkQueueOn(IrqWork.of(_ -> { }), $cpu);")
                                .refused(IllegalArgumentException.class)),
                Production.of("iwsync", Floor.CALL).calls("IrqWorks.irqWorkSync", "IrqWork.isBusy")
                        .in(Where.TASK).args(work()).does(IrqWorkCalls::sync)
                        .only((_, op, _) -> op.arg(0) <= PLAIN).with("iwqon", "iwq")
                        .java("irqWorks.irqWorkSync($irqwork);")
                        .misuse(Illegal.sleeps().mayWarn(IrqWorks.SYNC_IRQS_OFF)),
                Production.of("iwlook", Floor.CALL)
                        .calls("IrqWork.isPending", "IrqWork.isHard", "IrqWorks.irqWorkNeedsCpu")
                        .in(Where.ATOMIC, Where.IRQS_OFF, Where.HARDIRQ).args(work()).does((world, step) -> {
                            IrqWork work = shared(world, step).work;
                            return (work.isPending() ? 1 : 0) + (work.isHard() ? 2 : 0)
                                    + (world.kernel().irqWorks().irqWorkNeedsCpu() ? 4 : 0);
                        }).often(2)
                        .java("irqWorks.irqWorkNeedsCpu();"),
                Production.of("iwown", Floor.CALL).calls("IrqWorks.irqWorkQueue", "IrqWorks.irqWorkQueueOn")
                        .args(Arg.steadyCpu(), Arg.flag()).body(Calls::later).gives(1)
                        .does(IrqWorkCalls::own)
                        .java("?irqWorks.irqWorkQueueOn(IrqWork.of(_ -> $body), $0)").misuse(Misuse.of("leaks")
                                .args(Arg.steadyCpu()).gives(1).warnsLater(Context.PREEMPT_LEAK)
                                .does((world, step) -> world.kernel().irqWorks().irqWorkQueueOn(
                                        IrqWork.of(_ -> Preempt.disable()), step.arg(0)) ? 1 : 0,
                                        "?irqWorks.irqWorkQueueOn(IrqWork.of(_ -> Preempt.disable()), $0)")));
    }

    private static int queue(World world, Step step) {
        Shared shared = shared(world, step);
        shared.willQueue(step);
        return told(shared, step, world.kernel().irqWorks().irqWorkQueue(shared.work));
    }

    private static int queueOn(World world, Step step) {
        Shared shared = shared(world, step);
        shared.willQueue(step);
        return told(shared, step, world.kernel().irqWorks().irqWorkQueueOn(shared.work, step.arg(1)));
    }

    private static int told(Shared shared, Step step, boolean queued) {
        if (queued) {
            shared.isQueued(step);
        }
        return queued ? 1 : 0;
    }

    private static int sync(World world, Step step) {
        Shared shared = shared(world, step);
        int before = shared.known();
        world.kernel().irqWorks().irqWorkSync(shared.work);
        shared.mustBeOver(before, step);
        return 0;
    }

    /** A work of its own, for a CPU, or for this one. */
    private static int own(World world, Step step) {
        Invocation invocation = world.invoke(step);
        int cpu = step.is(1) ? step.arg(0) : -1;
        IrqWork work = IrqWork.of(_ -> {
            world.mustBeOn(step, cpu);
            world.mustHaveIrqsOff(step);
            world.run(step, invocation);
        });
        boolean queued = cpu < 0 ? world.kernel().irqWorks().irqWorkQueue(work)
                : world.kernel().irqWorks().irqWorkQueueOn(work, cpu);
        world.expect(step, queued ? 1 : 0, queued ? 1 : 0);
        return queued ? 1 : 0;
    }
}
