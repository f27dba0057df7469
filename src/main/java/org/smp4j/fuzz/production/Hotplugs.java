package org.smp4j.fuzz.production;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Facts;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Situation;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.hotplug.CpuHotplug;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.hotplug.HotplugFiles;
import org.smp4j.lib.Errno;
import org.smp4j.sched.CpuHotplugLock;

/** CPUs that come and go. */
final class Hotplugs {
    /** Hotplug may be disabled. */
    static final String DISABLED = "disabled";
    /** A motion may fail on purpose. */
    static final String INJECTED = "injected";
    /** A callback may fail. */
    static final String FAILS = "fails";
    /** A CPU may stay in a state between offline and online. */
    static final String PARTIAL = "partial";

    private static final int TARGETS = 6;
    private static final int FAULTS = 6;

    private Hotplugs() {
    }

    static List<Production> all() {
        return List.of(
                Production.of("down", Floor.HOTPLUG).calls("CpuHotplug.removeCpu").in(Where.TASK)
                        .only(Tasks::unlocked).locks(_ -> Situation.CPUS).args(Arg.movingCpu())
                        .moving((op, _) -> 1 << op.arg(0)).gives((facts, _) -> down(facts))
                        .does((world, step) -> hotplug(world).removeCpu(step.arg(0))).often(30)
                        .with("up", "async", "single", "ask", "iwq")
                        .java("=hotplug.removeCpu($0)").misuse(HotplugMisuses.motion("removeCpu")),
                Production.of("up", Floor.HOTPLUG).calls("CpuHotplug.addCpu").in(Where.TASK)
                        .only(Tasks::unlocked).locks(_ -> Situation.CPUS).args(Arg.movingCpu())
                        .gives((facts, _) -> up(facts))
                        .does((world, step) -> hotplug(world).addCpu(step.arg(0))).often(25).with("down")
                        .java("=hotplug.addCpu($0)").misuse(HotplugMisuses.motion("addCpu")),
                Production.of("cpudown", Floor.HOTPLUG).calls("CpuHotplug.cpuDown").in(Where.TASK)
                        .only(Tasks::unlocked).locks(_ -> Situation.CPUS).args(Arg.movingCpu())
                        .moving((op, _) -> 1 << op.arg(0)).gives((facts, _) -> down(facts))
                        .does((world, step) -> hotplug(world).cpuDown(step.arg(0))).often(8)
                        .java("=hotplug.cpuDown($0)").misuse(HotplugMisuses.motion("cpuDown")),
                Production.of("cpuup", Floor.HOTPLUG).calls("CpuHotplug.cpuUp").in(Where.TASK)
                        .only(Tasks::unlocked).locks(_ -> Situation.CPUS).args(Arg.movingCpu())
                        .gives((facts, _) -> up(facts))
                        .does((world, step) -> hotplug(world).cpuUp(step.arg(0))).often(8)
                        .java("=hotplug.cpuUp($0)").misuse(HotplugMisuses.motion("cpuUp")),
                Production.of("target", Floor.HOTPLUG).calls("HotplugFiles.setTarget", "CpuHotplug.files")
                        .in(Where.TASK).only(Tasks::unlocked).locks(_ -> Situation.CPUS)
                        .args(Arg.movingCpu(), Arg.choice("state", TARGETS))
                        .moving((op, _) -> 1 << op.arg(0)).marking(PARTIAL)
                        .gives((facts, _) -> with(down(facts), up(facts), new int[] {-Errno.EINVAL}))
                        .does((world, step) -> files(world).setTarget(step.arg(0), target(step.arg(1)))).often(6)
                        .java(op -> "=hotplug.files().setTarget($0, " + target(op.arg(1)) + ")")
                        .misuse(HotplugMisuses.target()),
                // One of all failures, as a second one may come while the first is rolled back, which has to succeed.
                Production.of("fail", Floor.HOTPLUG).calls("HotplugFiles.setFail").in(Where.TASK)
                        .args(Arg.movingCpu(), Arg.choice("state", FAULTS)).once()
                        .only((facts, _, _) -> !facts.has(FAILS)).marking(INJECTED)
                        .gives(0, -Errno.EINVAL)
                        .does((world, step) -> {
                            int state = fault(step.arg(1));
                            return state > CpuhpState.BRINGUP_CPU ? files(world).setFail(step.arg(0), state)
                                    : failWhenOffline(world, step.arg(0), state);
                        }).often(6)
                        .java(op -> fault(op.arg(1)) > CpuhpState.BRINGUP_CPU
                                ? "=hotplug.files().setFail($0, " + fault(op.arg(1)) + ")"
                                : "=failWhenOffline(hotplug, hotplugLock, $0, " + fault(op.arg(1)) + ")")
                        .misuse(HotplugMisuses.fail()),
                Production.of("disable", Floor.HOTPLUG).calls("CpuHotplug.cpuHotplugDisable",
                        "CpuHotplug.cpuHotplugEnable").in(Where.TASK).only(Tasks::unlocked)
                        .locks(_ -> Situation.CPUS).bracket().marking(DISABLED).body((_, at) -> at)
                        .does((world, step) -> {
                            hotplug(world).cpuHotplugDisable();
                            String before = world.kernel().cpus().online.toString();
                            world.body(step);
                            boolean changed = !before.equals(world.kernel().cpus().online.toString());
                            hotplug(world).cpuHotplugEnable();
                            return changed && !world.facts().has("freezes") ? 1 : 0;
                        }).gives(0).often(5)
                        .java("hotplug.cpuHotplugDisable();\n$body\nhotplug.cpuHotplugEnable();")
                        .misuse(HotplugMisuses.disable()),
                Production.of("freeze", Floor.HOTPLUG).calls("CpuHotplug.freezeSecondaryCpus",
                        "CpuHotplug.thawSecondaryCpus").in(Where.TASK).only(Tasks::unlocked)
                        .locks(_ -> Situation.CPUS).args(Arg.steadyCpu()).once().marking(DISABLED, "freezes", PARTIAL)
                        .moving((op, cpus) -> (1 << cpus) - 1 & ~(1 << op.arg(0))).body((_, at) -> at)
                        .gives((facts, _) -> with(down(facts)))
                        .does((world, step) -> {
                            int result = hotplug(world).freezeSecondaryCpus(step.arg(0));
                            world.body(step);
                            hotplug(world).thawSecondaryCpus();
                            return result;
                        }).often(5)
                        .java("=hotplug.freezeSecondaryCpus($0)\n$body\nhotplug.thawSecondaryCpus();"),
                Production.of("look", Floor.HOTPLUG)
                        .calls("HotplugFiles.state", "HotplugFiles.target", "HotplugFiles.fail",
                                "CpuHotplug.cpuDying", "CpuHotplug.cpuhpTasksFrozen", "Cpus.numOnline")
                        .args(Arg.cpu()).does((world, step) -> {
                            HotplugFiles files = files(world);
                            int cpu = step.arg(0);
                            boolean sane = files.state(cpu) <= CpuhpState.ONLINE
                                    && files.target(cpu) <= CpuhpState.ONLINE && files.fail(cpu) <= CpuhpState.ONLINE
                                    && world.kernel().cpus().numOnline() > 0;
                            hotplug(world).cpuDying(cpu);
                            hotplug(world).cpuhpTasksFrozen();
                            return sane ? 0 : 1;
                        }).gives(0).often(3).java("hotplug.files().state($0);"));
    }

    /** {@return a state to move to, by its number} */
    private static int target(int number) {
        return switch (number) {
            case 0 -> CpuhpState.OFFLINE;
            case 1 -> CpuhpState.ONLINE;
            case 2 -> CpuhpState.AP_ACTIVE;
            case 3 -> CpuhpState.AP_ONLINE_IDLE;
            case 4 -> CpuhpState.AP_SMPBOOT_THREADS;
            default -> CpuhpState.SMPCFD_PREPARE;
        };
    }

    /** {@return a state to fail at, by its number} */
    private static int fault(int number) {
        return switch (number) {
            case 0 -> CpuhpState.AP_ACTIVE;
            case 1 -> CpuhpState.AP_SMPBOOT_THREADS;
            case 2 -> CpuhpState.AP_WORKQUEUE_ONLINE;
            case 3 -> CpuhpState.SMPCFD_PREPARE;
            case 4 -> CpuhpState.TEARDOWN_CPU;
            default -> CpuhpState.BRINGUP_CPU;
        };
    }

    /** A prepare state must not fail in a teardown. While its CPU is offline, the next that runs it is a startup. */
    private static int failWhenOffline(World world, int cpu, int state) {
        CpuHotplugLock lock = world.kernel().machine().cpuHotplugLock();
        if (!lock.cpusReadTrylock()) {
            return -Errno.EINVAL;
        }
        int result = files(world).state(cpu) == CpuhpState.OFFLINE ? files(world).setFail(cpu, state) : -Errno.EINVAL;
        lock.cpusReadUnlock();
        return result;
    }

    static CpuHotplug hotplug(World world) {
        return world.kernel().machine().hotplug();
    }

    private static HotplugFiles files(World world) {
        return hotplug(world).files();
    }

    /** The results that a way down may have. */
    static int[] down(Facts facts) {
        boolean last = Integer.bitCount(facts.steady()) == 1 && facts.cpus() > 1;
        return with(new int[] {0, 1}, last || facts.has(DISABLED) ? new int[] {-Errno.EBUSY} : new int[0],
                failures(facts));
    }

    static int[] up(Facts facts) {
        return with(new int[] {0, 1}, facts.has(DISABLED) ? new int[] {-Errno.EBUSY} : new int[0], failures(facts));
    }

    private static int[] failures(Facts facts) {
        return with(facts.has(INJECTED) ? new int[] {-Errno.EAGAIN} : new int[0],
                facts.has(FAILS) ? new int[] {-Errno.EINVAL} : new int[0]);
    }

    private static int[] with(int[]... parts) {
        List<Integer> all = new ArrayList<>();
        for (int[] part : parts) {
            for (int each : part) {
                all.add(each);
            }
        }
        return all.stream().mapToInt(Integer::intValue).toArray();
    }
}
