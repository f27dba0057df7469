package org.smp4j.fuzz.production;

import org.smp4j.cpu.Preempt;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Misuse;
import org.smp4j.fuzz.grammar.Situation;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.lib.Errno;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;

/** Illegal uses of stoppers. */
final class StopMisuses {
    private static final String NOTHING_TEXT = "CpuStopFn.named(\"nothing\", _ -> 0)";

    private StopMisuses() {
    }

    private static CpuStopFn nothing() {
        return CpuStopFn.named("nothing", _ -> 0);
    }

    private static StopMachine stop(World world) {
        return world.kernel().stopMachine();
    }

    static Misuse[] one() {
        return new Misuse[] {
            Illegal.sleeps(),
            Illegal.noCpu((world, _, cpu) -> stop(world).stopOneCpu(cpu, nothing(), null),
                    "=stopMachine.stopOneCpu($cpu, " + NOTHING_TEXT + ", null)").in(Where.TASK).gives(-Errno.ENOENT),
            Illegal.nothing((world, _) -> stop(world).stopOneCpu(0, null, null),
                    "stopMachine.stopOneCpu(0, null, null);"),
            Misuse.of("leaks").in(Where.TASK).args(Arg.steadyCpu()).gives(0).warnsLater(StopMachine.LEAKED)
                    .does((world, step) -> stop(world).stopOneCpu(step.arg(0), CpuStopFn.named("leaks", _ -> {
                        Preempt.disable();
                        return 0;
                    }), null), "=stopMachine.stopOneCpu($0, CpuStopFn.named(\"leaks\", _ -> "
                            + "Preempt.disable() == null ? 1 : 0), null)")};
    }

    static Misuse[] oneNowait() {
        return new Misuse[] {
            Illegal.noCpu((world, _, cpu) -> stop(world).stopOneCpuNowait(cpu, nothing(), null, new CpuStopWork())
                    ? 1 : 0, "?stopMachine.stopOneCpuNowait($cpu, " + NOTHING_TEXT + ", null, new CpuStopWork())")
                    .gives(0),
            Illegal.nothing((world, _) -> stop(world).stopOneCpuNowait(0, nothing(), null, null) ? 1 : 0,
                    "stopMachine.stopOneCpuNowait(0, " + NOTHING_TEXT + ", null, null);")};
    }

    static Misuse[] two() {
        return new Misuse[] {
            Illegal.sleeps().args(Arg.choice("cpu", 2)).does((world, step) -> stop(world).stopTwoCpus(step.arg(0),
                    1 - step.arg(0), nothing(), null),
                    "stopMachine.stopTwoCpus($0, 1 - $0, " + NOTHING_TEXT + ", null);"),
            Misuse.of("same").args(Arg.cpu()).refused(IllegalArgumentException.class).does((world, step) ->
                    stop(world).stopTwoCpus(step.arg(0), step.arg(0), nothing(), null),
                    "stopMachine.stopTwoCpus($0, $0, " + NOTHING_TEXT + ", null);"),
            Illegal.noCpu((world, _, cpu) -> stop(world).stopTwoCpus(0, cpu, nothing(), null),
                    "=stopMachine.stopTwoCpus(0, $cpu, " + NOTHING_TEXT + ", null)").in(Where.TASK)
                    .gives(-Errno.ENOENT)};
    }

    static Misuse[] machine() {
        return new Misuse[] {
            Illegal.sleepsWithLock(),
            Illegal.nothing((world, _) -> stop(world).stopMachine(null, null, null),
                    "stopMachine.stopMachine(null, null, null);"),
            Illegal.otherMask((world, _) -> stop(world).stopMachine(nothing(), null, Illegal.mask()),
                    "stopMachine.stopMachine(" + NOTHING_TEXT + ", null, CpuMask.of(40, 0));"),
            Misuse.of("writing").in(Where.TASK).on(Stage.MACHINE).only(Tasks::unlocked).args()
                    .refused(IllegalStateException.class).warns(CpuHotplugLock.RECURSIVE).does((world, _) -> {
                        CpuHotplugLock lock = world.kernel().hotplugLock();
                        lock.cpusWriteLock();
                        try {
                            return stop(world).stopMachine(nothing(), null, null);
                        } finally {
                            lock.cpusWriteUnlock();
                        }
                    }, "hotplugLock.cpusWriteLock();\ntry {\nstopMachine.stopMachine(" + NOTHING_TEXT
                            + ", null, null);\n} finally {\nhotplugLock.cpusWriteUnlock();\n}")};
    }

    static Misuse[] locked() {
        return new Misuse[] {
            Illegal.sleeps(),
            Misuse.of("unlocked").in(Where.TASK).only((_, _, at) -> at.depth() == 0 && at.held() == Situation.NONE)
                    .without(Illegal::changesCpus).carriedOut().warns(CpuHotplugLock.NOT_HELD)};
    }
}
