package org.smp4j.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.smp4j.fuzz.grammar.Facts;
import org.smp4j.fuzz.program.Stage;

/** What the source of a generated test needs besides the operations: variables, methods and imports. */
final class JavaHelpers {
    private static final List<String> CLASSES = List.of("org.smp4j.Machine", "org.smp4j.call.Csd",
            "org.smp4j.call.IrqWork", "org.smp4j.call.IrqWorks", "org.smp4j.call.Smp", "org.smp4j.call.SmpCallFunc",
            "org.smp4j.cpu.Cpu", "org.smp4j.cpu.Cpus", "org.smp4j.cpu.LocalIrq", "org.smp4j.cpu.Preempt",
            "org.smp4j.explore.Exploring", "org.smp4j.explore.memory.MemoryModel", "org.smp4j.fuzz.run.Play",
            "org.smp4j.hotplug.CpuHotplug", "org.smp4j.hotplug.CpuhpCallback",
            "org.smp4j.hotplug.CpuhpSetup", "org.smp4j.hotplug.CpuhpState", "org.smp4j.junit.Explore",
            "org.smp4j.lib.Completion", "org.smp4j.lib.CpuMask", "org.smp4j.lib.LlistHead", "org.smp4j.lib.LlistNode",
            "org.smp4j.lib.RawSpinLock", "org.smp4j.lib.Waiter", "org.smp4j.lib.Warnings",
            "org.smp4j.scenario.CallScenario", "org.smp4j.scenario.MachineScenario",
            "org.smp4j.scenario.TaskScenario", "org.smp4j.scenario.oracle.Oracles",
            "org.smp4j.sched.CpuHotplugLock", "org.smp4j.sched.Kthread",
            "org.smp4j.sched.Membarrier", "org.smp4j.sched.Mm",
            "org.smp4j.sched.Mutex", "org.smp4j.sched.PercpuRwsem", "org.smp4j.sched.Scheduler",
            "org.smp4j.sched.SmpbootThreads", "org.smp4j.sched.Task", "org.smp4j.stop.CpuStopFn",
            "org.smp4j.stop.CpuStopWork", "org.smp4j.stop.StopMachine", "java.util.List",
            "java.util.concurrent.atomic.AtomicBoolean");

    private JavaHelpers() {
    }

    /** {@return the classes to import for a source} */
    static List<String> imports(String code) {
        return CLASSES.stream().filter(name -> uses(code, name.substring(name.lastIndexOf('.') + 1))).toList();
    }

    private static boolean uses(String code, String word) {
        return Pattern.compile("\\b" + word + "\\b").matcher(code).find();
    }

    /** {@return the methods that a source calls, and those that they call} */
    static String usedBy(String body) {
        StringBuilder all = new StringBuilder();
        List<String> left = new ArrayList<>(METHODS.lines().reduce(new ArrayList<String>(), (blocks, line) -> {
            if (blocks.isEmpty() || line.isEmpty()) {
                blocks.add("");
            }
            blocks.set(blocks.size() - 1, blocks.getLast() + line + "\n");
            return blocks;
        }, (a, _) -> a));
        for (boolean more = true; more; ) {
            more = false;
            for (String block : List.copyOf(left)) {
                String head = block.strip().lines().findFirst().orElse("");
                String name = head.replaceAll("\\(.*", "").replaceAll(".* ", "");
                if (Pattern.compile("\\b" + name + "\\(").matcher(body + all).find()) {
                    all.append('\n').append(block.strip().indent(4));
                    left.remove(block);
                    more = true;
                }
            }
        }
        return all.toString();
    }

    /** {@return the declarations of variables by their names} */
    static Map<String, String> locals(Stage stage, Facts facts) {
        Map<String, String> all = new LinkedHashMap<>();
        boolean booted = stage == Stage.MACHINE;
        all.put("smp", "Smp smp = " + (booted ? "machine." : "") + "smp();");
        all.put("irqWorks", "IrqWorks irqWorks = " + (booted ? "machine.irqWorks();"
                : stage == Stage.TASKS ? "irqWorks();" : "new IrqWorks(smp());"));
        all.put("scheduler", "Scheduler scheduler = " + (booted ? "machine." : "") + "scheduler();");
        all.put("stopMachine", "StopMachine stopMachine = " + (booted ? "machine." : "") + "stopMachine();");
        all.put("hotplugLock", "CpuHotplugLock hotplugLock = " + (booted ? "machine.cpuHotplugLock();"
                : "hotplugLock();"));
        all.put("hotplug", "CpuHotplug hotplug = machine.hotplug();");
        all.put("warnings", "Warnings warnings = " + (booted ? "machine.warnings();" : "cpus().warnings;"));
        all.put("cpus", "Cpus cpus = " + (booted ? "machine." : "") + "cpus();");
        for (int i = 0; i < 3; i++) {
            all.put("completion" + i, "Completion completion" + i + " = new Completion();");
            all.put("flag" + i, "AtomicBoolean flag" + i + " = new AtomicBoolean();");
            all.put("mutex" + i, "Mutex mutex" + i + " = new Mutex();");
            all.put("spin" + i, "RawSpinLock spin" + i + " = new RawSpinLock();");
        }
        for (int i = 0; i < 4; i++) {
            all.put("irqWork" + i, "IrqWork irqWork" + i + " = IrqWork." + (i < 2 ? "of" : i == 2 ? "hard" : "lazy")
                    + "(_ -> { });");
        }
        all.put("rwsem", "PercpuRwsem rwsem = new PercpuRwsem(" + (booted ? "machine." : "") + "scheduler());");
        all.put("mm", "Mm mm = new Mm();");
        all.put("membarrier", "Membarrier membarrier = new Membarrier(" + (booted
                ? "machine.scheduler(), machine.cpuHotplugLock());" : "scheduler(), hotplugLock());"));
        all.put("list", "LlistHead list = new LlistHead();");
        all.put("firstList", "LlistHead firstList = new LlistHead();");
        all.put("thisList", "LlistHead thisList = new LlistHead();");
        all.put("mask", "CpuMask mask = new CpuMask(64);");
        StringBuilder every = new StringBuilder();
        for (int cpu = 0; cpu < facts.cpus(); cpu++) {
            every.append(", ").append(cpu);
            // one after the other: the second uses the first
            all.put("kicked" + cpu, "AtomicBoolean kicked" + cpu + " = new AtomicBoolean();");
            all.put("balancer" + cpu, "Csd balancer" + cpu + " = new Csd(SmpCallFunc.named(\"nohz_csd_func\", "
                    + "_ -> kicked" + cpu + ".set(false)), null);");
        }
        all.put("users", "CpuMask users = CpuMask.of(" + facts.cpus() + every + ");");
        return all;
    }

    private static final String METHODS = """
            private static void expect(String what, int result, int... allowed) {
                for (int each : allowed) {
                    if (each == result) {
                        return;
                    }
                }
                Exploring.broken("result that is not allowed", what + " has returned " + result, List.of());
            }

            private static int failWhenOffline(CpuHotplug hotplug, CpuHotplugLock lock, int cpu, int state) {
                if (!lock.cpusReadTrylock()) {
                    return -22;
                }
                boolean offline = hotplug.files().state(cpu) == CpuhpState.OFFLINE;
                int result = offline ? hotplug.files().setFail(cpu, state) : -22;
                lock.cpusReadUnlock();
                return result;
            }

            private static void refused(Class<? extends RuntimeException> type, Runnable use) {
                try {
                    use.run();
                } catch (RuntimeException e) {
                    if (type.isInstance(e)) {
                        return;
                    }
                    throw e;
                }
                Exploring.broken("misuse not refused", "no " + type.getSimpleName() + " was thrown", List.of());
            }

            private static void warned(Warnings warnings, String site) {
                Exploring.quietly(() -> {
                    if (warnings.list().stream().noneMatch(each -> each.site().name().equals(site))) {
                        Exploring.broken("misuse without a warning", "no warning of " + site, List.of());
                    }
                });
            }

            private static int noCpu(int which) {
                return which == 0 ? -1 : 50 * which;
            }

            private static Kthread started(Scheduler scheduler, int cpu) {
                Kthread thread = Kthread.createOnCpu(scheduler, "kthread", cpu, () -> {
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

            private static int parksTwice(Scheduler scheduler, int cpu) {
                Kthread thread = started(scheduler, cpu);
                int first = thread.kthreadPark();
                int second = thread.kthreadPark();
                thread.kthreadUnpark();
                thread.kthreadStop();
                return first == 0 ? second : first;
            }

            private static int parksExiting(Scheduler scheduler, int cpu) {
                Kthread thread = started(scheduler, cpu);
                thread.kthreadStop();
                return thread.kthreadPark();
            }

            private static int parksOther(Scheduler scheduler, int cpu) {
                Kthread thread = started(scheduler, cpu);
                refused(IllegalStateException.class, thread::kthreadParkme);
                thread.kthreadStop();
                return 1;
            }

            private static int moves(CpuHotplug hotplug, int cpu) {
                int state = hotplug.setup().setupState(CpuhpState.BP_PREPARE_DYN, "moves",
                        CpuhpCallback.named("moves", _ -> {
                            refused(IllegalStateException.class, () -> hotplug.removeCpu(cpu));
                            return 0;
                        }), null);
                hotplug.setup().removeState(state);
                return 1;
            }

            private static int condThrows(Smp smp, int bad, boolean wait) {
                try {
                    smp.onEachCpuCond((cpu, _) -> cpu != bad || thrown() == 0, SmpCallFunc.named("chosen", _ -> { }),
                            null, wait);
                    return 0;
                } catch (IllegalStateException e) {
                    return e.getMessage().equals("thrown on purpose") ? 1 : 2;
                }
            }

            private static int thrown() {
                throw new IllegalStateException("thrown on purpose");
            }

            private static void wake(Task... tasks) {
                for (Task task : tasks) {
                    task.wake();
                }
            }

            private static void addTwo(LlistHead list) {
                LlistNode last = new LlistNode();
                LlistNode first = new LlistNode();
                first.setNext(last);
                list.addBatch(first, last);
            }

            private static void changeOwnBit(CpuMask mask, int bit, boolean plainly) {
                if (plainly) {
                    mask.setCpu(bit);
                } else {
                    mask.testAndSetCpu(bit);
                }
                expect("the bit", mask.testCpu(bit) ? 1 : 0, 1);
                if (plainly) {
                    mask.clearCpu(bit);
                } else {
                    mask.testAndClearCpu(bit);
                }
                expect("the bit", mask.testCpu(bit) ? 1 : 0, 0);
            }

            private static int lend(Smp smp, int cpu, SmpCallFunc func) {
                AtomicBoolean ran = new AtomicBoolean();
                Csd csd = new Csd(SmpCallFunc.named(func.name(), info -> {
                    func.call(info);
                    ran.set(true);
                }), null);
                int result = smp.smpCallFunctionSingleAsync(cpu, csd);
                if (result == 0) {
                    for (int turn = 0; !ran.get(); turn++) {
                        Waiter.current().relax(turn);
                    }
                    Oracles.freed(csd);
                }
                return result;
            }

            private static int kthread(Scheduler scheduler, int cpu, int parks, Runnable body) {
                Kthread thread = Kthread.createOnCpu(scheduler, "kthread", cpu, () -> {
                    Kthread self = (Kthread) Task.current();
                    while (!self.kthreadShouldStop()) {
                        if (self.kthreadShouldPark()) {
                            self.kthreadParkme();
                        } else {
                            body.run();
                            if (!self.kthreadShouldStop() && !self.kthreadShouldPark()) {
                                self.block();
                            }
                        }
                    }
                });
                thread.startOnce();
                int result = 0;
                for (int i = 0; i < parks && result == 0; i++) {
                    result = thread.kthreadPark();
                    thread.kthreadUnpark();
                }
                thread.kthreadStop();
                return result;
            }

            private static void smpboot(Machine machine, Runnable body) {
                SmpbootThreads.HotplugThread kind = new SmpbootThreads.HotplugThread() {
                    @Override
                    public String comm(int cpu) {
                        return "smpboot/" + cpu;
                    }
                    @Override
                    public boolean threadShouldRun(int cpu) {
                        return false;
                    }
                    @Override
                    public void threadFn(int cpu) {
                    }
                };
                machine.smpbootThreads().register(kind);
                body.run();
                machine.smpbootThreads().unregister(kind);
            }

            private static int section(boolean prepare) {
                return prepare ? CpuhpState.BP_PREPARE_DYN : CpuhpState.AP_ONLINE_DYN;
            }

            private static CpuhpCallback nothing() {
                return CpuhpCallback.named("nothing", _ -> 0);
            }

            private static void state(CpuhpSetup setup, boolean prepare, Runnable body) {
                int state = setup.setupState(section(prepare), "state", nothing(), nothing());
                expect("setupState", Math.min(state, 0), 0);
                body.run();
                setup.removeState(state);
            }

            private static void stateFails(CpuhpSetup setup, boolean prepare, int fails, Runnable body) {
                int state = setup.setupState(section(prepare), "state",
                        CpuhpCallback.named("fails", cpu -> cpu == fails ? -22 : 0), nothing());
                if (state >= 0) {
                    body.run();
                    setup.removeState(state);
                }
            }

            private static void stateSilent(CpuhpSetup setup, boolean prepare, Runnable body) {
                int state = setup.setupStateNocalls(section(prepare), "state", nothing(), nothing());
                expect("setupStateNocalls", Math.min(state, 0), 0);
                body.run();
                setup.removeStateNocalls(state);
            }

            private static void stateLocked(CpuhpSetup setup, boolean prepare, boolean silent, Runnable body) {
                int state = silent ? setup.setupStateNocallsCpuslocked(section(prepare), "state", null, null)
                        : setup.setupStateCpuslocked(section(prepare), "state", nothing(), nothing());
                expect("setupStateCpuslocked", Math.min(state, 0), 0);
                body.run();
                if (silent) {
                    setup.removeStateNocallsCpuslocked(state);
                } else {
                    setup.removeStateCpuslocked(state);
                }
            }

            private static void callback(CpuhpSetup setup, boolean prepare, Runnable body) {
                int state = setup.setupState(section(prepare), "state", CpuhpCallback.named("up", _ -> {
                    body.run();
                    return 0;
                }), nothing());
                expect("setupState", Math.min(state, 0), 0);
                setup.removeState(state);
            }

            private static void instances(CpuhpSetup setup, boolean prepare, boolean silent, Runnable body) {
                int state = setup.setupStateMulti(section(prepare), "state", silent ? null : (cpu, node) -> 0,
                        silent ? null : (cpu, node) -> 0);
                expect("setupStateMulti", Math.min(state, 0), 0);
                for (Object node : List.of(0, 1)) {
                    expect("addInstance", silent ? setup.addInstanceNocalls(state, node)
                            : setup.addInstance(state, node), 0);
                }
                body.run();
                for (Object node : List.of(0, 1)) {
                    expect("removeInstance", silent ? setup.removeInstanceNocalls(state, node)
                            : setup.removeInstance(state, node), 0);
                }
                setup.removeMultiState(state);
            }

            private static void inactive(Machine machine, int cpu, Runnable body) {
                CpuhpSetup setup = machine.hotplug().setup();
                int state = setup.setupStateNocalls(CpuhpState.AP_ONLINE_DYN, "state",
                        CpuhpCallback.named("up", here -> {
                            if (!machine.cpus().active.testCpu(here)) {
                                int result = machine.stopMachine().stopMachineFromInactiveCpu(
                                        CpuStopFn.named("stop", _ -> {
                                            body.run();
                                            return 7;
                                        }), null, null);
                                int first = machine.cpus().online.first();
                                boolean runs = first == here || machine.cpus().active.testCpu(first);
                                return result == (runs ? 7 : 0) ? 0 : -5;
                            }
                            return 0;
                        }), null);
                machine.hotplug().removeCpu(cpu);
                machine.hotplug().addCpu(cpu);
                setup.removeStateNocalls(state);
            }
            """;
}
