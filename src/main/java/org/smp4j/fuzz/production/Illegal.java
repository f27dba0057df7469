package org.smp4j.fuzz.production;

import org.smp4j.call.CallMany;
import org.smp4j.call.Smp;
import org.smp4j.fuzz.grammar.Act;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Misuse;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.lib.CpuMask;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Scheduler;

/** Illegal uses that several productions have. */
final class Illegal {
    private static final int NO_CPUS = 3;

    private Illegal() {
    }

    private static int noCpu(int which) {
        return which == 0 ? -1 : 50 * which;
    }

    /** A function that may sleep, where a task must not. */
    static Misuse sleeps() {
        return Misuse.of("atomic").in(Where.ATOMIC, Where.IRQS_OFF, Where.HARDIRQ, Where.STOPPER)
                .on(Stage.TASKS, Stage.MACHINE).refused(IllegalStateException.class).warns(Scheduler.WHILE_ATOMIC);
    }

    /** As before, for a function that takes the hotplug lock, which the interrupted task may hold. */
    static Misuse sleepsWithLock() {
        return Misuse.of("atomic")
                .in(Where.ATOMIC, Where.IRQS_OFF, Where.HARDIRQ, Where.STOPPER).on(Stage.TASKS, Stage.MACHINE)
                .refused(IllegalStateException.class).mayWarn(Scheduler.WHILE_ATOMIC, CpuHotplugLock.RECURSIVE);
    }

    /** A call of one CPU with IRQs off. */
    static Misuse singleIrqsOff() {
        return Misuse.of("irqsoff").in(Where.IRQS_OFF).carriedOut().blockingWithIrqsOff()
                .warns(Smp.SINGLE_IRQS_OFF).mayWarn(Smp.SINGLE_NOT_TASK);
    }

    /** A call of many CPUs with IRQs off. */
    static Misuse manyIrqsOff() {
        return Misuse.of("irqsoff").in(Where.IRQS_OFF).carriedOut().blockingWithIrqsOff()
                .warns(CallMany.MANY_IRQS_OFF).mayWarn(CallMany.MANY_NOT_TASK);
    }

    /**
     * A function of the caller that is null.
     *
     * @param act makes the call
     * @param java as it is written
     */
    static Misuse nothing(Act act, String java) {
        return Misuse.of("null").args().refused(NullPointerException.class).does(act, java);
    }

    /** Makes a call for a CPU that does not exist. */
    @FunctionalInterface
    interface ForCpu {
        int call(World world, Step step, int cpu);
    }

    /**
     * A CPU that does not exist.
     *
     * @param act makes the call
     * @param java as it is written, with {@code $cpu} for the CPU
     */
    static Misuse noCpu(ForCpu act, String java) {
        return Misuse.of("nocpu").args(Arg.choice("no cpu", NO_CPUS)).does((world, step) ->
                act.call(world, step, noCpu(step.arg(0))), java.replace("$cpu", "noCpu($0)"));
    }

    /**
     * A mask of another machine.
     *
     * @param act makes the call
     * @param java as it is written
     */
    static Misuse otherMask(Act act, String java) {
        return Misuse.of("mask").args().refused(IllegalArgumentException.class).does(act, java);
    }

    /** {@return a mask of another machine} */
    static CpuMask mask() {
        return CpuMask.of(40, 0);
    }

    /** {@return whether hotplug, or a writer of its lock, is in an operation} */
    static boolean changesCpus(Production production) {
        return production.floor() == Floor.HOTPLUG || production.name().startsWith("cpuswrite")
                || production.name().equals("stopxwriting");
    }
}
