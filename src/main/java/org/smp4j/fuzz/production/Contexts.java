package org.smp4j.fuzz.production;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.PerCpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Misuse;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.handover.GracePeriods;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.fuzz.rule.ProgramRule;
import org.smp4j.sched.Task;

/** The context of the current CPU: preemption, IRQs, its number and its data. */
final class Contexts {
    private static final int DEEP = Preempt.PREEMPT_MASK - 9;

    private Contexts() {
    }

    static List<Production> all() {
        return List.of(
                Production.of("preempt", Floor.CALL).calls("Preempt.disable", "Preempt.enable", "Preempt.count")
                        .bracket().body((_, at) -> at.in(at.where().preemptionOff()))
                        .does((world, step) -> {
                            int before = Preempt.count();
                            Preempt.disable();
                            body(world, step);
                            Preempt.enable();
                            return balanced(step, before);
                        }).java("Preempt.disable();\n$body\nPreempt.enable();").misuse(
                                Misuse.of("unbalanced").in(Where.TASK).warns(Preempt.UNDERFLOW).does((_, _) -> {
                                    Preempt.enable();
                                    return 0;
                                }, "Preempt.enable();"),
                                Misuse.of("deep").in(Where.TASK).warns(Preempt.OVERFLOW).does((_, _) -> {
                                    for (int i = 0; i < DEEP; i++) {
                                        Preempt.disable();
                                    }
                                    for (int i = 0; i < DEEP; i++) {
                                        Preempt.enable();
                                    }
                                    return 0;
                                }, times(DEEP, "Preempt.disable();") + "\n" + times(DEEP, "Preempt.enable();"))),
                Production.of("getcpu", Floor.CALL).calls("Cpu.getCpu", "Cpu.putCpu").bracket()
                        .body((_, at) -> at.in(at.where().preemptionOff()))
                        .does((world, step) -> {
                            int cpu = Cpu.getCpu();
                            body(world, step);
                            world.mustBeOn(step, cpu);
                            Cpu.putCpu();
                            return 0;
                        }).java("Cpu.getCpu();\n$body\nCpu.putCpu();"),
                Production.of("irqs", Floor.CALL).calls("LocalIrq.save", "LocalIrq.restore").bracket()
                        .body((_, at) -> at.in(at.where().irqsOff()))
                        .does((world, step) -> {
                            boolean flags = LocalIrq.save();
                            body(world, step);
                            world.mustHaveIrqsOff(step);
                            LocalIrq.restore(flags);
                            return 0;
                        }).java("boolean flags$id = LocalIrq.save();\n$body\nLocalIrq.restore(flags$id);"),
                Production.of("irqsoff", Floor.CALL)
                        .calls("LocalIrq.disable", "LocalIrq.enable", "LocalIrq.disabled").bracket()
                        .in(Where.INTERRUPTIBLE).body((_, at) -> at.in(at.where().irqsOff()))
                        .does((world, step) -> {
                            LocalIrq.disable();
                            body(world, step);
                            world.mustHaveIrqsOff(step);
                            LocalIrq.enable();
                            return LocalIrq.disabled() ? 1 : 0;
                        }).gives(0).java("LocalIrq.disable();\n$body\nLocalIrq.enable();"),
                Production.of("bh", Floor.CALL)
                        .calls("Preempt.localBhDisable", "Preempt.localBhEnable", "Preempt.inInterrupt").bracket()
                        .in(Where.TASK, Where.ATOMIC).body((_, at) -> at.in(at.where().preemptionOff()))
                        .does((world, step) -> {
                            Preempt.localBhDisable();
                            body(world, step);
                            int inside = Preempt.inInterrupt() ? 1 : 0;
                            Preempt.localBhEnable();
                            return inside;
                        }).gives(1).often(3).java("Preempt.localBhDisable();\n$body\nPreempt.localBhEnable();").misuse(
                                Misuse.of("unbalanced").in(Where.TASK).warns(Preempt.UNDERFLOW).does((_, _) -> {
                                    Preempt.localBhEnable();
                                    return 0;
                                }, "Preempt.localBhEnable();")),
                Production.of("noresched", Floor.CALL)
                        .calls("Preempt.enableNoResched", "Preempt.inTask", "Preempt.inAtomic").bracket()
                        .in(Where.ATOMIC, Where.IRQS_OFF).body((_, at) -> at)
                        .does((world, step) -> {
                            Preempt.disable();
                            body(world, step);
                            int inside = (Preempt.inTask() ? 1 : 0) + (Preempt.inAtomic() ? 2 : 0);
                            Preempt.enableNoResched();
                            return inside & 2;
                        }).gives(2).often(2).with("preempt", "irqs")
                        .java("Preempt.disable();\n$body\nPreempt.enableNoResched();"),
                Production.of("context", Floor.CALL)
                        .calls("Preempt.inHardirq", "Preempt.preemptible", "Preempt.interruptContextLevel",
                                "Cpu.preemptCount", "Cpu.irqsDisabled", "Cpu.currentOrNull", "Cpu.rawSmpProcessorId",
                                "Cpu.isOnline", "Cpu.isIdle", "Cpu.needResched", "Preempt.inServingSoftirq",
                                "Preempt.inNmi")
                        .does((_, _) -> {
                            boolean nonsense = Preempt.inHardirq() && Preempt.preemptible()
                                    || Preempt.inHardirq() != (Preempt.interruptContextLevel() == 2)
                                    || Preempt.inNmi() || Preempt.inServingSoftirq();
                            Cpu here = Cpu.currentOrNull();
                            return nonsense || here == null || Cpu.rawSmpProcessorId() < 0 ? 1 : 0;
                        }).gives(0).often(2).java("Preempt.preemptible();"),
                Production.of("poll", Floor.CALL).calls("Cpu.poll", "Cpu.current").in(Where.INTERRUPTIBLE)
                        .does((_, _) -> {
                            Cpu.current().poll();
                            return 0;
                        }).often(6).java("Cpu.current().poll();"),
                Production.of("percpu", Floor.CALL)
                        .calls("Cpu.smpProcessorId", "PerCpu.thisCpu", "PerCpu.get")
                        .in(Where.ATOMIC, Where.IRQS_OFF, Where.HARDIRQ, Where.STOPPER)
                        .does(Contexts::countHere).often(5).with("preempt").java("Cpu.smpProcessorId();").misuse(
                                // A task that is bound to one CPU may ask.
                                Misuse.of("preemptible").in(Where.TASK).on(Stage.TASKS).mayWarn(Cpu.SMP_PROCESSOR_ID)
                                        .only(Tasks::unlocked).does(Contexts::preemptible, "Cpu.smpProcessorId();")
                                        .gives(0)),
                Production.of("touch", Floor.CALL).calls("WatchdogTouch.touch", "WatchdogTouch.count", "IrqStats.total",
                        "Cpu.irqStats").does((_, _) -> {
                            Cpu here = Cpu.current();
                            here.watchdogTouch.touch();
                            return here.irqStats().total() < 0 || here.watchdogTouch.count() < 0 ? 1 : 0;
                        }).gives(0).often(1).java("Cpu.current().watchdogTouch.touch();"),
                Production.of("glance", Floor.SCHED)
                        .calls("Scheduler.curr", "Scheduler.switches", "Scheduler.isVacated", "Cpus.isParked",
                                "Cpu.pendingBits", "Cpu.sitter")
                        .args(Arg.cpu()).does(Contexts::glance).gives(0).often(3).java("scheduler.curr($0);"),
                Production.of("resched", Floor.SCHED).calls("Cpu.resched")
                        .args(Arg.steadyCpu()).does((world, step) -> {
                            world.kernel().cpus().cpu(step.arg(0)).resched();
                            return 0;
                        }).often(4).java("cpus.cpu($0).resched();"));
    }

    /** The body, with preemption or IRQs off: a section that a grace period waits for. */
    private static void body(World world, Step step) {
        GracePeriods.Section section = world.handOvers().gracePeriods().begins(step);
        world.body(step);
        world.handOvers().gracePeriods().ends(section);
    }

    private static int balanced(Step step, int before) {
        int after = Preempt.count();
        if (after != before) {
            ProgramRule.broken("unbalanced context", step + " begins with preempt count " + before + " and ends with "
                    + after);
        }
        return 0;
    }

    /** What other CPUs may be asked at any time. */
    private static int glance(World world, Step step) {
        int cpu = step.arg(0);
        Cpu other = world.kernel().cpus().cpu(cpu);
        long switches = world.kernel().scheduler().switches(cpu);
        world.kernel().scheduler().curr(cpu);
        world.kernel().scheduler().isVacated(cpu);
        world.kernel().cpus().isParked(cpu);
        other.pendingBits();
        other.sitter();
        return world.kernel().scheduler().switches(cpu) < switches ? 1 : 0;
    }

    private static String times(int count, String statement) {
        return "for (int i = 0; i < " + count + "; i++) {\n" + statement + "\n}";
    }

    private static int preemptible(World world, Step step) {
        int here = Cpu.smpProcessorId();
        int[] result = new int[1];
        Exploring.quietly(() -> result[0] = Task.current().affinity().weight() > 1
                && world.kernel().cpus().warnings.count(Cpu.SMP_PROCESSOR_ID) == 0 || here < 0 ? 1 : 0);
        return result[0];
    }

    private static int countHere(World world, Step step) {
        PerCpu<AtomicInteger> counters = world.shared("percpu", 0, () ->
                new PerCpu<>(world.kernel().cpus(), _ -> new AtomicInteger()));
        int here = Cpu.smpProcessorId();
        AtomicInteger mine = counters.thisCpu();
        mine.incrementAndGet();
        world.mustBeOn(step, here);
        return counters.get(here) == mine ? 0 : 1;
    }
}
