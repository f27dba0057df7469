package org.smp4j.fuzz.production;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Invocation;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.rule.ProgramRule;
import org.smp4j.lib.CpuMask;
import org.smp4j.scenario.oracle.Oracles;

/**
 * Typical users of calls: a mask of users that CPUs leave while it is called, a csd that a flag of its owner guards, a
 * request with IRQs off that is not waited for, an irq_work that is used once and then released.
 */
final class Drivers {
    private Drivers() {
    }

    static List<Production> all() {
        return List.of(
                Production.of("flush", Floor.CALL).calls("Smp.onEachCpuMask").callsMany().in(Where.TASK, Where.ATOMIC)
                        .does(Drivers::flush).often(6).with("leave")
                        .java("smp.onEachCpuMask(users, SmpCallFunc.named(\"flush\", _ -> { }), null, true);"),
                Production.of("leave", Floor.CALL).calls("CpuMask.clearCpu").args(Arg.mask())
                        .does((world, step) -> {
                            for (int cpu = 0; cpu < world.facts().cpus(); cpu++) {
                                if ((step.arg(0) >> cpu & 1) != 0) {
                                    users(world).clearCpu(cpu);
                                }
                            }
                            return 0;
                        }).often(5).with("flush")
                        .java(op -> IntStream.range(0, Program.MOST_CPUS)
                                .filter(cpu -> (op.arg(0) >> cpu & 1) != 0)
                                .mapToObj(cpu -> "users.clearCpu(" + cpu + ");").collect(Collectors.joining("\n"))),
                Production.of("balance", Floor.CALL).calls("Smp.smpCallFunctionSingleAsync", "Csd.new")
                        .args(Arg.steadyCpu()).does(Drivers::balance).often(8).with("softirq")
                        .java("if (!kicked$0.getAndSet(true)) {\n"
                        + "smp.smpCallFunctionSingleAsync($0, balancer$0);\n}"),
                Production.of("softirq", Floor.CALL).calls("Csd.isLocked").args(Arg.steadyCpu()).does((world, step) -> {
                    Balancer balancer = balancer(world, step.arg(0));
                    balancer.softirq();
                    return 0;
                }).often(5).java("kicked$0.get();"),
                Production.of("ask", Floor.CALL).calls("Smp.smpCallFunctionSingleAsync", "LocalIrq.save")
                        .in(Where.INTERRUPTIBLE).args(Arg.steadyCpu()).does(Drivers::ask).gives(0).often(8)
                        .java("boolean flags$id = LocalIrq.save();\n"
                                + "smp.smpCallFunctionSingleAsync($0, new Csd($f, null));\n"
                                + "LocalIrq.restore(flags$id);"),
                Production.of("useonce", Floor.CALL).calls("IrqWorks.irqWorkQueueOn", "IrqWorks.irqWorkSync")
                        .in(Where.TASK).args(Arg.steadyCpu()).does(Drivers::useOnce).often(8)
                        .java("IrqWork work$id = IrqWork.of(_ -> { });\nirqWorks.irqWorkQueueOn(work$id, $0);\n"
                                + "irqWorks.irqWorkSync(work$id);\nOracles.freed(work$id);"));
    }

    private static CpuMask users(World world) {
        return world.shared("users", 0, () -> world.mask(world.facts().all()));
    }

    private static int flush(World world, Step step) {
        broadcast(world.kernel().smp(), users(world), SmpCallFunc.named("flush" + step.id(), _ -> { }));
        return 0;
    }

    private static void broadcast(Smp smp, CpuMask users, SmpCallFunc func) {
        smp.onEachCpuMask(users, func, null, true);
    }

    /** The csd of a CPU that is to balance load, and the flag that is set while it is in use. */
    private static final class Balancer {
        private final AtomicBoolean kicked = new AtomicBoolean();
        private final Csd csd = new Csd(SmpCallFunc.named("nohz_csd_func", _ -> interrupt()), null);

        private void interrupt() {
            release();
            softirq();
        }

        private void release() {
            kicked.set(false);
        }

        /** Of the call, or of an ordinary tick. */
        void softirq() {
            // balances
        }
    }

    private static Balancer balancer(World world, int cpu) {
        return world.shared("balancer", cpu, Balancer::new);
    }

    private static int balance(World world, Step step) {
        Balancer balancer = balancer(world, step.arg(0));
        if (!balancer.kicked.getAndSet(true)) {
            int result = world.kernel().smp().smpCallFunctionSingleAsync(step.arg(0), balancer.csd);
            if (result != 0) {
                ProgramRule.broken("result that is not allowed", step + " has returned " + result
                        + ", and its csd was free");
            }
        }
        return 0;
    }

    private static int ask(World world, Step step) {
        Invocation invocation = world.invoke(step);
        world.expect(step, 1, 1);
        boolean flags = LocalIrq.save();
        send(world.kernel().smp(), step.arg(0), world.called(step, invocation, step.arg(0)));
        LocalIrq.restore(flags);
        return 0;
    }

    private static int useOnce(World world, Step step) {
        Invocation invocation = world.invoke(step);
        world.expect(step, 1, 1);
        IrqWorks irqWorks = world.kernel().irqWorks();
        IrqWork work = IrqWork.of(used -> {
            world.mustBeOn(step, step.arg(0));
            world.run(step, invocation);
            retires(used);
        });
        irqWorks.irqWorkQueueOn(work, step.arg(0));
        reclaims(irqWorks, work, invocation);
        return 0;
    }

    /** The last use of an irq_work by its function. */
    private static void retires(IrqWork work) {
        // its data would be used here
    }

    private static void reclaims(IrqWorks irqWorks, IrqWork work, Invocation invocation) {
        irqWorks.irqWorkSync(work);
        invocation.mustHaveRun(1);
        Oracles.freed(work);
    }

    private static void send(Smp smp, int cpu, SmpCallFunc func) {
        smp.smpCallFunctionSingleAsync(cpu, new Csd(func, null));
    }
}
