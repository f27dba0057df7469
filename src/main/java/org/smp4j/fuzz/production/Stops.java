package org.smp4j.fuzz.production;

import java.util.List;
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
import org.smp4j.fuzz.handover.StoppedCpus;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.rule.ProgramRule;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;

/** Stoppers. */
final class Stops {
    /** The property of a program in which a CPU that is not active stops the active ones. */
    static final String FROM_INACTIVE = "from inactive";

    private Stops() {
    }

    static List<Production> all() {
        return List.of(
                Production.of("one", Floor.STOP).calls("StopMachine.stopOneCpu").in(Where.TASK).args(Arg.cpu())
                        .body((_, at) -> at.in(Where.STOPPER)).surely((facts, op) -> !facts.moves(op.arg(0)))
                        .gives((facts, op) -> facts.moves(op.arg(0)) ? new int[] {value(op), -Errno.ENOENT}
                                : new int[] {value(op)}).does(Stops::one).often(20)
                        .java("=stopMachine.stopOneCpu($0, $stop, null)").misuse(StopMisuses.one()),
                Production.of("onenowait", Floor.STOP).calls("StopMachine.stopOneCpuNowait", "CpuStopWork.new")
                        .args(Arg.cpu())
                        .body((_, at) -> at.alone().in(Where.STOPPER))
                        .surely((facts, op) -> !facts.moves(op.arg(0)))
                        .gives((facts, op) -> facts.moves(op.arg(0)) ? new int[] {0, 1} : new int[] {1})
                        .does(Stops::oneNowait).often(15)
                        .java("?stopMachine.stopOneCpuNowait($0, $stop, null, new CpuStopWork())")
                        .misuse(StopMisuses.oneNowait()),
                Production.of("two", Floor.STOP).calls("StopMachine.stopTwoCpus").in(Where.TASK)
                        .args(Arg.cpu(), Arg.cpu()).only((facts, op, _) -> mayStopBoth(facts, op))
                        .body((_, at) -> at.in(Where.IRQS_OFF))
                        .surely((facts, op) -> !facts.moves(op.arg(0)) && !facts.moves(op.arg(1)))
                        .gives((facts, op) -> facts.moves(op.arg(0)) || facts.moves(op.arg(1))
                                ? new int[] {value(op), -Errno.ENOENT} : new int[] {value(op)}).does(Stops::two)
                        .often(20).with("stop", "one")
                        .java("=stopMachine.stopTwoCpus($0, $1, $stop, null)").misuse(StopMisuses.two()),
                Production.of("stop", Floor.STOP).calls("StopMachine.stopMachine").in(Where.TASK)
                        .locks(_ -> Situation.CPUS).only(Tasks::unlocked).args(maskOrNone())
                        .body((_, at) -> at.in(Where.IRQS_OFF)).surely(Stops::isReached)
                        .gives(Stops::results).does((world, step) -> machine(world, step, false)).often(20).with("two")
                        .java("=stopMachine.stopMachine($stop, null, $n0)").misuse(StopMisuses.machine()),
                Production.of("stoplocked", Floor.STOP).calls("StopMachine.stopMachineCpuslocked").in(Where.TASK)
                        .only((_, _, at) -> at.reading()).args(maskOrNone())
                        .body((_, at) -> at.in(Where.IRQS_OFF)).surely(Stops::isReached)
                        .gives(Stops::results).does((world, step) -> machine(world, step, true)).often(15)
                        .with("cpusread")
                        .java("=stopMachine.stopMachineCpuslocked($stop, null, $n0)")
                        .misuse(StopMisuses.locked()),
                Production.of("core", Floor.STOP).calls("StopMachine.stopCoreCpuslocked").in(Where.TASK)
                        .only((_, _, at) -> at.reading()).args(Arg.cpu())
                        .body((_, at) -> at.in(Where.IRQS_OFF)).surely((facts, op) -> !facts.moves(op.arg(0)))
                        .gives((facts, op) -> facts.moves(op.arg(0)) ? new int[] {value(op), -Errno.ENOENT}
                                : new int[] {value(op)}).does(Stops::core).often(8).with("cpusread")
                        .java("=stopMachine.stopCoreCpuslocked($0, $stop, null)").misuse(StopMisuses.locked()),
                Production.of("stopinfo", Floor.STOP).calls("StopMachine.printStopInfo").args(Arg.cpu())
                        .does(Stops::info).gives(0).often(4).with("one", "onenowait", "stop")
                        .java("stopMachine.printStopInfo($0);")
                        .misuse(Illegal.noCpu((world, _, cpu) ->
                                world.kernel().stopMachine().printStopInfo(cpu) == null ? 0 : 1,
                                "stopMachine.printStopInfo($cpu);").refused(IllegalArgumentException.class)));
    }

    /** A CPU that comes up and stops the active ones must not be stopped together with one of them. */
    private static boolean mayStopBoth(Facts facts, Op op) {
        return op.arg(0) != op.arg(1)
                && !(facts.has(FROM_INACTIVE) && (facts.moves(op.arg(0)) || facts.moves(op.arg(1))));
    }

    /** CPUs as bits; 0 for no mask. */
    private static Arg maskOrNone() {
        return new Arg("mask or none", Arg.Kind.MASK, (draws, facts) -> draws.below(facts.all() + 1),
                (value, facts) -> value <= facts.all());
    }

    private static boolean isReached(Facts facts, Op op) {
        return op.arg(0) == 0 || (op.arg(0) & facts.steady()) != 0;
    }

    private static int[] results(Facts facts, Op op) {
        return isReached(facts, op) ? new int[] {value(op)} : new int[] {0, value(op)};
    }

    static int value(Op op) {
        return 7 + op.arg(0);
    }

    private static CpuStopFn stopped(World world, Step step, Invocation invocation, int cpu, int stopped) {
        String caller = Task.current().comm();
        String name = "s" + step.id();
        return CpuStopFn.named(name, _ -> {
            world.mustBeOn(step, cpu);
            if (stopped >= 0) {
                world.mustHaveIrqsOff(step);
                mustBeStopped(world, step, stopped);
            }
            int here = Cpu.rawSmpProcessorId();
            world.handOvers().stops().begins(here, name, caller);
            world.run(step, invocation);
            world.handOvers().stops().ends(here, step, stopped < 0 ? 0 : online(world, stopped));
            return value(step.op());
        });
    }

    private static int online(World world, int cpus) {
        int[] online = new int[1];
        Exploring.quietly(() -> {
            for (int cpu = 0; cpu < world.facts().cpus(); cpu++) {
                online[0] |= (cpus & 1 << cpu) != 0 && world.kernel().cpus().cpu(cpu).isOnline() ? 1 << cpu : 0;
            }
        });
        return online[0];
    }

    /** CPUs that wait for a function must have IRQs off while it runs. */
    private static void mustBeStopped(World world, Step step, int cpus) {
        Exploring.quietly(() -> {
            for (int cpu = 0; cpu < world.facts().cpus(); cpu++) {
                Cpu each = world.kernel().cpus().cpu(cpu);
                if ((cpus >> cpu & 1) != 0 && each.isOnline() && !each.irqsDisabled()) {
                    ProgramRule.broken("not stopped", each + " has IRQs on while the function of " + step
                            + " runs, for which it is stopped");
                }
            }
        });
    }

    private static int one(World world, Step step) {
        Invocation invocation = world.invoke(step);
        int result = world.kernel().stopMachine().stopOneCpu(step.arg(0),
                stopped(world, step, invocation, step.arg(0), -1), null);
        return waited(world, step, invocation, result, 1, 1);
    }

    /** What a stopper runs. The function that runs from before the question to after it has one caller. */
    private static int info(World world, Step step) {
        int cpu = step.arg(0);
        StoppedCpus.Run before = world.handOvers().stops().running(cpu);
        String info = world.kernel().stopMachine().printStopInfo(cpu);
        if (info == null) {
            return 0;
        }
        boolean isOfRun = before != null && before == world.handOvers().stops().running(cpu)
                && info.startsWith("Stopper: " + before.function + "+");
        return info.startsWith("Stopper: ") && (!isOfRun || info.endsWith(" <- " + before.caller)) ? 0 : 1;
    }

    private static int waited(World world, Step step, Invocation invocation, int result, int least, int most) {
        if (result >= 0) {
            world.expect(step, least, most);
            invocation.mustHaveRun(least);
        }
        return result;
    }

    private static int oneNowait(World world, Step step) {
        Invocation invocation = world.invoke(step);
        boolean queued = world.kernel().stopMachine().stopOneCpuNowait(step.arg(0),
                stopped(world, step, invocation, step.arg(0), -1), null, new CpuStopWork());
        world.expect(step, queued ? 1 : 0, queued ? 1 : 0);
        return queued ? 1 : 0;
    }

    private static int two(World world, Step step) {
        Invocation invocation = world.invoke(step);
        int result = world.kernel().stopMachine().stopTwoCpus(step.arg(0), step.arg(1),
                stopped(world, step, invocation, step.arg(0), 1 << step.arg(0) | 1 << step.arg(1)), null);
        return waited(world, step, invocation, result, 1, 1);
    }

    private static int machine(World world, Step step, boolean locked) {
        Invocation invocation = world.invoke(step);
        CpuMask mask = step.is(0) ? world.mask(step.arg(0)) : null;
        CpuStopFn func = stopped(world, step, invocation, -1, world.facts().all());
        StopMachine stop = world.kernel().stopMachine();
        int result = locked ? stop.stopMachineCpuslocked(func, null, mask) : stop.stopMachine(func, null, mask);
        int least = step.is(0) ? Integer.bitCount(step.arg(0) & world.facts().steady()) : 1;
        int most = step.is(0) ? Integer.bitCount(step.arg(0)) : 1;
        return waited(world, step, invocation, result, least, most);
    }

    private static int core(World world, Step step) {
        Invocation invocation = world.invoke(step);
        int result = world.kernel().stopMachine().stopCoreCpuslocked(step.arg(0),
                stopped(world, step, invocation, step.arg(0), 1 << step.arg(0)), null);
        return waited(world, step, invocation, result, 1, 1);
    }
}
