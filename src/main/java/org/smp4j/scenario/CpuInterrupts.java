package org.smp4j.scenario;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.cpu.SeatThread;
import org.smp4j.cpu.Sitter;
import org.smp4j.explore.Exploring;
import org.smp4j.explore.run.Interrupts;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.sched.Task;

/**
 * The CPUs of a machine as the explorer sees them: their sitters, which interrupts could be taken, and which may come:
 * those of devices, and the tick that preempts the CPU's task for another one that waits.
 */
final class CpuInterrupts implements Interrupts {
    private static final int PREEMPTION = 30;
    private static final int MOST_PREEMPTIONS = 9; // so that runs come to an end; as many as a search has departures

    // the getters are code of the program: a look through them would count as its own, and take longer
    private static final VarHandle SITTER = Fields.field(SeatThread.class.getName(), "sitter");
    private static final VarHandle THREAD = Fields.field(Sitter.class.getName(), "thread");
    private static final VarHandle SEAT = Fields.field(Sitter.class.getName(), "seat");
    private static final VarHandle IRQS_OFF = Fields.field(Cpu.class.getName(), "irqsOff");
    private static final VarHandle PENDING = Fields.field(Cpu.class.getName(), "pending");
    private static final VarHandle BITS = Fields.field(PendingWord.class.getName(), "bits");

    private static CpuInterrupts current; // of this run; the explorer puts static fields back between runs

    private final boolean anywhere;
    private final List<Device> devices = new ArrayList<>();
    private int deviceCount; // looked at before every step
    private int preemptions = MOST_PREEMPTIONS;

    private CpuInterrupts(boolean anywhere) {
        this.anywhere = anywhere;
    }

    /**
     * Sets where interrupts are taken, and tasks preempted, in this run.
     *
     * @param anywhere true for everywhere with IRQs on, false for only where the code polls
     */
    static void install(boolean anywhere) {
        Exploring.quietly(() -> {
            current = new CpuInterrupts(anywhere);
            Exploring.interrupts(current);
        });
    }

    static void declare(Device device) {
        if (current == null) {
            return;
        }
        if (current.devices.size() == PREEMPTION) {
            throw new IllegalArgumentException("more than " + PREEMPTION + " devices");
        }
        current.devices.add(device);
        current.deviceCount++;
        Exploring.interrupts(current); // from here on asked before each step
    }

    /** Ends all events from outside. */
    static void end() {
        Exploring.quietly(() -> {
            current.devices.clear();
            current.deviceCount = 0;
            current.preemptions = 0;
        });
    }

    /** {@return the devices of this run} */
    static List<Device> devices() {
        return current == null ? List.of() : List.copyOf(current.devices);
    }

    /**
     * {@return the CPU on which the current thread sits, or null; a thread that its sitter has given up, and that is on
     * its way to its end, sits nowhere, whatever its successor does}
     */
    private static Cpu here() {
        if (!(Thread.currentThread() instanceof SeatThread thread)) {
            return Cpu.currentOrNull();
        }
        Sitter sitter = (Sitter) SITTER.get(thread);
        return sitter != null && (Thread) THREAD.get(sitter) == thread ? (Cpu) SEAT.get(sitter) : null;
    }

    @Override
    public int pending() {
        if (!anywhere) {
            return 0;
        }
        Cpu cpu = here();
        return cpu == null || (boolean) IRQS_OFF.get(cpu) ? 0
                : (int) BITS.getOpaque((PendingWord) PENDING.get(cpu)) & PendingWord.INTERRUPTS;
    }

    @Override
    public boolean masked() {
        Cpu cpu = here();
        return cpu == null || cpu.irqsDisabled();
    }

    @Override
    public boolean injected() {
        return anywhere || deviceCount > 0;
    }

    @Override
    public void take(int interrupt) {
        Cpu cpu = here();
        if (cpu != null) {
            cpu.poll();
        }
    }

    @Override
    public int possible(boolean elsewhere) {
        boolean preempts = anywhere && preemptions > 0 && NextTask.anyWaits();
        if (!preempts && deviceCount == 0) {
            return 0;
        }
        Cpu here = here();
        boolean running = !Exploring.waits(Thread.currentThread());
        int possible = preempts && running && here != null && isPreemptible(here) ? 1 << PREEMPTION : 0;
        for (int i = 0; i < deviceCount; i++) {
            Device device = devices.get(i);
            boolean reached = device.cpu == here && running ? here.isOnline() && !here.irqsDisabled()
                    : elsewhere && waits(device.cpu);
            if (reached && device.isReady()) {
                possible |= 1 << i;
            }
        }
        return possible;
    }

    /** A task that has had a CPU for long loses it to another that waits: the tick has come. */
    @Override
    public int overdue() {
        return 1 << PREEMPTION;
    }

    /** Whether a CPU can only take an interrupt: it idles, or its sitter spins. */
    private static boolean waits(Cpu cpu) {
        Sitter sitter = cpu.sitter();
        return sitter != null && cpu.isOnline() && !cpu.irqsDisabled() && Exploring.waits(sitter.thread());
    }

    /** Whether the tick could take the CPU from the task that runs there, and give it to one that waits. */
    private static boolean isPreemptible(Cpu cpu) {
        return cpu.preemptCount() == 0 && !cpu.irqsDisabled() && cpu.sitter() instanceof Task task && !task.isIdleTask()
                && Task.current() == task
                && NextTask.waitsFor(task);
    }

    @Override
    public Thread raise(int number) {
        if (number != PREEMPTION) {
            Device device = devices.get(number);
            device.raise();
            return device.cpu.sitter().thread();
        }
        preemptions--;
        Cpu here = Cpu.current();
        here.resched();
        here.sendInterrupt(PendingWord.RESCHED); // on its exit
        return Thread.currentThread();
    }

    @Override
    public String text(int number) {
        return number == PREEMPTION ? Task.current() + " is preempted"
                : devices.get(number).name + " interrupts " + devices.get(number).cpu;
    }

    @Override
    public int context() {
        Cpu here = here();
        if (here == null) {
            return -1;
        }
        int count = here.preemptCount();
        int place = here.id << PLACE;
        if (Preempt.interruptContextLevel(count) != 0) {
            return place | HANDLER;
        }
        return here.irqsDisabled() ? place : count == 0 ? place | INTERRUPTIBLE | PREEMPTIBLE : place | INTERRUPTIBLE;
    }

    @Override
    public String column(Thread thread) {
        Sitter sitter = thread instanceof Waiter.Carrier carrier && carrier.waiter() instanceof Sitter its ? its : null;
        Cpu seat = sitter == null ? null : sitter.seat();
        if (seat == null) {
            return sitter instanceof Task task ? "CPU " + task.cpu() : null; // it waits there
        }
        return seat.toString();
    }

    @Override
    public String waits(Thread thread) {
        return Oracles.waits(thread);
    }
}
