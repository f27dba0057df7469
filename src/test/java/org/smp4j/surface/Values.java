package org.smp4j.surface;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.call.TtwuNode;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.GuardedPrintk;
import org.smp4j.cpu.IpiFaults;
import org.smp4j.cpu.PerCpu;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.cpu.SeatThread;
import org.smp4j.cpu.Sitter;
import org.smp4j.cpu.ThreadSource;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.ErrnoException;
import org.smp4j.lib.Lifetime;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.Printk;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Membarrier;
import org.smp4j.sched.Mm;
import org.smp4j.sched.Mutex;
import org.smp4j.sched.PercpuRwsem;
import org.smp4j.sched.Task;
import org.smp4j.sched.Timers;
import org.smp4j.stop.CpuStopWork;

/**
 * What there is to pass, and whom to ask: of each type a good value, fresh where a call changes it, and all that a
 * caller may get wrong.
 */
final class Values {
    private static final WarnSite SITE = WarnSite.always("site", "text");

    private final Machine machine;

    Values(Machine machine) {
        this.machine = machine;
    }

    /** Context: a task on the machine. */
    Object good(Class<?> type) {
        if (type.isEnum()) {
            return type == Task.Policy.class ? Task.Policy.NORMAL : type.getEnumConstants()[0];
        }
        return switch (type.getSimpleName()) {
            case "int" -> 1;
            case "short" -> (short) 1;
            case "long" -> 1L;
            case "boolean" -> true;
            case "String" -> "name";
            case "Object" -> "info";
            case "Object[]" -> new Object[0];
            case "int[]" -> new int[] {1};
            case "Throwable" -> new IllegalStateException("thrown");
            case "Thread" -> new Thread();
            case "CpuMask" -> CpuMask.of(machine.cpus().nrCpuIds, 1);
            case "BootParams" -> BootParams.cpus(2);
            case "IpiFaults" -> new IpiFaults(1, 0, 0, 0);
            case "WarnSite" -> SITE;
            case "Warning" -> new Warnings.Warning(SITE, "text", null, 1, null);
            case "Warnings" -> new Warnings(Printk.NONE, new Lifetime(Printk.NONE), false);
            case "Lifetime" -> new Lifetime(Printk.NONE);
            case "GuardedPrintk" -> new GuardedPrintk(Printk.NONE);
            case "ErrnoException" -> catchThrowableOfType(ErrnoException.class, () -> Errno.orThrow(-Errno.EIO));
            case "LlistHead" -> new LlistHead();
            case "LlistNode" -> new LlistNode();
            case "RawSpinLock" -> new RawSpinLock();
            case "Waiter", "Sitter" -> Waiter.current();
            case "Completion" -> {
                Completion complete = new Completion();
                complete.completeAll();
                yield complete;
            }
            case "Cpu" -> Cpu.current();
            case "Cpus" -> machine.cpus();
            case "IrqStats" -> Cpu.current().irqStats();
            case "WatchdogTouch" -> Cpu.current().watchdogTouch;
            case "PerCpu" -> new PerCpu<>(machine.cpus(), cpu -> cpu);
            case "PlatformThreads", "ThreadSource" -> new PlatformThreads();
            case "SeatThread" -> new SeatThread("name", (Sitter) Waiter.current(), () -> { });
            case "Smp" -> machine.smp();
            case "CallFlusher" -> machine.smp().flusher();
            case "Csd" -> new Csd((SmpCallFunc) Callbacks.harmless(SmpCallFunc.class), null);
            case "TtwuNode" -> new TtwuNode() { };
            case "IrqWork" -> IrqWork.of(work -> { });
            case "IrqWorks" -> machine.irqWorks();
            case "Scheduler" -> machine.scheduler();
            case "Timers" -> machine.scheduler().timers();
            case "Timer" -> machine.scheduler().timers().start(System.nanoTime(), () -> { });
            case "Rcu" -> machine.scheduler().rcu();
            case "ExpeditedGracePeriods" -> machine.scheduler().rcu().expedited();
            case "Task" -> Task.current();
            case "Kthread" -> Kthread.createOnCpu(machine.scheduler(), "kthread/1", 1, () -> { });
            case "CpuHotplugLock" -> machine.cpuHotplugLock();
            case "Mm" -> new Mm();
            case "Membarrier" -> new Membarrier(machine.scheduler(), machine.cpuHotplugLock());
            case "Mutex" -> new Mutex();
            case "PercpuRwsem" -> new PercpuRwsem(machine.scheduler());
            case "Workqueue" -> machine.workqueue();
            case "SmpbootThreads" -> machine.smpbootThreads();
            case "StopMachine" -> machine.stopMachine();
            case "CpuStopWork" -> new CpuStopWork();
            case "CpuHotplug" -> machine.hotplug();
            case "CpuhpSetup" -> machine.hotplug().setup();
            case "HotplugFiles" -> machine.hotplug().files();
            case "Machine" -> machine;
            case "Watchdog" -> machine.watchdog();
            default -> {
                if (!type.isInterface()) {
                    throw new IllegalStateException("no value of " + type + ": add one here");
                }
                yield Callbacks.harmless(type);
            }
        };
    }

    List<Object> bad(Class<?> type) {
        if (type == int.class) {
            return List.of(-1, machine.cpus().nrCpuIds, 99, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } else if (type == long.class) {
            return List.of(-1L, 0L, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (type == boolean.class) {
            return List.of(false);
        } else if (type == CpuMask.class) {
            return Arrays.asList(null, new CpuMask(machine.cpus().nrCpuIds), CpuMask.of(1, 0), CpuMask.of(4096, 1, 99));
        } else if (type.isPrimitive()) {
            return List.of();
        }
        List<Object> values = new ArrayList<>();
        values.add(null);
        if (type == Object.class) {
            values.add(Callbacks.THROWS_WHAT_CANNOT_BE_PRINTED.of(SmpCallFunc.class));
        } else if (type.isInterface() && type != ThreadSource.class && type != Waiter.class) {
            for (Callbacks each : Callbacks.values()) {
                values.add(each.of(type));
            }
        } else if (type.isEnum()) {
            values.addAll(Arrays.asList(type.getEnumConstants()));
        }
        return values;
    }
}
