package org.smp4j.scenario;

import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.PendingWord;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Aborted;
import org.smp4j.weave.Weave;

/**
 * A device whose interrupt is a choice: it may come between any two accesses on its CPU with IRQs on, also while the
 * CPU idles, or never; but not while the CPU is offline, as a CPU that leaves gives up its devices, and not after all
 * that a scenario starts has ended, when it checks the outcome. Its handler runs there like any other: in hard
 * interrupt context, IRQs off; on exit the CPU reschedules if requested.
 *
 * <p>It comes in on the vector of the reschedule interrupt, which does nothing of its own.
 */
public final class Device {
    final Cpu cpu;
    final String name;
    private final Runnable handler;
    // How often it may still come, and whether it has and was not handled yet.
    private int left;
    private boolean raised;

    private Device(Cpu cpu, String name, int most, Runnable handler) {
        this.cpu = cpu;
        this.name = name;
        this.left = most;
        this.handler = handler;
    }

    /**
     * Declares a device. Does nothing outside an exploration. Context: any; from here on it may interrupt.
     *
     * @param cpu where it interrupts
     * @param name its name in reports
     * @param most how often it may interrupt in a run, so that runs come to an end
     * @param handler what it does; it must not sleep
     */
    public static void on(Cpu cpu, String name, int most, Runnable handler) {
        if (most < 1) {
            throw new IllegalArgumentException(name + " interrupts at most " + most + " times; 1 would be something");
        }
        Device device = new Device(cpu, name, most, handler);
        Exploring.publish(device);
        Exploring.quietly(() -> CpuInterrupts.declare(device));
    }

    /** {@return whether the device itself could interrupt now} */
    boolean isReady() {
        return left > 0 && !raised;
    }

    void raise() {
        left--;
        raised = true;
        cpu.sendInterrupt(PendingWord.RESCHED);
    }

    /** {@return what raises the devices of a run that is not explored, as often as each may, and then does nothing} */
    static List<Runnable> raisers() {
        return CpuInterrupts.devices().stream().map(device -> (Runnable) () -> {
            if (device.isReady() && device.cpu.isOnline()) {
                device.raise();
            }
        }).toList();
    }

    /**
     * {@return the edit that has devices handled, without the oracles: for runs that are not explored}
     */
    public static Weave weave() {
        return Weave.in("org.smp4j.cpu.IrqEntry", "handle").insert(hook(Device.class, "handle")).atEntry();
    }

    /**
     * A CPU handles an interrupt; put in by {@link Programs#weave} and {@link #weave}.
     *
     * @param here the CPU
     * @param irq which
     */
    public static void handle(Cpu here, int irq) {
        if (irq == PendingWord.RESCHED) {
            Exploring.quietly(() -> CpuInterrupts.devices().forEach(device -> device.handleIfRaised(here)));
        }
    }

    private void handleIfRaised(Cpu here) {
        if (!raised || cpu != here) {
            return;
        }
        raised = false;
        if (!here.isOnline()) {
            return; // the CPU has left meanwhile: as if the device had not interrupted
        }
        Exploring.sees(this); // an interrupt comes after the request for it
        try {
            Exploring.interrupting(handler);
        } catch (Aborted e) {
            throw e;
        } catch (Throwable e) { // as of any other handler
            cpu.cpus.warnings.thrown(name, e);
        }
    }
}
