package org.smp4j.fuzz.production;

import java.util.List;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Invocation;
import org.smp4j.fuzz.grammar.JavaObject;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.handover.StuckReports;
import org.smp4j.fuzz.program.Program;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.Stalls;

/**
 * Delays that are long enough for the watchdog of the CPUs and for that of csd locks, in virtual time, and others that
 * are not. A program with one of them runs on a machine that has these watchdogs.
 */
public final class Delays {
    /** The property of a program with delays. */
    public static final String MARK = "delays";
    // No report; a hard lockup; a soft lockup. And no report; a stuck csd lock. The short ones together give none.
    private static final int[] SECONDS = {2, 8, 13};
    private static final int[] CALL_SECONDS = {1, 5};
    // A sender looks at the time each second, and so reports when the function ends.
    private static final int STUCK_SECONDS = 3;
    private static final JavaObject STALLS = new JavaObject("stalls", Stalls.class, null);

    /** What takes long where a call waits, and whether the sender finds that it has begun before it sends the call. */
    private enum Way {
        CSD, FOUND_CSD, IRQ_WORK
    }

    private Delays() {
    }

    /**
     * {@return the delays of a run; null if its program has none}
     *
     * @param world the run
     */
    public static Stalls of(World world) {
        return world.facts().has(MARK) ? world.shared("stalls", 0, Stalls::new) : null;
    }

    /**
     * {@return whether a program has delays: its runs may have many more steps, as timers go on meanwhile}
     *
     * @param program the program
     */
    public static boolean isIn(Program program) {
        boolean[] found = new boolean[1];
        List<String> names = all().stream().map(Production::name).toList();
        program.forEach(op -> found[0] |= names.contains(op.name()));
        return found[0];
    }

    static List<Production> all() {
        return List.of(
                Production.of("delay", Floor.CALL)
                        .args(Arg.choice("delay", SECONDS.length), Arg.flag()).onMachine().once()
                        .marking(MARK).with("preempt", "irqs", "onenowait", "async")
                        .does((world, step) -> {
                            of(world).delay(SECONDS[step.arg(0)], step.is(1));
                            return 0;
                        }).often(4).java(op -> STALLS.in("stalls.delay(" + SECONDS[op.arg(0)] + ", $b1);")),
                Production.of("slowcall", Floor.CALL).in(Where.TASK, Where.ATOMIC)
                        .args(Arg.cpu(), Arg.choice("delay", CALL_SECONDS.length)).onMachine().once().marking(MARK)
                        .gives(Calls::reached).does(Delays::slowCall).often(4)
                        .java(op -> STALLS.in("int here$id = Cpu.getCpu();\nsmp.smpCallFunctionSingle($0, _ -> stalls"
                                + ".delayCaller(" + CALL_SECONDS[op.arg(1)] + ", here$id), null, true);\n"
                                + "Cpu.putCpu();")),
                Production.of("callbehind", Floor.CALL).in(Where.TASK, Where.ATOMIC)
                        .args(Arg.steadyCpu(), Arg.way("behind", Way.values().length)).onMachine().once().marking(MARK)
                        .does(Delays::callBehind).gives(0).often(4)
                        .java(op -> STALLS.in("smp.smpCallFunctionSingleAsync($0, new Csd(_ -> stalls.delay("
                                + STUCK_SECONDS + ", false), null));\n"
                                + "smp.smpCallFunctionSingle($0, _ -> { }, null, true);")));
    }

    /**
     * A call waits behind another one, which takes so long that the sender reports it when the other one ends; or
     * behind one that comes after an irq_work which takes that long.
     */
    private static int callBehind(World world, Step step) {
        boolean works = step.arg(1) == Way.IRQ_WORK.ordinal();
        StuckReports.Behind behind = world.handOvers().stuckReports().behind(step, !works);
        Runnable delay = () -> {
            behind.begins();
            of(world).delay(STUCK_SECONDS, false);
            behind.ends();
        };
        if (works) {
            world.kernel().irqWorks().irqWorkQueueOn(IrqWork.of(_ -> delay.run()), step.arg(0));
        }
        Invocation invocation = world.invoke(step);
        World.Queued queued = world.queued(step, invocation, step.arg(0));
        Csd csd = new Csd(SmpCallFunc.named(queued.func().name(), info -> {
            queued.func().call(info);
            if (!works) {
                delay.run();
            }
        }), null);
        queued.done().accept(world.kernel().smp().smpCallFunctionSingleAsync(step.arg(0), csd) == 0);
        world.expect(step, 1, 1);
        for (int turn = 0; step.arg(1) != Way.CSD.ordinal() && !behind.hasBegun(); turn++) {
            Waiter.current().relax(turn);
        }
        return world.kernel().smp().smpCallFunctionSingle(step.arg(0), SmpCallFunc.named(behind.name, _ -> { }), null,
                true);
    }

    /** The caller stays on its CPU and spins there until the function has returned. */
    private static int slowCall(World world, Step step) {
        Invocation invocation = world.invoke(step);
        int here = Cpu.getCpu();
        int result = world.kernel().smp().smpCallFunctionSingle(step.arg(0), info -> {
            of(world).delayCaller(CALL_SECONDS[step.arg(1)], here);
            world.called(step, invocation, step.arg(0)).call(info);
        }, null, true);
        Cpu.putCpu();
        if (result == 0) {
            world.expect(step, 1, 1);
            invocation.mustHaveRun(1);
        }
        return result;
    }
}
