package org.smp4j.fuzz.production;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Facts;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Invocation;
import org.smp4j.fuzz.grammar.Part;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Situation;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.handover.GracePeriods;
import org.smp4j.fuzz.handover.HandOver;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.program.Player;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Membarrier;
import org.smp4j.sched.Mm;
import org.smp4j.sched.Task;
import org.smp4j.sched.Timers;

/** Tasks: waiting and waking, sleeping, where they run. */
final class Tasks {
    private static final int COMPLETIONS = 2; // those that are waited for without a timeout

    private Tasks() {
    }

    static List<Production> all() {
        return List.of(
                Production.of("wait", Floor.CALL).calls("Completion.waitForCompletion", "Completion.new")
                        .in(Where.TASK).args(Arg.choice("completion", COMPLETIONS)).only(Tasks::unlocked)
                        .takesPart(Part.WAITS, op -> "c" + op.arg(0)).does((world, step) -> {
                            completion(world, step).waitForCompletion();
                            return 0;
                        }).often(12).java("completion$0.waitForCompletion();").misuse(Illegal.sleeps()),
                Production.of("complete", Floor.CALL).calls("Completion.complete")
                        .args(Arg.choice("completion", COMPLETIONS + 1))
                        .takesPart(Part.SIGNALS, op -> "c" + op.arg(0)).does((world, step) -> {
                            completion(world, step).complete();
                            return 0;
                        }).often(12).java("completion$0.complete();"),
                Production.of("completeall", Floor.CALL).calls("Completion.completeAll")
                        .args(Arg.choice("completion", COMPLETIONS + 1))
                        .takesPart(Part.SIGNALS, op -> "c" + op.arg(0)).does((world, step) -> {
                            completion(world, step).completeAll();
                            return 0;
                        }).often(2).java("completion$0.completeAll();"),
                Production.of("trywait", Floor.CALL)
                        .calls("Completion.tryWaitForCompletion", "Completion.completionDone").does((world, _) -> {
                            Completion completion = completion(world, COMPLETIONS);
                            return (completion.completionDone() ? 2 : 0) + (completion.tryWaitForCompletion() ? 1 : 0);
                        }).often(4).java("completion" + COMPLETIONS + ".tryWaitForCompletion();"),
                Production.of("waittime", Floor.SCHED).calls("Completion.waitForCompletionTimeout")
                        .in(Where.TASK).onMachine()
                        .does((world, _) -> completion(world, COMPLETIONS).waitForCompletionTimeout(1_000_000)
                                ? 1 : 0).gives(0, 1).often(6)
                        .java("completion" + COMPLETIONS + ".waitForCompletionTimeout(1_000_000);")
                        .misuse(Illegal.sleeps()),
                Production.of("await", Floor.SCHED).calls("Task.block", "Task.current").in(Where.TASK)
                        .args(Arg.choice("flag", 3)).only(Tasks::unlocked)
                        .takesPart(Part.WAITS, op -> "f" + op.arg(0)).does(Tasks::await).often(15)
                        .java("while (!flag$0.get()) {\nTask.current().block();\n}")
                        .misuse(Illegal.sleeps().args().does((_, _) -> {
                            Task.current().block();
                            return 0;
                        }, "Task.current().block();")),
                Production.of("signal", Floor.SCHED).calls("Task.wake").args(Arg.choice("flag", 3))
                        .takesPart(Part.SIGNALS, op -> "f" + op.arg(0)).does(Tasks::signal).often(15)
                        .java("flag$0.set(true);\nwake($awaiters0);"),
                Production.of("wake", Floor.SCHED).calls("Task.wake", "Task.state", "Task.cpu").args(Arg.task())
                        .does((world, step) -> {
                            Task task = world.task(step.arg(0));
                            if (task != null) {
                                task.wake();
                            }
                            return 0;
                        }).often(6).java("wake(tasks[$0]);"),
                Production.of("yield", Floor.SCHED).calls("Scheduler.yieldCpu").in(Where.TASK).does((world, _) -> {
                    world.kernel().scheduler().yieldCpu();
                    return 0;
                }).often(6).java("scheduler.yieldCpu();").misuse(Illegal.sleeps()),
                Production.of("schedule", Floor.SCHED).calls("Scheduler.schedule").in(Where.TASK)
                        .does((world, _) -> {
                            world.kernel().scheduler().schedule();
                            return 0;
                        }).often(3).java("scheduler.schedule();").misuse(Illegal.sleeps()),
                Production.of("condresched", Floor.SCHED).calls("Scheduler.condResched", "Scheduler.mightSleep")
                        .in(Where.TASK).does((world, _) -> {
                            world.kernel().scheduler().mightSleep("program");
                            world.kernel().scheduler().condResched();
                            return 0;
                        }).often(3).java("scheduler.condResched();").misuse(Illegal.sleeps()),
                Production.of("reschedcpu", Floor.SCHED).calls("Scheduler.reschedCpu").args(Arg.cpu())
                        .in(Where.TASK, Where.ATOMIC).does((world, step) -> {
                            world.kernel().scheduler().reschedCpu(step.arg(0));
                            return 0;
                        }).often(4).java("scheduler.reschedCpu($0);"),
                Production.of("migrate", Floor.SCHED).calls("Task.migrateDisable", "Task.migrateEnable")
                        .in(Where.TASK).bracket().locks(_ -> Situation.MIGRATION)
                        .body((_, at) -> at.holding(Situation.MIGRATION)).does((world, step) -> {
                            Task.migrateDisable();
                            int cpu = Cpu.rawSmpProcessorId();
                            world.body(step);
                            world.mustBeOn(step, cpu);
                            Task.migrateEnable();
                            return 0;
                        }).java("Task.migrateDisable();\n$body\nTask.migrateEnable();")
                        .misuse(TaskMisuses.migrate()),
                Production.of("allowed", Floor.SCHED).calls("Task.affinity").args(Arg.task())
                        .does(Tasks::allowed).gives(0).often(4).with("affinity").java("tasks[$0].affinity();"),
                Production.of("affinity", Floor.SCHED).calls("Scheduler.setCpusAllowedPtr")
                        .in(Where.TASK).only(Tasks::unlocked).onMachine()
                        .args(Arg.task(), Arg.steadyMask()).does(Tasks::affinity).gives(0).often(10)
                        .java("=scheduler.setCpusAllowedPtr(tasks[$0], $m1)").misuse(TaskMisuses.affinity()),
                Production.of("rcu", Floor.SCHED).calls("Rcu.synchronizeRcu", "Scheduler.rcu").in(Where.TASK)
                        .does((world, step) -> gracePeriod(world, step,
                                () -> world.kernel().scheduler().rcu().synchronizeRcu()))
                        .often(5).with("preempt", "irqs", "yield")
                        .java("scheduler.rcu().synchronizeRcu();").misuse(Illegal.sleeps()),
                Production.of("rcuexp", Floor.SCHED)
                        .calls("Rcu.expedited", "ExpeditedGracePeriods.synchronizeRcuExpedited").callsMany()
                        .in(Where.TASK).does((world, step) -> gracePeriod(world, step,
                                () -> world.kernel().scheduler().rcu().expedited().synchronizeRcuExpedited()))
                        .often(5).with("preempt", "irqs").java("scheduler.rcu().expedited().synchronizeRcuExpedited();")
                        .misuse(Illegal.sleeps()),
                Production.of("membarrier", Floor.SCHED)
                        .calls("Membarrier.new", "Membarrier.registerPrivateExpedited", "Membarrier.privateExpedited",
                                "Membarrier.registerGlobalExpedited", "Membarrier.globalExpedited", "Mm.new",
                                "Mm.kthreadUse", "Mm.kthreadUnuse")
                        .callsMany().in(Where.TASK).only(Tasks::unlocked).args(Arg.way("kind", 2))
                        .does(Tasks::membarrier).gives(0).often(8).with("inprocess")
                        .java(op -> "mm.kthreadUse();\n" + (op.arg(0) == 0
                                ? "membarrier.registerPrivateExpedited();\nmembarrier.privateExpedited();\n"
                                : "membarrier.registerGlobalExpedited();\nmembarrier.globalExpedited();\n")
                                + "mm.kthreadUnuse();"),
                Production.of("inprocess", Floor.SCHED).calls("Mm.new", "Mm.kthreadUse", "Mm.kthreadUnuse")
                        .in(Where.TASK).only(Tasks::unlocked).does(Tasks::inProcess).gives(0).often(5)
                        .with("membarrier").java("mm.kthreadUse();\nmm.kthreadUnuse();"),
                Production.of("sleep", Floor.SCHED).calls("Timers.msleep", "Scheduler.timers").in(Where.TASK)
                        .onMachine().args(Arg.choice("milliseconds", 3)).does((world, step) -> {
                            world.kernel().scheduler().timers().msleep(step.arg(0));
                            return 0;
                        }).often(5).java("scheduler.timers().msleep($0);").misuse(Illegal.sleeps()),
                Production.of("timeout", Floor.SCHED).calls("Timers.scheduleTimeout", "Task.blockUntil")
                        .in(Where.TASK).onMachine().args(Arg.choice("jiffies", 3)).does((world, step) -> {
                            world.kernel().scheduler().timers().scheduleTimeout(step.arg(0));
                            return 0;
                        }).often(4).java("scheduler.timers().scheduleTimeout($0);").misuse(Illegal.sleeps()),
                Production.of("timer", Floor.SCHED).calls("Timers.start").onMachine()
                        .args(Arg.choice("milliseconds", 3)).body(Calls::later).surely((_, _) -> true)
                        .does(Tasks::timer).often(6)
                        .java("scheduler.timers().start(System.nanoTime() + $0 * 1_000_000L, () -> $body);")
                        .misuse(Illegal.nothing((world, _) -> {
                            world.kernel().scheduler().timers().start(System.nanoTime(), null);
                            return 0;
                        }, "scheduler.timers().start(System.nanoTime(), null);")),
                Production.of("timercancel", Floor.SCHED).calls("Timers.cancel").onMachine()
                        .args(Arg.choice("milliseconds", 3)).does((world, step) -> {
                            Timers timers = world.kernel().scheduler().timers();
                            timers.cancel(timers.start(System.nanoTime() + step.arg(0) * 1_000_000L, () -> { }));
                            return 0;
                        }).often(3)
                        .java("scheduler.timers().cancel(scheduler.timers().start(System.nanoTime(), () -> { }));"),
                Production.of("spawn", Floor.SCHED).calls("Machine.spawn", "Scheduler.run", "Task.join", "Task.failure")
                        .in(Where.TASK).onMachine().args(Arg.steadyCpu(), Arg.flag())
                        .body((op, at) -> (op.arg(1) != 0 ? at.byAnother() : at.alone()).in(Where.TASK))
                        .does(Tasks::spawn)
                        .often(6).java("Task spawned$id = machine.spawn($0, \"spawned$id\", () -> $body);\n"
                                + "if ($b1) {\nspawned$id.join();\n}").misuse(TaskMisuses.spawn()),
                Production.of("kthread", Floor.SCHED)
                        .calls("Kthread.createOnCpu", "Kthread.startOnce", "Kthread.kthreadPark",
                                "Kthread.kthreadUnpark", "Kthread.kthreadStop", "Kthread.kthreadParkme",
                                "Kthread.kthreadShouldPark", "Kthread.kthreadShouldStop")
                        .in(Where.TASK).onMachine().args(Arg.steadyCpu(), Arg.choice("parks", 3))
                        .body((_, at) -> at.byAnother()).surely((_, _) -> false).does(Tasks::kthread)
                        .gives(0).often(8).java("=kthread(scheduler, $0, $1, () -> $body)")
                        .misuse(TaskMisuses.kthread()));
    }

    static boolean unlocked(Facts facts, Op op, Situation at) {
        return at.held() == Situation.NONE;
    }

    private static Completion completion(World world, Step step) {
        return completion(world, step.arg(0));
    }

    private static Completion completion(World world, int number) {
        return world.shared("completion", number, Completion::new);
    }

    /** What a task waits for. Under a weak memory the wake-up has to hand it over. */
    private static final class Flag {
        private final AtomicBoolean set = new AtomicBoolean();
        private final HandOver handedOver = HandOver.of("", "the waker");

        void set() {
            if (HandOver.isChecked()) {
                handedOver.write();
            } else {
                set.set(true);
            }
        }

        boolean isSet() {
            return HandOver.isChecked() ? handedOver.isSeen() : set.get();
        }
    }

    private static Flag flag(World world, Step step) {
        return world.shared("flag", step.arg(0), Flag::new);
    }

    private static int await(World world, Step step) {
        Flag flag = flag(world, step);
        while (!flag.isSet()) {
            Task.current().block();
        }
        return 0;
    }

    private static int signal(World world, Step step) {
        flag(world, step).set();
        int number = 0;
        for (Player player : world.program().players()) {
            if (player.kind() == Player.Kind.TASK) {
                Task task = world.task(number++);
                if (task != null && awaits(player, step.arg(0))) {
                    task.wake();
                }
            }
        }
        return 0;
    }

    private static boolean awaits(Player player, int flag) {
        for (Op op : player.ops()) {
            if (op.name().equals("await") && op.arg(0) == flag) {
                return true;
            }
        }
        return false;
    }

    private static int membarrier(World world, Step step) {
        Mm mm = world.shared("mm", 0, Mm::new);
        Membarrier membarrier = world.shared("membarrier", 0, () -> new Membarrier(world.kernel().scheduler(),
                world.kernel().hotplugLock()));
        boolean ofAll = step.is(0);
        mm.kthreadUse();
        int[] err = new int[1];
        world.handOvers().barriers().withBarrier(step,
                () -> err[0] |= ofAll ? membarrier.registerGlobalExpedited() : membarrier.registerPrivateExpedited(),
                () -> err[0] |= ofAll ? membarrier.globalExpedited() : membarrier.privateExpedited());
        mm.kthreadUnuse();
        return err[0];
    }

    private static int inProcess(World world, Step step) {
        Mm mm = world.shared("mm", 0, Mm::new);
        mm.kthreadUse();
        world.handOvers().barriers().without(step);
        mm.kthreadUnuse();
        return 0;
    }

    private static int gracePeriod(World world, Step step, Runnable function) {
        GracePeriods.GracePeriod gracePeriod = world.handOvers().gracePeriods().gracePeriod(step);
        function.run();
        world.handOvers().gracePeriods().returned(gracePeriod, step);
        return 0;
    }

    private static int affinity(World world, Step step) {
        Task task = world.task(step.arg(0));
        return task == null ? 0 : world.kernel().scheduler().setCpusAllowedPtr(task, world.mask(step.arg(1)));
    }

    /** Where a task may run: never nowhere, and only on CPUs that there are. */
    private static int allowed(World world, Step step) {
        Task task = world.task(step.arg(0));
        if (task == null) {
            return 0;
        }
        CpuMask mask = task.affinity();
        return Exploring.oldest(() -> mask.first() < world.facts().cpus()) ? 0 : 1;
    }

    private static int timer(World world, Step step) {
        Invocation invocation = world.invoke(step);
        world.expect(step, 1, 1);
        world.kernel().scheduler().timers().start(System.nanoTime() + step.arg(0) * 1_000_000L, () -> {
            world.mustHaveIrqsOff(step);
            world.run(step, invocation);
        });
        return 0;
    }

    private static int spawn(World world, Step step) {
        Invocation invocation = world.invoke(step);
        world.expect(step, 1, 1);
        Task task = world.kernel().machine().spawn(step.arg(0), "spawned" + step.id(),
                () -> world.run(step, invocation));
        if (step.is(1)) {
            task.join();
            invocation.mustHaveRun(1);
            return task.failure() == null ? 0 : 1;
        }
        return 0;
    }

    /** A kernel thread that is parked so many times and unparked, and then stopped. */
    private static int kthread(World world, Step step) {
        Kthread thread = Kthread.createOnCpu(world.kernel().scheduler(), "kthread" + step.id(), step.arg(0), () -> {
            Kthread me = (Kthread) Task.current();
            while (!me.kthreadShouldStop()) {
                if (me.kthreadShouldPark()) {
                    me.kthreadParkme();
                } else {
                    world.body(step);
                    if (!me.kthreadShouldStop() && !me.kthreadShouldPark()) {
                        me.block();
                    }
                }
            }
        });
        thread.startOnce();
        int result = 0;
        for (int i = 0; i < step.arg(1) && result == 0; i++) {
            result = thread.kthreadPark();
            if (result == 0) {
                thread.kthreadUnpark();
            }
        }
        thread.kthreadStop();
        return result;
    }
}
