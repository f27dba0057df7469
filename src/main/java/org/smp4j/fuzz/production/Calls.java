package org.smp4j.fuzz.production;

import java.util.List;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Facts;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Invocation;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Situation;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.rule.ProgramRule;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.oracle.Oracles;

/** Calls between CPUs. */
final class Calls {
    private Calls() {
    }

    /** The place of a function that a call runs: perhaps at once, on the CPU of the caller, which may hold locks. */
    static Situation called(Op op, Situation at) {
        return at.in(Where.HARDIRQ);
    }

    /** The place of a function that an interrupt runs later. */
    static Situation later(Op op, Situation at) {
        return at.alone().in(Where.HARDIRQ);
    }

    private static boolean steady(Facts facts, Op op) {
        return !facts.moves(op.arg(0));
    }

    static int[] reached(Facts facts, Op op) {
        return steady(facts, op) ? new int[] {0} : new int[] {0, -Errno.ENXIO};
    }

    static List<Production> all() {
        return List.of(
                Production.of("single", Floor.CALL).calls("Smp.smpCallFunctionSingle").in(Where.INTERRUPTIBLE)
                        .args(Arg.cpu(), Arg.flag()).body(Calls::called).surely(Calls::steady)
                        .gives(Calls::reached).does(Calls::single).often(25)
                        .java("=smp.smpCallFunctionSingle($0, $f, null, $b1)")
                        .misuse(CallMisuses.single()),
                Production.of("async", Floor.CALL).calls("Smp.smpCallFunctionSingleAsync", "Csd.new")
                        .args(Arg.cpu(), Arg.flag()).body(Calls::called).surely(Calls::steady)
                        .gives(Calls::reached).does(Calls::async).often(20)
                        .java("=smp.smpCallFunctionSingleAsync($0, new Csd($f, null))")
                        .misuse(CallMisuses.async()),
                Production.of("lend", Floor.CALL).calls("Smp.smpCallFunctionSingleAsync", "Csd.new", "Csd.set",
                        "Csd.isLocked").in(Where.TASK, Where.ATOMIC)
                        .args(Arg.cpu()).body(Calls::called).surely(Calls::steady)
                        .gives(Calls::reached).does(Calls::lend)
                        .java("=lend(smp, $0, $f)"),
                Production.of("any", Floor.CALL).calls("Smp.smpCallFunctionAny").in(Where.INTERRUPTIBLE)
                        .args(Arg.mask(), Arg.flag()).body(Calls::called)
                        .surely((facts, op) -> (op.arg(0) & facts.steady()) != 0)
                        .gives((facts, op) -> (op.arg(0) & facts.steady()) != 0 ? new int[] {0}
                                : new int[] {0, -Errno.ENXIO}).does(Calls::any)
                        .java("=smp.smpCallFunctionAny($m0, $f, null, $b1)").misuse(CallMisuses.any()),
                Production.of("many", Floor.CALL).calls("Smp.smpCallFunctionMany").callsMany()
                        .in(Where.ATOMIC, Where.STOPPER).args(Arg.mask(), Arg.flag())
                        .body(Calls::called).surely((_, _) -> false).does(Calls::many).with("preempt")
                        .java("smp.smpCallFunctionMany($m0, $f, null, $b1);").misuse(CallMisuses.many()),
                Production.of("others", Floor.CALL).calls("Smp.smpCallFunction").callsMany().in(Where.INTERRUPTIBLE)
                        .args(Arg.flag()).body(Calls::called)
                        .surely((facts, _) -> Integer.bitCount(facts.steady()) > 1).does(Calls::others)
                        .java("smp.smpCallFunction($f, null, $b0);").misuse(CallMisuses.others()),
                Production.of("each", Floor.CALL).calls("Smp.onEachCpu").callsMany().in(Where.INTERRUPTIBLE)
                        .args(Arg.flag()).body(Calls::called)
                        .does((world, step) -> each(world, step, world.facts().all(), step.is(0),
                                func -> world.kernel().smp().onEachCpu(func, null, step.is(0))))
                        .java("smp.onEachCpu($f, null, $b0);"),
                Production.of("eachmask", Floor.CALL).calls("Smp.onEachCpuMask").callsMany().in(Where.INTERRUPTIBLE)
                        .args(Arg.mask(), Arg.flag()).body(Calls::called).surely(Calls::reachesOne)
                        .does((world, step) -> each(world, step, step.arg(0), step.is(1),
                                func -> world.kernel().smp().onEachCpuMask(world.mask(step.arg(0)), func, null,
                                        step.is(1)))).often(15)
                        .java("smp.onEachCpuMask($m0, $f, null, $b1);").misuse(CallMisuses.eachMask()),
                Production.of("eachcond", Floor.CALL).calls("Smp.onEachCpuCond").callsMany().in(Where.INTERRUPTIBLE)
                        .args(Arg.mask(), Arg.flag()).body(Calls::called).surely(Calls::reachesOne)
                        .does((world, step) -> each(world, step, step.arg(0), step.is(1),
                                func -> world.kernel().smp().onEachCpuCond((cpu, _) -> (step.arg(0) >> cpu & 1) != 0,
                                        func, null, step.is(1))))
                        .java("smp.onEachCpuCond((cpu, _) -> ($0 >> cpu & 1) != 0, $f, null, $b1);")
                        .misuse(CallMisuses.eachCond()),
                Production.of("eachcondmask", Floor.CALL).calls("Smp.onEachCpuCondMask").callsMany()
                        .in(Where.INTERRUPTIBLE)
                        .args(Arg.mask(), Arg.mask(), Arg.flag()).body(Calls::called)
                        .surely((facts, op) -> (op.arg(0) & op.arg(1) & facts.steady()) != 0)
                        .does((world, step) -> each(world, step, step.arg(0) & step.arg(1), step.is(2),
                                func -> world.kernel().smp().onEachCpuCondMask(
                                        (cpu, _) -> (step.arg(0) >> cpu & 1) != 0, func, null, step.is(2),
                                        world.mask(step.arg(1)))))
                        .java("smp.onEachCpuCondMask((cpu, _) -> ($0 >> cpu & 1) != 0, $f, null, $b2, $m1);"),
                Production.of("kick", Floor.CALL).calls("Smp.kickAllCpusSync").callsMany().in(Where.INTERRUPTIBLE)
                        .does((world, _) -> {
                            world.kernel().smp().kickAllCpusSync();
                            return 0;
                        }).often(3).java("smp.kickAllCpusSync();").misuse(Illegal.manyIrqsOff()),
                Production.of("wakeidle", Floor.CALL).calls("Smp.wakeUpAllIdleCpus").does((world, _) -> {
                    world.kernel().smp().wakeUpAllIdleCpus();
                    return 0;
                }).often(3).java("smp.wakeUpAllIdleCpus();"));
    }

    private static boolean reachesOne(Facts facts, Op op) {
        return (op.arg(0) & facts.steady()) != 0;
    }

    private static int single(World world, Step step) {
        Invocation invocation = world.invoke(step);
        int result;
        if (step.is(1)) {
            result = world.kernel().smp().smpCallFunctionSingle(step.arg(0),
                    world.called(step, invocation, step.arg(0)), null, true);
        } else {
            result = singleNowait(world, step, invocation);
        }
        if (result == 0) {
            world.expect(step, 1, 1);
            if (step.is(1)) {
                invocation.mustHaveRun(1);
            }
        }
        return result;
    }

    private static int singleNowait(World world, Step step, Invocation invocation) {
        World.Queued queued = world.queued(step, invocation, step.arg(0));
        int result = world.kernel().smp().smpCallFunctionSingle(step.arg(0), queued.func(), null, false);
        queued.done().accept(result == 0);
        return result;
    }

    /** Sends a csd, and perhaps once more at once: that is refused, or the first call has begun. */
    private static int async(World world, Step step) {
        Invocation invocation = world.invoke(step);
        World.Queued queued = world.queued(step, invocation, step.arg(0));
        Csd csd = new Csd(queued.func(), null);
        int result = world.kernel().smp().smpCallFunctionSingleAsync(step.arg(0), csd);
        queued.done().accept(result == 0);
        int sent = result == 0 ? 1 : 0;
        if (step.is(1)) {
            int again = world.kernel().smp().smpCallFunctionSingleAsync(step.arg(0), csd);
            sent += again == 0 ? 1 : 0;
            if (again != 0 && again != -Errno.EBUSY && again != -Errno.ENXIO) {
                ProgramRule.broken("result that is not allowed", step + " has returned " + again
                        + " the second time");
            }
        }
        world.expect(step, sent, sent);
        return result;
    }

    /** Sends a csd, waits until its function has run, and gives it up. */
    private static int lend(World world, Step step) {
        Invocation invocation = world.invoke(step);
        SmpCallFunc func = world.called(step, invocation, step.arg(0));
        Csd csd = new Csd(SmpCallFunc.named(func.name(), info -> {
            func.call(info);
            invocation.mark();
        }), null);
        int result = world.kernel().smp().smpCallFunctionSingleAsync(step.arg(0), csd);
        if (result == 0) {
            world.expect(step, 1, 1);
            for (int turn = 0; !invocation.isMarked(); turn++) {
                Waiter.current().relax(turn);
            }
            Oracles.freed(csd);
        }
        return result;
    }

    private static int any(World world, Step step) {
        Invocation invocation = world.invoke(step);
        int result = world.kernel().smp().smpCallFunctionAny(world.mask(step.arg(0)),
                world.called(step, invocation, -1), null, step.is(1));
        if (result == 0) {
            world.expect(step, 1, 1);
            if (step.is(1)) {
                invocation.mustHaveRun(1);
            }
        }
        return result;
    }

    private static int many(World world, Step step) {
        int[] self = new int[1];
        Exploring.quietly(() -> self[0] = Cpu.current().id);
        return remote(world, step, step.arg(0) & ~(1 << self[0]), step.is(1), 0,
                func -> world.kernel().smp().smpCallFunctionMany(world.mask(step.arg(0)), func, null, step.is(1)));
    }

    private static int others(World world, Step step) {
        return remote(world, step, world.facts().all(), step.is(0), 1,
                func -> world.kernel().smp().smpCallFunction(func, null, step.is(0)));
    }

    private static int each(World world, Step step, int mask, boolean wait, Call call) {
        return remote(world, step, mask, wait, 0, call);
    }

    /** Makes a call. */
    @FunctionalInterface
    private interface Call {
        void of(SmpCallFunc func);
    }

    /** A call of many CPUs, of which a number is left out. */
    private static int remote(World world, Step step, int mask, boolean wait, int without, Call call) {
        Invocation invocation = world.invoke(step);
        CpuMask bits = world.mask(mask);
        SmpCallFunc func = world.called(step, invocation, -1);
        call.of(SmpCallFunc.named(func.name(), info -> {
            int here = Cpu.current().id;
            if (!bits.testCpu(here)) {
                ProgramRule.broken("function on the wrong CPU", "the function of " + step + " runs on CPU " + here);
            }
            func.call(info);
        }));
        int least = Math.max(0, Integer.bitCount(mask & world.facts().steady()) - without);
        world.expect(step, least, Integer.bitCount(mask) - without);
        if (wait) {
            invocation.mustHaveRun(least);
        }
        return 0;
    }
}
