package org.smp4j.fuzz.production;

import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Misuse;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.hotplug.CpuHotplug;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpSetup;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Errno;
import org.smp4j.sched.CpuHotplugLock;

/** Illegal uses of hotplug. */
final class HotplugMisuses {
    private static final String NOTHING_TEXT = "CpuhpCallback.named(\"nothing\", _ -> 0)";

    private HotplugMisuses() {
    }

    private static CpuhpCallback nothing() {
        return CpuhpCallback.named("nothing", _ -> 0);
    }

    private static CpuHotplug hotplug(World world) {
        return Hotplugs.hotplug(world);
    }

    private static CpuhpSetup setup(World world) {
        return hotplug(world).setup();
    }

    private static int move(World world, String function, int cpu) {
        return switch (function) {
            case "removeCpu" -> hotplug(world).removeCpu(cpu);
            case "addCpu" -> hotplug(world).addCpu(cpu);
            case "cpuDown" -> hotplug(world).cpuDown(cpu);
            default -> hotplug(world).cpuUp(cpu);
        };
    }

    /** One of the functions that take a CPU down or bring it up. */
    static Misuse[] motion(String function) {
        return new Misuse[] {
            Illegal.sleeps(),
            Illegal.noCpu((world, _, cpu) -> move(world, function, cpu), "=hotplug." + function + "($cpu)")
                    .in(Where.TASK).only(Tasks::unlocked).gives(-Errno.EINVAL),
            Misuse.of("reading").in(Where.TASK).only((_, _, at) -> at.reading()).inside("cpusread")
                    .args(Arg.cpu()).refused(IllegalStateException.class).warns(CpuHotplugLock.RECURSIVE)
                    .does((world, step) -> move(world, function, step.arg(0)), "hotplug." + function + "($0);")};
    }

    static Misuse[] target() {
        return new Misuse[] {
            Illegal.noCpu((world, _, cpu) -> hotplug(world).files().setTarget(cpu, CpuhpState.ONLINE),
                    "=hotplug.files().setTarget($cpu, " + CpuhpState.ONLINE + ")").gives(-Errno.EINVAL),
            Misuse.of("nostate").args(Arg.cpu()).gives(-Errno.EINVAL).does((world, step) -> hotplug(world).files()
                    .setTarget(step.arg(0), CpuhpState.ONLINE + 1),
                    "=hotplug.files().setTarget($0, " + (CpuhpState.ONLINE + 1) + ")")};
    }

    static Misuse[] fail() {
        return new Misuse[] {
            Illegal.noCpu((world, _, cpu) -> hotplug(world).files().setFail(cpu, CpuhpState.AP_ONLINE_DYN),
                    "=hotplug.files().setFail($cpu, " + CpuhpState.AP_ONLINE_DYN + ")").gives(-Errno.EINVAL),
            Misuse.of("nostate").args(Arg.cpu()).gives(-Errno.EINVAL).does((world, step) -> hotplug(world).files()
                    .setFail(step.arg(0), CpuhpState.ONLINE + 1),
                    "=hotplug.files().setFail($0, " + (CpuhpState.ONLINE + 1) + ")")};
    }

    static Misuse[] disable() {
        return new Misuse[] {
            Illegal.sleeps(),
            // Beside others that disable hotplug it would undo what they did.
            Misuse.of("unbalanced").in(Where.TASK).only(Tasks::unlocked).warns(CpuHotplug.UNBALANCED)
                    .without(other -> other.name().equals("disable") || other.name().equals("freeze"))
                    .does((world, _) -> {
                        hotplug(world).cpuHotplugEnable();
                        return 0;
                    }, "hotplug.cpuHotplugEnable();")};
    }

    static Misuse[] state() {
        return new Misuse[] {
            Illegal.sleepsWithLock(),
            Misuse.of("nostate").in(Where.TASK).only(Tasks::unlocked).args(Arg.flag()).gives(-Errno.EINVAL)
                    .does((world, step) -> setup(world).setupState(step.is(0) ? -1 : CpuhpState.ONLINE, "nostate",
                            nothing(), nothing()), "=hotplug.setup().setupState("
                            + "$b0 ? -1 : CpuhpState.ONLINE, \"nostate\", "
                            + NOTHING_TEXT + ", " + NOTHING_TEXT + ")"),
            Misuse.of("noname").in(Where.TASK).only(Tasks::unlocked).args().gives(-Errno.EINVAL)
                    .does((world, _) -> setup(world).setupState(CpuhpState.AP_ONLINE_DYN, null, nothing(), null),
                            "=hotplug.setup().setupState(CpuhpState.AP_ONLINE_DYN, null, " + NOTHING_TEXT
                                    + ", null)"),
            Misuse.of("removescore").in(Where.TASK).args().refused(IllegalArgumentException.class)
                    .does((world, _) -> {
                        setup(world).removeState(CpuhpState.BRINGUP_CPU);
                        return 0;
                    }, "hotplug.setup().removeState(CpuhpState.BRINGUP_CPU);"),
            // The motion would wait for the callback, and that for the motion.
            Misuse.of("moves").in(Where.TASK).only(Tasks::unlocked).args(Arg.cpu()).gives(1)
                    .warns(CpuHotplugLock.RECURSIVE).does((world, step) -> {
                        boolean[] refused = new boolean[1];
                        int state = setup(world).setupState(CpuhpState.BP_PREPARE_DYN, "moves",
                                CpuhpCallback.named("moves", _ -> {
                                    try {
                                        return hotplug(world).removeCpu(step.arg(0));
                                    } catch (IllegalStateException e) {
                                        refused[0] = true;
                                        return 0;
                                    }
                                }), null);
                        setup(world).removeState(state);
                        return refused[0] ? 1 : 0;
                    }, "=moves(hotplug, $0)")};
    }

    static Misuse[] instances() {
        return new Misuse[] {
            Misuse.of("single").in(Where.TASK).only(Tasks::unlocked).args().gives(-Errno.EINVAL)
                    .does((world, _) -> setup(world).addInstance(CpuhpState.BRINGUP_CPU, 1),
                            "=hotplug.setup().addInstance(CpuhpState.BRINGUP_CPU, 1)"),
            Misuse.of("null").in(Where.TASK).only(Tasks::unlocked).args().refused(NullPointerException.class)
                    .does((world, _) -> setup(world).addInstance(CpuhpState.BRINGUP_CPU, null),
                            "hotplug.setup().addInstance(CpuhpState.BRINGUP_CPU, null);")};
    }
}
