package org.smp4j.fuzz.production;

import java.util.List;
import org.smp4j.cpu.Cpu;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Invocation;
import org.smp4j.fuzz.grammar.JavaObject;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Program;
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
    private static final JavaObject STALLS = new JavaObject("stalls", Stalls.class, null);

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
                                + "Cpu.putCpu();")));
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
