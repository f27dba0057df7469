package org.smp4j.weave;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.IpiFaults;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Waiter;
import org.smp4j.sched.Task;

/**
 * The claim on real threads: senders call a CPU that goes down and comes up without pause, and every call is accounted
 * for. While the CPU is down every call that was accepted must have run, for then its last flush is over.
 */
public final class CallSoak implements Soak {
    private static final int CPUS = 4;
    /** The CPU that comes and goes. */
    private static final int TARGET = 3;
    private static final int SENDERS = 4;
    private static final int CHAINS = 2;
    private static final int RING = 8;
    private static final int LOG_LINES = 60;
    private static final int MOST_NAPS = 300_000;
    private static final int END_SECONDS = 30;

    /** One call. */
    private static final class Ticket extends AtomicInteger {
        private static final long serialVersionUID = 1L;
        private static final int REFUSED = 1 << 16;

        final transient Account account;

        Ticket(Account account) {
            this.account = account;
        }
    }

    /** The calls of one sender, which is one task or one chain of interrupts: one at a time. */
    private final class Account {
        final String name;
        final AtomicLong accepted = new AtomicLong();
        final AtomicLong ran = new AtomicLong();
        final AtomicLong refused = new AtomicLong();
        private final Csd[] ring = new Csd[RING];
        private int next;

        Account(String name) {
            this.name = name;
            accounts.add(this);
        }

        /** Sends a csd of its own; leaves out one that is still under way. */
        boolean sendAsync() {
            int place = next++ % RING;
            if (ring[place] != null && ring[place].isLocked()) {
                return false;
            }
            Ticket ticket = new Ticket(this);
            ring[place] = new Csd(function, ticket);
            return note(ticket, machine.smp().smpCallFunctionSingleAsync(TARGET, ring[place]));
        }

        boolean sendSingle(boolean wait) {
            Ticket ticket = new Ticket(this);
            boolean sent = note(ticket, machine.smp().smpCallFunctionSingle(TARGET, function, ticket, wait));
            if (sent && wait && ticket.get() == 0) {
                fault(Fault.UNASKED, name + " was told that its call has run");
            }
            return sent;
        }

        private boolean note(Ticket ticket, int err) {
            if (err == 0) {
                if (accepted.incrementAndGet() % 64 == 0 && total() >= plan.calls()) {
                    enough.countDown();
                }
                return true;
            }
            refused.incrementAndGet();
            if (err != -Errno.ENXIO || ticket.getAndAdd(Ticket.REFUSED) != 0) {
                fault(Fault.UNASKED, "a call of " + name + " was refused with " + err
                        + (ticket.get() == Ticket.REFUSED ? "" : ", but ran"));
            }
            return false;
        }

        /** While the target is down. */
        void checkNothingIsLost() {
            long before = accepted.get();
            long after = ran.get();
            if (after < before) {
                fault(Fault.LOST, "%d of %d accepted calls of %s have not run, and CPU %d is down".formatted(
                        before - after, before, name, TARGET));
            }
        }
    }

    private final Queue<Account> accounts = new ConcurrentLinkedQueue<>();
    private final Map<Fault, String> faults = new ConcurrentHashMap<>();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final CountDownLatch enough = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicLong cycles = new AtomicLong();
    private final SmpCallFunc function = SmpCallFunc.named("soak", info -> run((Ticket) info));
    private Plan plan;
    private Machine machine;
    private volatile boolean stop;

    @Override
    public Report run(Plan given) throws InterruptedException {
        plan = given;
        int timeout = plan.csdLockTimeout();
        BootParams params = BootParams.cpus(CPUS).withCsdlockDebug(true).withCsdLockTimeout(timeout)
                .withWatchdogThresh(timeout / 1000);
        IpiFaults late = plan.lateIpis() == 0 ? null : new IpiFaults(1, plan.lateIpis(), 0, 0);
        machine = Machine.boot(params, this::printed, late);
        try {
            machine.watchdog().onLockup(() -> fault(Fault.HANG, "the watchdog reports a lockup"));
            CpuMask elsewhere = CpuMask.of(CPUS, 0, 1, 2);
            List<Task> senders = new ArrayList<>();
            for (int sender = 0; sender < SENDERS; sender++) {
                Account account = new Account("sender/" + sender);
                SplittableRandom random = new SplittableRandom(sender);
                senders.add(machine.scheduler()
                        .run(account.name, Task.Policy.NORMAL, elsewhere, () -> send(account, random)));
            }
            machine.scheduler().run("control", Task.Policy.NORMAL, elsewhere, () -> control(senders));
            enough.await(plan.seconds(), TimeUnit.SECONDS);
            awaitRefusal();
            stop = true;
            if (!has(Fault.LOST) && !has(Fault.HANG) && !ended.await(END_SECONDS, TimeUnit.SECONDS)) {
                fault(Fault.HANG, "the soak does not end");
            }
        } finally {
            machine.close();
        }
        return new Report(total(), refused(), cycles.get(),
                faults.entrySet().stream().map(fault -> new Found(fault.getKey(), fault.getValue()))
                .toList(), List.copyOf(log));
    }

    /** On a busy host the CPU may not have gone yet. */
    private void awaitRefusal() throws InterruptedException {
        for (int i = 0; i < MOST_NAPS && (cycles.get() == 0 || refused() == 0); i++) {
            if (has(Fault.LOST) || has(Fault.HANG) || ended.await(1, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private boolean has(Fault fault) {
        return faults.containsKey(fault);
    }

    private long refused() {
        return accounts.stream().mapToLong(account -> account.refused.get()).sum();
    }

    private long total() {
        return accounts.stream().mapToLong(account -> account.accepted.get()).sum();
    }

    private void printed(String line) {
        log.add(line);
        if (log.size() > LOG_LINES) {
            log.poll();
        }
        if (line.startsWith("smp: csd: Detected non-responsive CSD lock")) {
            fault(Fault.HANG, line);
        }
    }

    private void fault(Fault fault, String text) {
        faults.putIfAbsent(fault, text);
        if (fault == Fault.LOST || fault == Fault.HANG) {
            enough.countDown();
        }
    }

    /** What every call runs. Context: IRQs off. */
    private void run(Ticket ticket) {
        Cpu here = Cpu.current();
        int before = ticket.getAndIncrement();
        if (before >= Ticket.REFUSED) {
            fault(Fault.UNASKED, "a refused call of " + ticket.account.name + " runs");
        } else if (before != 0) {
            fault(Fault.TWICE, "a call of " + ticket.account.name + " runs again");
        }
        boolean lastFlush = Preempt.inTask() && here.preemptCount() > 0 && Task.current().policy() == Task.Policy.STOP;
        if (here.id != TARGET || !here.irqsDisabled() || !here.isOnline() && !lastFlush) {
            fault(Fault.ASTRAY, "a call of %s runs on CPU %d, %s, IRQs %s, preempt count %#x, by %s".formatted(
                    ticket.account.name, here.id,
                    here.isOnline() ? "online" : "offline", here.irqsDisabled()
                    ? "off" : "on", here.preemptCount(), Task.current()));
        }
        ticket.account.ran.incrementAndGet();
    }

    private void send(Account account, SplittableRandom random) {
        int idle = 0;
        while (!stop) {
            boolean sent = switch (random.nextInt(3)) {
                case 0 -> account.sendSingle(true);
                case 1 -> account.sendSingle(false);
                default -> account.sendAsync();
            };
            idle = sent ? 0 : idle + 1;
            if (!sent) {
                Waiter.current().relax(idle);
            }
        }
    }

    /** An interrupt that goes round the CPUs that stay; on each its handler calls the one that goes. */
    private final class Chain {
        private final Account account;
        private final Csd csd = new Csd(SmpCallFunc.named("chain", _ -> go()), null);

        Chain(int number) {
            account = new Account("chain/" + number);
        }

        void go() {
            account.sendAsync();
            int next = (Cpu.rawSmpProcessorId() + 1) % TARGET;
            if (!stop && machine.smp().smpCallFunctionSingleAsync(next, csd) != 0) {
                fault(Fault.WARNING, "a chain is broken");
            }
        }
    }

    private void control(List<Task> senders) {
        for (int chain = 0; chain < CHAINS && plan.chains(); chain++) {
            new Chain(chain).go();
        }
        while (!stop) {
            expect(machine.hotplug().cpuDown(TARGET), "cpu_down");
            accounts.forEach(Account::checkNothingIsLost);
            expect(machine.hotplug().cpuUp(TARGET), "cpu_up");
            cycles.incrementAndGet();
        }
        senders.forEach(Task::join);
        machine.smp().kickAllCpusSync(); // what a chain has sent
        machine.smp().kickAllCpusSync(); // what that chain's last call has sent
        for (Account account : accounts) {
            if (account.ran.get() != account.accepted.get()) {
                fault(Fault.LOST, "%s: %d calls accepted, %d run".formatted(account.name, account.accepted.get(),
                        account.ran.get()));
            }
        }
        machine.warnings().list().forEach(warning -> fault(Fault.WARNING, warning.toString()));
        ended.countDown();
    }

    private void expect(int ret, String what) {
        if (ret != 0) {
            fault(Fault.WARNING, what + " returns " + ret);
        }
    }

    /** What is woven in. */
    public static final class Hooks {
        private static final long PAUSE_NANOS = 200_000;

        private Hooks() {
        }

        /**
         * Time in which everything else goes on: what a host does to a virtual CPU at any instruction. Takes interrupts
         * where IRQs are on.
         */
        public static void pause() {
            Waiter self = Waiter.current();
            long end = System.nanoTime() + PAUSE_NANOS;
            for (int turn = 0; System.nanoTime() - end < 0; turn++) {
                self.relax(turn);
            }
        }
    }
}
