package org.smp4j.fuzz.production;

import java.util.List;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Situation;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Errno;
import org.smp4j.stop.CpuStopFn;

/** Functions of users that throw: the call counts as made, and there is a warning; a condition ends the call. */
final class Throwers {
    private Throwers() {
    }

    static int thrown() {
        throw new IllegalStateException(World.ON_PURPOSE);
    }

    /** A condition that throws for a CPU: the call ends, and the caller gets the exception. */
    private static int condThrows(Smp smp, int bad, boolean wait) {
        try {
            smp.onEachCpuCond((cpu, _) -> cpu != bad || thrown() == 0, SmpCallFunc.named("chosen", _ -> { }), null,
                    wait);
            return 0;
        } catch (IllegalStateException e) {
            return e.getMessage().equals(World.ON_PURPOSE) ? 1 : 2;
        }
    }

    static List<Production> all() {
        return List.of(
                Production.of("throwsingle", Floor.CALL).calls("Smp.smpCallFunctionSingle", "SmpCallFunc.named")
                        .in(Where.TASK).args(Arg.steadyCpu(), Arg.flag()).marking(World.THROWS).gives(0)
                        .does((world, step) -> world.kernel().smp().smpCallFunctionSingle(step.arg(0),
                                SmpCallFunc.named("throws", _ -> thrown()), null, step.is(1))).often(4)
                        .java("=smp.smpCallFunctionSingle($0, SmpCallFunc.named(\"throws\", _ -> thrown()), null, "
                                + "$b1)"),
                Production.of("throwasync", Floor.CALL).calls("Smp.smpCallFunctionSingleAsync")
                        .args(Arg.steadyCpu()).marking(World.THROWS).gives(0)
                        .does((world, step) -> world.kernel().smp().smpCallFunctionSingleAsync(step.arg(0),
                                new Csd(SmpCallFunc.named("throws", _ -> thrown()), null))).often(3)
                        .java("=smp.smpCallFunctionSingleAsync($0, new Csd(SmpCallFunc.named(\"throws\", "
                                + "_ -> thrown()), null))"),
                Production.of("throwcond", Floor.CALL).calls("Smp.onEachCpuCond").callsMany().in(Where.INTERRUPTIBLE)
                        .args(Arg.steadyCpu(), Arg.flag()).gives(1).often(6).does((world, step) ->
                                condThrows(world.kernel().smp(), step.arg(0), step.is(1)))
                        .java("=condThrows(smp, $0, $b1)"),
                Production.of("throwirqwork", Floor.CALL).calls("IrqWorks.irqWorkQueueOn")
                        .args(Arg.steadyCpu()).marking(World.THROWS).gives(1)
                        .does((world, step) -> world.kernel().irqWorks().irqWorkQueueOn(IrqWork.of(_ -> thrown()),
                                step.arg(0)) ? 1 : 0).often(3)
                        .java("?irqWorks.irqWorkQueueOn(IrqWork.of(_ -> thrown()), $0)"),
                Production.of("throwstop", Floor.STOP).calls("StopMachine.stopMachine", "CpuStopFn.named")
                        .in(Where.TASK).only(Tasks::unlocked).locks(_ -> Situation.CPUS).marking(World.THROWS)
                        .gives(-Errno.EIO).does((world, _) -> world.kernel().stopMachine().stopMachine(
                                CpuStopFn.named("throws", _ -> thrown()), null, null)).often(4)
                        .java("=stopMachine.stopMachine(CpuStopFn.named(\"throws\", _ -> thrown()), null, null)"),
                Production.of("throwwork", Floor.SCHED).calls("Workqueue.workOnCpu").onMachine()
                        .in(Where.TASK).args(Arg.cpu()).marking(World.THROWS).gives(-Errno.EIO)
                        .does((world, step) -> world.kernel().machine().workqueue().workOnCpu(step.arg(0),
                                Throwers::thrown)).often(4)
                        .java("=machine.workqueue().workOnCpu($0, () -> thrown())"),
                Production.of("throwstate", Floor.HOTPLUG).calls("CpuhpSetup.setupState", "CpuhpCallback.named")
                        .in(Where.TASK).only(Tasks::unlocked).locks(_ -> Situation.CPUS).args(Arg.flag())
                        .marking(World.THROWS, Hotplugs.FAILS).gives(-Errno.EIO).does((world, step) ->
                                Hotplugs.hotplug(world).setup().setupState(step.is(0) ? CpuhpState.BP_PREPARE_DYN
                                        : CpuhpState.AP_ONLINE_DYN, "throws",
                                        CpuhpCallback.named("throws", _ -> thrown()), null)).often(4)
                        .java("=hotplug.setup().setupState($b0 ? CpuhpState.BP_PREPARE_DYN "
                                + ": CpuhpState.AP_ONLINE_DYN, \"throws\", CpuhpCallback.named(\"throws\", "
                                + "_ -> thrown()), null)"));
    }
}
