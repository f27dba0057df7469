package org.smp4j.fuzz.selftest;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.CallFlusher;
import org.smp4j.call.CallMany;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.fuzz.grammar.Invocation;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Waiter;
import org.smp4j.race.GalleryEntry;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.weave.Weave;

/**
 * Bugs of the gallery that are partly in the scenario that shows them: the same mistakes, in the tower or in a driver
 * of generated programs.
 */
public final class OldDrivers {
    private static final String DRIVERS = "org.smp4j.fuzz.production.Drivers";
    private static final String BALANCER = DRIVERS + "$Balancer";

    private static CpuMask sent; // the explorer puts static fields back between runs
    private static Csd[] shared;

    private OldDrivers() {
    }

    /** {@return the edits that put a race's mistake into the tower, or null if it is only in the race's scenario} */
    static Weave bug(GalleryEntry entry) {
        return switch (entry.slug()) {
            case "ipi-pending-at-offline" -> Weave.in("org.smp4j.hotplug.CoreStates", "smpcfdDyingCpu")
                    .drop(call(Smp.class, "smpcfdDyingCpu"));
            case "many-mask-cleared-under-us" -> Weave.in(DRIVERS, "broadcast")
                    .replace(call(Smp.class, "onEachCpuMask")).by(hook(OldDrivers.class, "callManyCounted"));
            case "csd-shared-nonatomic-lock" -> Weave.in("org.smp4j.fuzz.production.Calls", "singleNowait")
                    .replace(call(Smp.class, "smpCallFunctionSingle")).by(hook(OldDrivers.class, "sendShared"));
            case "ilb-csd-released-too-early" -> Weave.in(BALANCER, "interrupt").drop(call(BALANCER, "release"))
                    .andIn(BALANCER, "softirq").insert(hook(OldDrivers.class, "releaseLate")).atEntry();
            case "sync-call-with-irqs-off" -> Weave.in(DRIVERS, "send")
                    .replace(call(Smp.class, "smpCallFunctionSingleAsync")).by(hook(OldDrivers.class, "sendAndWait"));
            case "irq-work-freed-in-its-callback" -> Weave.in(DRIVERS, "retires")
                    .insert(hook(Oracles.class, "freed")).atExit().andIn(DRIVERS, "reclaims")
                    .drop(call(IrqWorks.class, "irqWorkSync")).drop(call(Invocation.class, "mustHaveRun"))
                    .drop(call(Oracles.class, "freed"));
            case "empty-ipi-mask" -> Weave.in(CallMany.class, "noteIpi").insert(hook(OldDrivers.class, "share"))
                    .atEntry().andIn(CallFlusher.class, "csdDoFunc").insert(hook(OldDrivers.class, "clearOwnBit"))
                    .atEntry();
            case "csd-unlock-after-callback", "double-wake-up", "irq-work-busy-never-cleared",
                    "irq-work-lost-at-offline", "skip-wait-when-not-kicked", "stop-two-preempted-before-wake",
                    "stop-two-triangle", "stop-two-vs-stop-cpus", "stop-two-wake-loop-preempted" -> entry.race().bug();
            default -> null;
        };
    }

    /**
     * One block for all targets, unlocked by the last one to answer.
     *
     * @param smp the calls of the machine
     * @param users the CPUs, which may leave the mask
     * @param func the function
     * @param info its argument
     * @param wait whether to wait
     */
    public static void callManyCounted(Smp smp, CpuMask users, SmpCallFunc func, Object info, boolean wait) {
        Cpus cpus = Cpu.current().cpus;
        if (users.firstAnd(cpus.online, -1) >= cpus.nrCpuIds) {
            return;
        }
        CpuMask copy = new CpuMask(cpus.nrCpuIds);
        copy.and(users, cpus.online);
        AtomicInteger refs = new AtomicInteger(copy.weight());
        AtomicInteger locked = new AtomicInteger(1);
        for (int cpu = copy.first(); cpu < cpus.nrCpuIds; cpu = copy.next(cpu)) {
            SmpCallFunc counted = SmpCallFunc.named(func.name(), _ -> {
                func.call(info);
                if (refs.decrementAndGet() == 0) {
                    locked.set(0);
                }
            });
            if (smp.smpCallFunctionSingleAsync(cpu, new Csd(counted, null)) != 0) {
                refs.decrementAndGet();
            }
        }
        for (int turn = 0; locked.get() != 0; turn++) {
            Waiter.current().relax(turn);
        }
    }

    /**
     * Uses the csd of the target, which all senders share, if the caller does not wait.
     *
     * @param smp the calls of the machine
     * @param cpu the target
     * @param func the function
     * @param info its argument
     * @param wait whether to wait
     * @return what the call returns
     */
    public static int sendShared(Smp smp, int cpu, SmpCallFunc func, Object info, boolean wait) {
        if (wait || cpu == Cpu.rawSmpProcessorId()) {
            return smp.smpCallFunctionSingle(cpu, func, info, wait);
        }
        if (shared == null) {
            shared = new Csd[8];
            for (int i = 0; i < shared.length; i++) {
                shared[i] = new Csd(SmpCallFunc.named("none", _ -> { }), null);
            }
        }
        Csd csd = shared[cpu];
        int result;
        do {
            for (int turn = 0; csd.isLocked(); turn++) {
                Waiter.current().relax(turn);
            }
            csd.set(func, info);
            result = smp.smpCallFunctionSingleAsync(cpu, csd);
        } while (result == -Errno.EBUSY);
        return result;
    }

    /**
     * The softirq clears the flag that guards a csd.
     *
     * @param balancer the owner of the csd
     */
    public static void releaseLate(Object balancer) {
        VarHandle field = Fields.field(BALANCER, "kicked");
        AtomicBoolean kicked = (AtomicBoolean) field.get(balancer);
        if (kicked.get()) {
            kicked.set(false);
        }
    }

    /**
     * A request with IRQs off that waits.
     *
     * @param smp the calls of the machine
     * @param cpu the target
     * @param csd the request
     * @return what the call returns
     */
    public static int sendAndWait(Smp smp, int cpu, Csd csd) {
        return smp.smpCallFunctionSingle(cpu, csd.func(), csd.info(), true);
    }

    /**
     * Handlers see the mask with which interrupts are sent.
     *
     * @param mask the mask
     */
    public static void share(CpuMask mask) {
        sent = mask;
    }

    /** The handler removes its CPU from that mask. */
    public static void clearOwnBit() {
        if (sent != null) {
            sent.clearCpu(Cpu.current().id);
        }
    }
}
