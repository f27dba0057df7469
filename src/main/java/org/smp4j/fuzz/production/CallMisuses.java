package org.smp4j.fuzz.production;

import org.smp4j.call.CallMany;
import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Misuse;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.lib.Errno;

/** Illegal uses of calls between CPUs. */
final class CallMisuses {
    private static final String NOTHING_TEXT = "SmpCallFunc.named(\"nothing\", _ -> { })";

    private CallMisuses() {
    }

    private static SmpCallFunc nothing() {
        return SmpCallFunc.named("nothing", _ -> { });
    }

    private static Smp smp(World world) {
        return world.kernel().smp();
    }

    static Misuse[] single() {
        return new Misuse[] {
            Illegal.singleIrqsOff(),
            // To its own CPU: a handler that waits for another one may wait for ever.
            Misuse.of("handler").in(Where.HARDIRQ).args().gives(0).warns(Smp.SINGLE_IRQS_OFF)
                    .mayWarn(Smp.SINGLE_NOT_TASK).does((world, _) -> smp(world)
                            .smpCallFunctionSingle(Cpu.rawSmpProcessorId(), nothing(), null, true),
                            "=smp.smpCallFunctionSingle(Cpu.rawSmpProcessorId(), " + NOTHING_TEXT + ", null, true)"),
            Illegal.noCpu((world, _, cpu) -> smp(world).smpCallFunctionSingle(cpu, nothing(), null, true),
                    "=smp.smpCallFunctionSingle($cpu, " + NOTHING_TEXT + ", null, true)")
                    .in(Where.TASK, Where.ATOMIC, Where.STOPPER).gives(-Errno.ENXIO),
            Illegal.nothing((world, _) -> smp(world).smpCallFunctionSingle(0, null, null, true),
                    "smp.smpCallFunctionSingle(0, null, null, true);"),
            Misuse.of("leaks").in(Where.TASK, Where.ATOMIC, Where.STOPPER).args(Arg.steadyCpu()).gives(0)
                    .warns(Context.PREEMPT_LEAK)
                    .does((world, step) -> smp(world).smpCallFunctionSingle(step.arg(0),
                            SmpCallFunc.named("leaks", _ -> Preempt.disable()), null, true),
                            "=smp.smpCallFunctionSingle($0, SmpCallFunc.named(\"leaks\", _ -> Preempt.disable()), "
                            + "null, true)"),
            Misuse.of("irqson").in(Where.TASK, Where.ATOMIC, Where.STOPPER).args(Arg.steadyCpu()).gives(0)
                    .warns(Context.IRQS_CHANGED)
                    .does((world, step) -> smp(world).smpCallFunctionSingle(step.arg(0),
                            SmpCallFunc.named("leaks", _ -> LocalIrq.enable()), null, true),
                            "=smp.smpCallFunctionSingle($0, SmpCallFunc.named(\"leaks\", _ -> LocalIrq.enable()), "
                            + "null, true)")};
    }

    static Misuse[] async() {
        return new Misuse[] {
            Illegal.noCpu((world, _, cpu) -> smp(world).smpCallFunctionSingleAsync(cpu, new Csd(nothing(), null)),
                    "=smp.smpCallFunctionSingleAsync($cpu, new Csd(" + NOTHING_TEXT + ", null))").gives(-Errno.ENXIO),
            Illegal.nothing((world, _) -> smp(world).smpCallFunctionSingleAsync(0, null),
                    "smp.smpCallFunctionSingleAsync(0, null);"),
            Misuse.of("leaks").args(Arg.steadyCpu()).gives(0).warnsLater(Context.PREEMPT_LEAK)
                    .does((world, step) -> smp(world).smpCallFunctionSingleAsync(step.arg(0),
                            new Csd(SmpCallFunc.named("leaks", _ -> Preempt.disable()), null)),
                            "=smp.smpCallFunctionSingleAsync($0, new Csd(SmpCallFunc.named(\"leaks\", "
                            + "_ -> Preempt.disable()), null))")};
    }

    static Misuse[] any() {
        return new Misuse[] {
            Illegal.singleIrqsOff(),
            Illegal.nothing((world, _) -> smp(world).smpCallFunctionAny(null, nothing(), null, true),
                    "smp.smpCallFunctionAny(null, " + NOTHING_TEXT + ", null, true);"),
            Illegal.otherMask((world, _) -> smp(world).smpCallFunctionAny(Illegal.mask(), nothing(), null, true),
                    "smp.smpCallFunctionAny(CpuMask.of(40, 0), " + NOTHING_TEXT + ", null, true);")};
    }

    static Misuse[] many() {
        return new Misuse[] {
            Illegal.manyIrqsOff(),
            // With tasks the caller could lose its CPU, and another caller use the same memory.
            Misuse.of("preemptible").in(Where.TASK).carriedOut().warns(CallMany.MANY_PREEMPTIBLE)};
    }

    /** A call of many CPUs that throws is left out: the oracles do not see that it has ended. */
    static Misuse[] others() {
        return new Misuse[] {Illegal.manyIrqsOff()};
    }

    static Misuse[] eachMask() {
        return new Misuse[] {Illegal.manyIrqsOff()};
    }

    static Misuse[] eachCond() {
        return new Misuse[] {Illegal.manyIrqsOff()};
    }
}
