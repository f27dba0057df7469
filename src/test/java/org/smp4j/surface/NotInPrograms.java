package org.smp4j.surface;

import java.util.List;
import java.util.Map;

/** Public functions of the tower that have no production of generated programs, and why. */
final class NotInPrograms {
    /** By reason: functions without their parameters, or classes, with a star for all functions. */
    static final Map<String, List<String>> WHY = Map.ofEntries(
            Map.entry("makes a machine, ends it, or is a part of one", List.of("Machine.*", "BootParams.*", "Idle.*",
                    "ClockEvents.new", "CpuHotplug.new", "CpuHotplugLock.new", "Cpus.new", "IpiFaults.new",
                    "IrqWorks.new", "ExpeditedGracePeriods.new", "PerCpu.new", "PlatformThreads.*", "Scheduler.new",
                    "SmpbootThreads.new", "Smp.new", "StopMachine.new", "Workqueue.new", "SeatThread.*", "Pinning.*",
                    "Cpus.pinning", "Lifetime.*", "Cpus.smpSendStop")),
            Map.entry("is a value or the name of something: no other thread sees it change", List.of("CpuMask.new",
                    "CpuMask.of", "CpuMask.parse", "CpuMask.nrCpuIds", "CpuMask.first", "CpuMask.next", "CpuMask.last",
                    "CpuMask.weight", "CpuMask.isEmpty", "CpuMask.intersects", "CpuMask.firstAnd",
                    "CpuMask.isSubsetOf", "CpuMask.copy", "CpuMask.toString", "CpuMask.toHex", "CpuMask.equals",
                    "CpuMask.hashCode", "Csd.dst", "Csd.func", "Csd.function", "Csd.info", "Csd.toString",
                    "IrqWork.toString", "Errno.*",
                    "ErrnoException.*", "IrqWork.function", "TtwuNode.function", "Kind.*", "Policy.*", "TaskState.*",
                    "Symbol.*", "Task.comm", "Task.isIdleTask", "Task.policy", "Task.toString", "Timer.*",
                    "Cpu.toString", "Cpus.check", "Cpus.cpu", "Cpus.current", "Cpus.own", "IrqStats.get",
                    "HotplugFiles.states", "Smp.flusher")),
            Map.entry("needs that no other thread uses the object meanwhile", List.of("Completion.reinit",
                    "CpuMask.and", "CpuMask.clear", "CpuMask.copyFrom", "CpuMask.setAll", "CpuMask.setCpuPrivate",
                    "CpuMask.clearCpuPrivate", "LlistHead.addPrivate", "LlistHead.addBatchPrivate",
                    "LlistHead.delAllPrivate", "LlistHead.delFirstInit", "LlistNode.init", "LlistNode.onList")),
            Map.entry("is what functions with a production consist of", List.of("Cpu.irqSave", "Cpu.irqRestore",
                    "Cpu.preemptCountAdd", "Cpu.preemptCountSub", "Cpu.preemptEnable", "Cpu.isHeld",
                    "Cpu.sendInterrupt", "Cpu.wakeIfPolling", "Cpu.callSingleQueue", "Context.check", "Sitter.*",
                    "Cpu.sit", "Waiter.current", "Task.mightSleep", "Task.close", "IrqWorks.irqWorkRun",
                    "Scheduler.isInUse")),
            Map.entry("is for threads that are no tasks", List.of("Scheduler.adopt", "Scheduler.release")),
            Map.entry("holds for good, by contract", List.of("CpuHotplug.cpuHotplugDisableOfflining")),
            Map.entry("shows or counts what happens, and takes no part", List.of("Backtrace.*", "Sysrq.*",
                    "Watchdog.*", "Warnings.*", "Warning.*", "WarnSite.*", "Cpu.trace", "Cpu.traceFunction",
                    "CpuStopWork.function", "Cpus.setEvents", "GuardedPrintk.*", "Scheduler.migrateDisabled",
                    "Scheduler.warnings", "Smp.csdLockIsStuck")));

    private NotInPrograms() {
    }
}
