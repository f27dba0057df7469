package org.smp4j.surface;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smp4j.Machine;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.sched.SmpbootThreads;
import org.smp4j.sched.Task;

/**
 * What is particular about some public functions: why they are left out, with what they are called, and how what they
 * did is undone.
 */
final class Special {
    private static final String INSTALLS = "installs a part of a machine while that is made";
    private static final String STEPS =
            "is a step of a protocol, for the floors above, whose caller sees to what the protocol demands";

    /** The reasons that are no business of users: such a function is marked as {@link org.smp4j.lib.Wiring}. */
    static final List<String> WIRING = List.of(INSTALLS, STEPS);

    /** By reason: functions, without their parameters, that a misuse may well harm the machine with. */
    static final Map<String, List<String>> LEFT_OUT = Map.of(
            "makes a machine, or a part of one",
            List.of("Machine.boot", "Cpus.new", "Smp.new", "IrqWorks.new", "ClockEvents.new", "Scheduler.new",
            "CpuHotplugLock.new", "Workqueue.new", "ExpeditedGracePeriods.new",
                    "SmpbootThreads.new", "StopMachine.new", "CpuHotplug.new"),
            INSTALLS,
            List.of("CallFlusher.installTtwu", "IrqWorks.installTick", "Cpus.installPreemption",
            "Cpus.installCallFunction", "Cpus.installIrqWork",
                    "Cpus.installTimer", "Scheduler.installStopClass", "Scheduler.installLifecycle",
                    "StopMachine.initialize", "SmpbootThreads.registerEarly", "Timers.start()", "ClockEvents.start"),
            STEPS,
            List.of("ExpeditedGracePeriods.reportCpuStarting", "ExpeditedGracePeriods.reportCpuDead",
                    "ExpeditedGracePeriods.noteContextSwitch", "Smp.smpCallSingleQueue", "Smp.smpcfdDyingCpu",
                    "Cpus.setCpuOnline", "Cpus.setCpuActive", "Cpus.setCpuPresent", "Cpus.setCpuDying",
                    "Scheduler.stopperSleeps", "StopMachine.stopMachinePark",
                    "SmpbootThreads.parkThreads", "SmpbootThreads.unparkThreads", "SmpbootThreads.retireThreads",
                    "IdleWait.await", "IdleWait.linger",
                    "Sitter.seatOn", "Sitter.passSeatTo", "Sitter.leaveSeatEmpty", "Sitter.awaitSeat",
                    "ClockEvents.program",
                    "Cpu.hold", "Cpu.clearNeedResched", "Cpu.clearNeedReschedInPolling",
                    "TaskFifo.tasks", "TaskFifo.moveToFront"),
            "waits until it is woken, by contract",
            List.of("Sitter.block", "Sitter.blockUntil", "Task.block", "Task.blockUntil", "Task.join"),
            "gives up the CPU of the caller", List.of("Sitter.close"),
            "holds for good, by contract", List.of("CpuHotplug.cpuHotplugDisableOfflining"),
            "runs the caller's function where the caller is", List.of("PerCpu.new"));

    /** Those that leave the caller in another context, by contract. */
    static final Set<String> CHANGES_CONTEXT =
            Set.of("Preempt.disable", "Preempt.enable", "Preempt.enableNoResched", "Preempt.localBhDisable",
            "Preempt.localBhEnable", "LocalIrq.save", "LocalIrq.disable", "LocalIrq.enable", "LocalIrq.restore",
            "Cpu.getCpu", "Cpu.putCpu",
            "Cpu.preemptCountAdd", "Cpu.preemptCountSub", "Cpu.preemptEnable", "Cpu.irqSave", "Cpu.irqRestore",
            "Cpus.own", "RawSpinLock.lock",
            "RawSpinLock.unlock", "Sitter.atomicBegin", "Sitter.atomicEnd", "Context.check");

    /** Those that sleep as long as they are told to. */
    static final Set<String> SLEEPS = Set.of("Timers.msleep", "Timers.scheduleTimeout");

    /** Those that end the machine, unless they are called from one of its CPUs. */
    static final Set<String> ENDS = Set.of("Machine.close", "Machine.closeWithin");

    private Special() {
    }

    static Object[] good(String function, Object[] usual) {
        switch (function) {
            case "StopMachine.stopTwoCpus", "Timers.migrate" -> usual[1] = 2;
            case "CpuhpSetup.setupState", "CpuhpSetup.setupStateNocalls", "CpuhpSetup.setupStateCpuslocked",
                    "CpuhpSetup.setupStateNocallsCpuslocked",
                    "CpuhpSetup.setupStateMulti", "CpuhpSetup.addInstance", "CpuhpSetup.addInstanceNocalls",
                    "CpuhpSetup.removeInstance",
                    "CpuhpSetup.removeInstanceNocalls", "CpuhpSetup.removeState", "CpuhpSetup.removeStateNocalls",
                    "CpuhpSetup.removeStateCpuslocked",
                    "CpuhpSetup.removeStateNocallsCpuslocked",
                    "CpuhpSetup.removeMultiState" -> usual[0] = CpuhpState.AP_ONLINE_DYN;
            case "HotplugFiles.setTarget", "HotplugFiles.setFail" -> usual[1] = CpuhpState.AP_ACTIVE;
            case "Timers.start" -> usual[0] = System.nanoTime();
            default -> { }
        }
        return usual;
    }

    /** Gives back what a function took for the caller. Context: where it was called. */
    static void giveBack(Machine machine, String function, Object result) {
        switch (function) {
            case "CpuHotplugLock.cpusReadLock" -> machine.cpuHotplugLock().cpusReadUnlock();
            case "CpuHotplugLock.cpusReadTrylock" -> {
                if ((boolean) result) {
                    machine.cpuHotplugLock().cpusReadUnlock();
                }
            }
            case "CpuHotplugLock.cpusWriteLock" -> machine.cpuHotplugLock().cpusWriteUnlock();
            case "CpuHotplugLock.borrow" -> machine.cpuHotplugLock().giveBack();
            case "Task.migrateDisable" -> Task.migrateEnable();
            default -> { }
        }
    }

    /** Brings the machine back to where it was. Context: a task, preemptible. */
    static void undo(Machine machine, String function, Object[] arguments, Object result) {
        switch (function) {
            case "CpuHotplug.cpuHotplugDisable" -> machine.hotplug().cpuHotplugEnable();
            case "CpuHotplug.freezeSecondaryCpus" -> machine.hotplug().thawSecondaryCpus();
            case "CpuHotplug.archCpuDisable" -> {
                moveCpu(machine);
                machine.hotplug().archCpuDisable(cpu -> 0);
            }
            case "CpuhpSetup.setupState", "CpuhpSetup.setupStateNocalls", "CpuhpSetup.setupStateCpuslocked",
                    "CpuhpSetup.setupStateNocallsCpuslocked", "CpuhpSetup.setupStateMulti" -> {
                moveCpu(machine);
                if (result instanceof Integer slot && slot >= 0) {
                    int state = slot > 0 ? slot : (int) arguments[0];
                    machine.hotplug().setup().removeState(state);
                }
            }
            case "HotplugFiles.setFail" -> machine.hotplug().files().setFail(1, CpuhpState.INVALID);
            case "SmpbootThreads.register" -> {
                moveCpu(machine);
                if (arguments[0] != null) {
                    machine.smpbootThreads().unregister((SmpbootThreads.HotplugThread) arguments[0]);
                }
            }
            case "Workqueue.bind" -> machine.workqueue().bind(1, true);
            case "Cpus.setEvents" -> {
                moveCpu(machine);
                machine.cpus().setEvents(null);
            }
            case "Watchdog.onLockup" -> machine.watchdog().onLockup(() -> { });
            default -> { }
        }
        for (int cpu = 0; cpu < machine.cpus().nrCpuIds; cpu++) {
            machine.hotplug().addCpu(cpu);
        }
    }

    /** Takes a CPU down and brings it up, which callbacks that misbehave may well prevent. */
    private static void moveCpu(Machine machine) {
        machine.hotplug().removeCpu(2);
        machine.hotplug().addCpu(2);
    }
}
