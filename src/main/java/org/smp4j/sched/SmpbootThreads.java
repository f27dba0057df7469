package org.smp4j.sched;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Wiring;

/** Per-CPU kernel threads, parked while their CPU is down; mirrors {@code kernel/smpboot.c}. */
public final class SmpbootThreads {
    /**
     * The code of such a kind of threads; mirrors {@code struct smp_hotplug_thread} of {@code include/linux/smpboot.h}.
     * If a method throws on a thread, that CPU's thread ends with a warning, and the CPU goes down and up without it.
     */
    public interface HotplugThread {
        /**
         * The thread's name.
         *
         * @param cpu the CPU
         * @return for example {@code cpuhp/3}
         */
        String comm(int cpu);

        /**
         * Returns whether there is work. Context: the thread, preemption off.
         *
         * @param cpu its CPU
         * @return whether {@link #threadFn} should run
         */
        boolean threadShouldRun(int cpu);

        /**
         * Does the work. Context: the thread, preemptible.
         *
         * @param cpu its CPU
         */
        void threadFn(int cpu);

        /**
         * Runs once, before anything else. Context: the thread.
         *
         * @param cpu its CPU
         */
        default void setup(int cpu) {
        }

        /**
         * Runs when the thread ends. Context: the thread.
         *
         * @param cpu its CPU
         * @param online whether the CPU is online
         */
        default void cleanup(int cpu, boolean online) {
        }

        /**
         * Runs before the thread parks. Context: the thread.
         *
         * @param cpu its CPU
         */
        default void park(int cpu) {
        }

        /**
         * Runs after the thread was unparked. Context: the thread.
         *
         * @param cpu its CPU
         */
        default void unpark(int cpu) {
        }

        /** {@return whether other code parks and unparks it} */
        default boolean selfparking() {
            return false;
        }
    }

    private enum Status {
        NONE, ACTIVE, PARKED
    }

    /** One CPU's thread of a kind; the loop outlives its Java thread, which ends while the CPU is down. */
    private static final class PerCpuThread {
        final HotplugThread kind;
        final int cpu;
        final boolean selfparking;
        Status status = Status.NONE; // used only by the thread itself
        Kthread kthread;

        PerCpuThread(HotplugThread kind, int cpu, boolean selfparking) {
            this.kind = kind;
            this.cpu = cpu;
            this.selfparking = selfparking;
        }

        /** Mirrors {@code smpboot_thread_fn}. */
        void loop() {
            for (;;) {
                Cpu here = Preempt.disable();
                if (kthread.kthreadShouldStop()) {
                    here.preemptEnable();
                    if (status != Status.NONE) {
                        kind.cleanup(cpu, here.cpus.online.testCpu(cpu)); // its own CPU; it may end on another one
                    }
                    return;
                }
                if (kthread.kthreadShouldPark()) {
                    here.preemptEnable();
                    if (status == Status.ACTIVE) {
                        kind.park(cpu);
                        status = Status.PARKED;
                    }
                    kthread.kthreadParkme();
                    continue;
                }
                if (here.id != cpu) {
                    here.cpus.lifetime.panic("BUG: " + kthread + " runs on " + here);
                }
                boolean shouldRun = status == Status.ACTIVE && kind.threadShouldRun(cpu);
                here.preemptEnable();
                if (status != Status.ACTIVE) {
                    if (status == Status.NONE) {
                        kind.setup(cpu);
                    } else {
                        kind.unpark(cpu);
                    }
                    status = Status.ACTIVE;
                } else if (shouldRun) {
                    kind.threadFn(cpu);
                } else {
                    kthread.block();
                }
            }
        }
    }

    private final Scheduler scheduler;
    private final Cpus cpus;
    private final CpuHotplugLock hotplugLock;
    private final Mutex mutex = new Mutex(); // smpboot_threads_lock
    private final List<PerCpuThread[]> kinds = new ArrayList<>(); // guarded by mutex

    /**
     * No threads yet.
     *
     * @param scheduler the scheduler of the machine
     * @param hotplugLock its hotplug lock
     */
    public SmpbootThreads(Scheduler scheduler, CpuHotplugLock hotplugLock) {
        this.scheduler = scheduler;
        this.cpus = scheduler.cpus;
        this.hotplugLock = hotplugLock;
    }

    /**
     * Gives each CPU a thread of a kind, and lets those of online CPUs run; mirrors
     * {@code smpboot_register_percpu_thread}. Context: task, may sleep.
     *
     * @param kind the code of the threads
     */
    public void register(HotplugThread kind) {
        Objects.requireNonNull(kind, "kind");
        scheduler.mightSleep("smpboot_register_percpu_thread");
        PerCpuThread[] threads;
        try {
            threads = make(kind); // before the locks: it calls the user's kind for the names
        } finally {
            Context.check(Cpu.current(), kind.getClass().getSimpleName(), 0, false);
        }
        locked(() -> {
            kinds.add(threads);
            for (int cpu = cpus.online.first(); cpu < cpus.nrCpuIds; cpu = cpus.online.next(cpu)) {
                unpark(threads[cpu]);
            }
        });
    }

    private void locked(Runnable action) {
        hotplugLock.cpusReadLock();
        try {
            underMutex(action);
        } finally {
            hotplugLock.cpusReadUnlock();
        }
    }

    private void underMutex(Runnable action) {
        mutex.lock();
        try {
            action.run();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * As {@link #register}, while the machine is made: no thread runs yet.
     *
     * @param kind the code of the threads; it parks itself
     * @return the threads by CPU
     */
    @Wiring
    public Kthread[] registerEarly(HotplugThread kind) {
        PerCpuThread[] threads = make(kind);
        kinds.add(threads);
        Kthread[] kthreads = new Kthread[threads.length];
        for (int cpu = 0; cpu < threads.length; cpu++) {
            kthreads[cpu] = threads[cpu].kthread;
        }
        return kthreads;
    }

    private PerCpuThread[] make(HotplugThread kind) {
        Objects.requireNonNull(kind, "kind");
        PerCpuThread[] threads = new PerCpuThread[cpus.nrCpuIds];
        boolean selfparking = kind.selfparking();
        for (int cpu = 0; cpu < threads.length; cpu++) {
            PerCpuThread thread = new PerCpuThread(kind, cpu, selfparking);
            thread.kthread = Kthread.createOnCpu(scheduler, kind.comm(cpu), cpu, thread::loop);
            threads[cpu] = thread;
        }
        return threads;
    }

    /**
     * Ends every thread of a kind; mirrors {@code smpboot_unregister_percpu_thread}. Context: task, may sleep.
     *
     * @param kind the kind passed to {@link #register}
     */
    public void unregister(HotplugThread kind) {
        locked(() -> {
            for (PerCpuThread[] threads : kinds) {
                if (threads[0].kind == kind) {
                    for (PerCpuThread thread : threads) {
                        if (thread.kthread.hasBegun()) {
                            thread.kthread.kthreadStop();
                        }
                    }
                }
            }
            kinds.removeIf(threads -> threads[0].kind == kind);
        });
    }

    /**
     * Lets a CPU's threads run; mirrors {@code smpboot_unpark_threads}. Context: its hotplug thread.
     *
     * @param cpu the CPU
     * @return 0
     */
    @Wiring
    public int unparkThreads(int cpu) {
        cpus.check(cpu);
        underMutex(() -> {
            for (PerCpuThread[] threads : kinds) {
                if (!threads[cpu].selfparking) {
                    unpark(threads[cpu]);
                }
            }
        });
        return 0;
    }

    private static void unpark(PerCpuThread thread) {
        thread.kthread.kthreadUnpark();
        thread.kthread.startOnce();
    }

    /**
     * Parks a CPU's threads, last registered first; mirrors {@code smpboot_park_threads}. Context: its hotplug thread.
     *
     * @param cpu the CPU
     * @return 0
     */
    @Wiring
    public int parkThreads(int cpu) {
        cpus.check(cpu);
        underMutex(() -> {
            for (PerCpuThread[] threads : kinds.reversed()) {
                Kthread kthread = threads[cpu].kthread;
                // a thread whose function threw has ended
                if (!threads[cpu].selfparking && kthread.state() != TaskState.DEAD) {
                    kthread.kthreadPark();
                }
            }
        });
        return 0;
    }

    /**
     * Ends the Java threads of a CPU that is down; its kernel threads stay parked, and get new Java threads when they
     * are unparked. Context: task.
     *
     * @param cpu the CPU
     */
    @Wiring
    public void retireThreads(int cpu) {
        cpus.check(cpu);
        underMutex(() -> kinds.forEach(threads -> threads[cpu].kthread.retire()));
    }
}
