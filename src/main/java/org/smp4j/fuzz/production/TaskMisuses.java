package org.smp4j.fuzz.production;

import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Misuse;
import org.smp4j.fuzz.grammar.Situation;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Task;

/** Illegal uses of tasks. */
final class TaskMisuses {
    private TaskMisuses() {
    }

    static Misuse[] migrate() {
        return new Misuse[] {
            Misuse.of("unbalanced").in(Where.TASK).only((_, _, at) -> at.held() < Situation.MIGRATION)
                    .warns(Task.MIGRATION_ENABLED).does((_, _) -> {
                        Task.migrateEnable();
                        return 0;
                    }, "Task.migrateEnable();")};
    }

    static Misuse[] affinity() {
        return new Misuse[] {
            Illegal.sleeps().args().does((world, _) -> world.kernel().scheduler().setCpusAllowedPtr(Task.current(),
                    world.mask(world.facts().steady())), "scheduler.setCpusAllowedPtr(Task.current(), cpus.online);"),
            Illegal.nothing((world, _) -> world.kernel().scheduler().setCpusAllowedPtr(null, world.mask(1)),
                    "scheduler.setCpusAllowedPtr(null, cpus.online);"),
            Misuse.of("nowhere").in(Where.TASK).only(Tasks::unlocked).args().gives(-Errno.EINVAL)
                    .does((world, _) -> world.kernel().scheduler().setCpusAllowedPtr(Task.current(), world.mask(0)),
                            "=scheduler.setCpusAllowedPtr(Task.current(), new CpuMask(cpus.nrCpuIds))")};
    }

    static Misuse[] spawn() {
        return new Misuse[] {
            Illegal.nothing((world, step) -> {
                world.kernel().machine().spawn(step.arg(0), "nothing", null);
                return 0;
            }, "machine.spawn($0, \"nothing\", null);").args(Arg.steadyCpu()),
            Illegal.noCpu((world, _, cpu) -> {
                world.kernel().machine().spawn(cpu, "nowhere", () -> { });
                return 0;
            }, "machine.spawn($cpu, \"nowhere\", () -> { });").refused(IllegalArgumentException.class)};
    }

    static Misuse[] kthread() {
        return new Misuse[] {
            kthread("parkstwice", -Errno.EBUSY).warns(Kthread.PARK_TWICE).does((world, step) -> {
                Kthread thread = start(world, step);
                int first = thread.kthreadPark();
                int second = thread.kthreadPark();
                thread.kthreadUnpark();
                thread.kthreadStop();
                return first == 0 ? second : first;
            }, "=parksTwice(scheduler, $0)"),
            kthread("parksexiting", -Errno.ENOSYS).warns(Kthread.PARK_EXITING).does((world, step) -> {
                Kthread thread = start(world, step);
                thread.kthreadStop();
                return thread.kthreadPark();
            }, "=parksExiting(scheduler, $0)"),
            // By another thread than itself, and by a thread that stops itself.
            kthread("parksother", 1).does((world, step) -> {
                Kthread thread = start(world, step);
                int refused = isRefused(thread::kthreadParkme) ? 1 : 0;
                thread.kthreadStop();
                return refused;
            }, "=parksOther(scheduler, $0)"),
            Misuse.of("nothing").args().refused(NullPointerException.class).in(Where.TASK).on(Stage.MACHINE)
                    .does((world, _) -> {
                        Kthread.createOnCpu(world.kernel().scheduler(), "nothing", 0, null);
                        return 0;
                    }, "Kthread.createOnCpu(scheduler, \"nothing\", 0, null);"),
            Illegal.noCpu((world, _, cpu) -> {
                Kthread.createOnCpu(world.kernel().scheduler(), "nowhere", cpu, () -> { });
                return 0;
            }, "Kthread.createOnCpu(scheduler, \"nowhere\", $cpu, () -> { });")
                    .refused(IllegalArgumentException.class)};
    }

    private static Misuse kthread(String name, int result) {
        return Misuse.of(name).in(Where.TASK).only(Tasks::unlocked).args(Arg.steadyCpu()).gives(result);
    }

    private static Kthread start(World world, Step step) {
        Kthread thread = Kthread.createOnCpu(world.kernel().scheduler(), "kthread" + step.id(), step.arg(0), () -> {
            Kthread self = (Kthread) Task.current();
            while (!self.kthreadShouldStop()) {
                if (self.kthreadShouldPark()) {
                    self.kthreadParkme();
                } else {
                    self.block();
                }
            }
        });
        thread.startOnce();
        return thread;
    }

    private static boolean isRefused(Runnable call) {
        try {
            call.run();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
