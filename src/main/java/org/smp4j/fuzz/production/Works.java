package org.smp4j.fuzz.production;

import java.util.List;
import java.util.function.IntSupplier;
import org.smp4j.cpu.Preempt;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Invocation;
import org.smp4j.fuzz.grammar.Misuse;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Op;
import org.smp4j.lib.Errno;
import org.smp4j.sched.SmpbootThreads;
import org.smp4j.sched.Workqueue;

/** Works of the kernel's workers, and per-CPU kernel threads. */
final class Works {
    private Works() {
    }

    static List<Production> all() {
        return List.of(
                Production.of("work", Floor.SCHED).calls("Workqueue.workOnCpu").in(Where.TASK)
                        .onMachine().args(Arg.cpu()).body((_, at) -> at.byAnother().in(Where.TASK))
                        .gives((_, op) -> new int[] {value(op)}).does((world, step) -> waits(world, step, false))
                        .java("=machine.workqueue().workOnCpu($0, $supplier)").misuse(Illegal.sleeps(),
                                Illegal.noCpu((world, _, cpu) -> world.kernel().machine().workqueue()
                                        .workOnCpu(cpu, () -> 0), "machine.workqueue().workOnCpu($cpu, () -> 0);")
                                        .in(Where.TASK).refused(IllegalArgumentException.class)),
                Production.of("smpcall", Floor.SCHED).calls("Workqueue.smpCallOnCpu").in(Where.TASK)
                        .onMachine().args(Arg.cpu()).body((_, at) -> at.byAnother().in(Where.TASK))
                        .surely((facts, op) -> !facts.moves(op.arg(0)))
                        .gives((facts, op) -> facts.moves(op.arg(0)) ? new int[] {value(op), -Errno.ENXIO}
                                : new int[] {value(op)}).does((world, step) -> waits(world, step, true)).often(6)
                        .java("=machine.workqueue().smpCallOnCpu($0, $supplier)").misuse(Illegal.sleeps(),
                                Illegal.noCpu((world, _, cpu) -> world.kernel().machine().workqueue()
                                        .smpCallOnCpu(cpu, () -> 0), "=machine.workqueue().smpCallOnCpu($cpu, () -> 0)")
                                        .in(Where.TASK).gives(-Errno.ENXIO)),
                Production.of("queuework", Floor.SCHED).calls("Workqueue.queueWorkOn")
                        .onMachine().args(Arg.cpu()).body((_, at) -> at.alone().in(Where.TASK))
                        .does((world, step) -> {
                            Invocation invocation = world.invoke(step);
                            world.expect(step, 1, 1);
                            world.kernel().machine().workqueue().queueWorkOn(step.arg(0),
                                    () -> world.run(step, invocation));
                            return 0;
                        }).often(6).java("machine.workqueue().queueWorkOn($0, () -> $body);")
                        .misuse(Illegal.nothing((world, _) -> {
                            world.kernel().machine().workqueue().queueWorkOn(0, null);
                            return 0;
                        }, "machine.workqueue().queueWorkOn(0, null);"),
                                Misuse.of("leaks").args(Arg.steadyCpu()).warnsLater(Workqueue.LEAKED)
                                        .does((world, step) -> {
                                            world.kernel().machine().workqueue().queueWorkOn(step.arg(0),
                                                    Preempt::disable);
                                            return 0;
                                        }, "machine.workqueue().queueWorkOn($0, Preempt::disable);")),
                Production.of("smpboot", Floor.HOTPLUG).calls("SmpbootThreads.register", "SmpbootThreads.unregister")
                        .in(Where.TASK).only(Tasks::unlocked).body((_, at) -> at).does(Works::smpboot).often(5)
                        .java("smpboot(machine, () -> $body);"));
    }

    /** What the function of an operation returns. */
    static int value(Op op) {
        return 7 + op.arg(0);
    }

    private static int waits(World world, Step step, boolean checked) {
        Invocation invocation = world.invoke(step);
        IntSupplier func = () -> {
            if (!world.facts().moves(step.arg(0))) {
                world.mustBeOn(step, step.arg(0));
            }
            world.run(step, invocation);
            return value(step.op());
        };
        int result = checked ? world.kernel().machine().workqueue().smpCallOnCpu(step.arg(0), func)
                : world.kernel().machine().workqueue().workOnCpu(step.arg(0), func);
        if (result >= 0) {
            world.expect(step, 1, 1);
            invocation.mustHaveRun(1);
        }
        return result;
    }

    /** Threads that have nothing to do; they park with their CPUs. */
    private static int smpboot(World world, Step step) {
        SmpbootThreads.HotplugThread kind = new SmpbootThreads.HotplugThread() {
            @Override
            public String comm(int cpu) {
                return "smpboot" + step.id() + "/" + cpu;
            }

            @Override
            public boolean threadShouldRun(int cpu) {
                return false;
            }

            @Override
            public void threadFn(int cpu) {
                throw new IllegalStateException(comm(cpu) + " has nothing to do");
            }

            @Override
            public void unpark(int cpu) {
                world.mustBeOn(step, cpu);
            }
        };
        world.kernel().machine().smpbootThreads().register(kind);
        world.body(step);
        world.kernel().machine().smpbootThreads().unregister(kind);
        return 0;
    }
}
