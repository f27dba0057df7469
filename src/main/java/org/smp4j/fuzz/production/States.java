package org.smp4j.fuzz.production;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.cpu.Cpus;
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
import org.smp4j.fuzz.handover.HandOver;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.rule.ProgramRule;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpMultiCallback;
import org.smp4j.hotplug.CpuhpSetup;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Waiter;
import org.smp4j.stop.CpuStopFn;

/** States of hotplug, with callbacks. */
final class States {
    private States() {
    }

    static List<Production> all() {
        return List.of(
                Production.of("state", Floor.HOTPLUG).calls("CpuhpSetup.setupState", "CpuhpSetup.removeState",
                        "CpuHotplug.setup").in(Where.TASK).only(Tasks::unlocked).locks(_ -> Situation.CPUS)
                        .args(Arg.flag()).body((_, at) -> at).gives(0).does(States::state).often(12)
                        .java("state(hotplug.setup(), $b0, () -> $body);").misuse(HotplugMisuses.state()),
                Production.of("statefails", Floor.HOTPLUG).calls("CpuhpSetup.setupState", "CpuhpSetup.removeState")
                        .in(Where.TASK).only(Tasks::unlocked).locks(_ -> Situation.CPUS)
                        .args(Arg.flag(), Arg.cpu()).body((_, at) -> at).surely((_, _) -> false)
                        .marking(Hotplugs.FAILS)
                        .gives((facts, op) -> facts.moves(op.arg(1)) ? new int[] {0, -Errno.EINVAL}
                                : new int[] {-Errno.EINVAL}).does(States::stateFails).often(5)
                        .java("stateFails(hotplug.setup(), $b0, $1, () -> $body);"),
                Production.of("statesilent", Floor.HOTPLUG)
                        .calls("CpuhpSetup.setupStateNocalls", "CpuhpSetup.removeStateNocalls").in(Where.TASK)
                        .only(Tasks::unlocked).locks(_ -> Situation.CPUS).args(Arg.flag()).body((_, at) -> at)
                        .gives(0).does(States::silent).often(4)
                        .java("stateSilent(hotplug.setup(), $b0, () -> $body);"),
                Production.of("statelocked", Floor.HOTPLUG)
                        .calls("CpuhpSetup.setupStateCpuslocked", "CpuhpSetup.removeStateCpuslocked",
                                "CpuhpSetup.setupStateNocallsCpuslocked", "CpuhpSetup.removeStateNocallsCpuslocked")
                        .in(Where.TASK).only(States::holdsOnlyCpus).args(Arg.flag(), Arg.flag())
                        .body((_, at) -> at).gives(0).does(States::locked).often(8).with("cpusread")
                        .java("stateLocked(hotplug.setup(), $b0, $b1, () -> $body);"),
                Production.of("callback", Floor.HOTPLUG).calls("CpuhpSetup.setupState", "CpuhpSetup.removeState")
                        .in(Where.TASK).only(Tasks::unlocked).locks(_ -> Situation.CPUS).args(Arg.flag())
                        .body((_, at) -> at.holding(Situation.CPUS).in(Where.TASK)).gives(0).does(States::callback)
                        .often(6).java("callback(hotplug.setup(), $b0, () -> $body);"),
                Production.of("inactive", Floor.HOTPLUG).calls("StopMachine.stopMachineFromInactiveCpu")
                        .in(Where.TASK).only(Tasks::unlocked).locks(_ -> Situation.CPUS).args(Arg.movingCpu())
                        .moving((op, _) -> 1 << op.arg(0)).body((_, at) -> at.alone().in(Where.IRQS_OFF))
                        .surely((_, _) -> false).marking(Stops.FROM_INACTIVE).gives(0).does(States::inactive).often(6)
                        .java("inactive(machine, $0, () -> $body);"),
                Production.of("veto", Floor.HOTPLUG).calls("CpuHotplug.archCpuDisable")
                        .in(Where.TASK).only(Tasks::unlocked).locks(_ -> Situation.CPUS)
                        .args(Arg.cpu(), Arg.way("by a thread on no CPU", 2)).bracket().once().marking(Hotplugs.FAILS)
                        .body((_, at) -> at).does(States::veto).often(4).with("down").java(op -> {
                            String set = "hotplug.archCpuDisable(cpu -> cpu == $0 ? -22 : 0)";
                            return (op.arg(1) == 0 ? set + ";\n$body\n" : "Thread outside$id = Thread.ofPlatform()"
                                    + ".start(() -> " + set + ");\n$body\nwhile (outside$id.isAlive()) {\n"
                                    + "Waiter.current().relax(0);\n}\n") + "hotplug.archCpuDisable(_ -> 0);";
                        }),
                Production.of("instances", Floor.HOTPLUG)
                        .calls("CpuhpSetup.setupStateMulti", "CpuhpSetup.addInstance", "CpuhpSetup.removeInstance",
                                "CpuhpSetup.removeMultiState", "CpuhpSetup.addInstanceNocalls",
                                "CpuhpSetup.removeInstanceNocalls")
                        .in(Where.TASK).only(Tasks::unlocked).locks(_ -> Situation.CPUS)
                        .args(Arg.flag(), Arg.flag()).body((_, at) -> at).gives(0).does(States::instances).often(8)
                        .java("instances(hotplug.setup(), $b0, $b1, () -> $body);")
                        .misuse(HotplugMisuses.instances()));
    }

    private static boolean holdsOnlyCpus(Facts facts, Op op, Situation at) {
        return at.reading() && at.held() == Situation.CPUS;
    }

    private static CpuhpSetup setup(World world) {
        return Hotplugs.hotplug(world).setup();
    }

    private static int section(Step step) {
        return step.is(0) ? CpuhpState.BP_PREPARE_DYN : CpuhpState.AP_ONLINE_DYN;
    }

    /** A state, and on which CPUs its startup was called last. */
    private static final class Sides {
        final AtomicIntegerArray up = new AtomicIntegerArray(64);
        final Step step;
        final World world;
        final boolean ap;

        Sides(World world, Step step) {
            this.world = world;
            this.step = step;
            ap = !step.is(0);
        }

        CpuhpCallback startup() {
            return CpuhpCallback.named("up" + step.id(), cpu -> change(cpu, 1));
        }

        CpuhpCallback teardown() {
            return CpuhpCallback.named("down" + step.id(), cpu -> change(cpu, -1));
        }

        private int change(int cpu, int by) {
            if (ap) {
                world.mustBeOn(step, cpu);
            }
            Exploring.quietly(() -> {
                int now = up.addAndGet(cpu, by);
                if (now != 0 && now != 1) {
                    ProgramRule.broken("callback out of turn", "the " + (by > 0 ? "startup" : "teardown") + " of "
                            + step + " was called for CPU " + cpu + ", and was called before");
                }
            });
            return 0;
        }

        void mustBeDown() {
            Exploring.quietly(() -> {
                for (int cpu = 0; cpu < world.facts().cpus(); cpu++) {
                    if (up.get(cpu) != 0) {
                        ProgramRule.broken("callback missing", "the state of " + step
                                + " was removed, and no teardown was called for CPU " + cpu);
                    }
                }
            });
        }
    }

    private static int state(World world, Step step) {
        Sides sides = new Sides(world, step);
        int state = setup(world).setupState(section(step), "s" + step.id(), sides.startup(), sides.teardown());
        if (state < 0) {
            return state;
        }
        world.body(step);
        setup(world).removeState(state);
        sides.mustBeDown();
        return 0;
    }

    /** The startup fails on a CPU: at once, or when that CPU comes up. */
    private static int stateFails(World world, Step step) {
        Sides sides = new Sides(world, step);
        CpuhpCallback startup = sides.startup();
        int state = setup(world).setupState(section(step), "s" + step.id(),
                CpuhpCallback.named("up" + step.id(), cpu -> cpu == step.arg(1) ? -Errno.EINVAL : startup.call(cpu)),
                sides.teardown());
        if (state >= 0) {
            world.body(step);
            setup(world).removeState(state);
        }
        sides.mustBeDown();
        return Math.min(state, 0);
    }

    private static int silent(World world, Step step) {
        CpuhpCallback nothing = CpuhpCallback.named("s" + step.id(), _ -> 0);
        int state = setup(world).setupStateNocalls(section(step), "s" + step.id(), nothing, nothing);
        if (state < 0) {
            return state;
        }
        world.body(step);
        setup(world).removeStateNocalls(state);
        return 0;
    }

    private static int locked(World world, Step step) {
        Sides sides = new Sides(world, step);
        CpuhpSetup setup = setup(world);
        String name = "s" + step.id();
        int state = step.is(1) ? setup.setupStateNocallsCpuslocked(section(step), name, null, null)
                : setup.setupStateCpuslocked(section(step), name, sides.startup(), sides.teardown());
        if (state < 0) {
            return state;
        }
        world.body(step);
        if (step.is(1)) {
            setup.removeStateNocallsCpuslocked(state);
        } else {
            setup.removeStateCpuslocked(state);
            sides.mustBeDown();
        }
        return 0;
    }

    /** The architecture forbids to take a CPU down; a thread that sits on no CPU may say so. */
    private static int veto(World world, Step step) {
        Runnable set = () -> {
            HandOver made = HandOver.written("the thread that sets ", step);
            Hotplugs.hotplug(world).archCpuDisable(cpu -> {
                made.mustBeSeen("a CPU that is taken down under ", step);
                return cpu == step.arg(0) ? -Errno.EINVAL : 0;
            });
        };
        Thread outside = Thread.ofPlatform().unstarted(set);
        if (step.is(1)) {
            outside.start();
        } else {
            set.run();
        }
        world.body(step);
        for (int turn = 0; outside.isAlive(); turn++) {
            Waiter.current().relax(turn);
        }
        Hotplugs.hotplug(world).archCpuDisable(_ -> 0);
        return 0;
    }

    /** The startup does something. */
    private static int callback(World world, Step step) {
        Sides sides = new Sides(world, step);
        CpuhpCallback startup = sides.startup();
        int state = setup(world).setupState(section(step), "s" + step.id(),
                CpuhpCallback.named("up" + step.id(), cpu -> {
                    world.body(step);
                    return startup.call(cpu);
                }), sides.teardown());
        if (state < 0) {
            return state;
        }
        setup(world).removeState(state);
        sides.mustBeDown();
        return 0;
    }

    /** A CPU that comes up stops all others, before it takes tasks. */
    private static int inactive(World world, Step step) {
        Invocation invocation = world.invoke(step);
        CpuhpCallback stops = CpuhpCallback.named("up" + step.id(), cpu -> {
            if (!world.kernel().cpus().active.testCpu(cpu)) {
                // the lowest online CPU runs the function, but only active CPUs are stopped
                Cpus cpus = world.kernel().cpus();
                int first = cpus.online.first();
                int runs = first == cpu || cpus.active.testCpu(first) ? 1 : 0;
                world.expect(step, runs, runs);
                int result = world.kernel().stopMachine().stopMachineFromInactiveCpu(
                        CpuStopFn.named("s" + step.id(), _ -> {
                            world.mustHaveIrqsOff(step);
                            world.run(step, invocation);
                            return 7;
                        }), null, null);
                return result == 7 * runs ? 0 : -Errno.EIO;
            }
            return 0;
        });
        int state = setup(world).setupStateNocalls(CpuhpState.AP_ONLINE_DYN, "s" + step.id(), stops, null);
        if (state < 0) {
            return state;
        }
        Hotplugs.hotplug(world).removeCpu(step.arg(0));
        int result = Hotplugs.hotplug(world).addCpu(step.arg(0));
        setup(world).removeStateNocalls(state);
        return result == -Errno.EIO ? result : 0;
    }

    private static int instances(World world, Step step) {
        Sides[] sides = {new Sides(world, step), new Sides(world, step)};
        CpuhpMultiCallback startup = (cpu, node) -> sides[(Integer) node].change(cpu, 1);
        CpuhpMultiCallback teardown = (cpu, node) -> sides[(Integer) node].change(cpu, -1);
        boolean silent = step.is(1);
        CpuhpSetup setup = setup(world);
        int state = setup.setupStateMulti(section(step), "s" + step.id(), silent ? null : startup,
                silent ? null : teardown);
        if (state < 0) {
            return state;
        }
        int result = add(setup, state, 0, silent);
        result = result == 0 ? add(setup, state, 1, silent) : result;
        world.body(step);
        for (int node = 0; node < 2 && result == 0; node++) {
            result = silent ? setup.removeInstanceNocalls(state, node) : setup.removeInstance(state, node);
        }
        setup.removeMultiState(state);
        sides[0].mustBeDown();
        sides[1].mustBeDown();
        return result;
    }

    private static int add(CpuhpSetup setup, int state, int node, boolean silent) {
        return silent ? setup.addInstanceNocalls(state, node) : setup.addInstance(state, node);
    }
}
