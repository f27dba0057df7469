package org.smp4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.IpiFaults;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Printk;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.Players;

/** Every kind of call from three CPUs at once, a fourth being offline; each call is accounted for. */
class SmpStormTest {
    private static final int CALLS = 1_500;
    private static final int OFFLINE = 3;

    /** One call: how often each CPU shall run it, and how often it did. */
    private static final class Ticket {
        final int sender;
        final int[] expected = new int[4];
        final AtomicInteger[] runs =
                {new AtomicInteger(), new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        int written; // plain: the call orders it
        volatile String fault;

        Ticket(int sender) {
            this.sender = sender;
        }

        void run() {
            Cpu cpu = Cpu.current();
            boolean local = cpu.id == sender;
            if (!cpu.irqsDisabled() || Preempt.inHardirq() == local) {
                fault = "context " + Integer.toHexString(Preempt.count()) + " on " + cpu;
            }
            if (written != 42) {
                fault = "stale on " + cpu;
            }
            runs[cpu.id].incrementAndGet();
        }

        void check(boolean finished) {
            for (int cpu = 0; cpu < 4; cpu++) {
                int ran = runs[cpu].get();
                if (finished ? ran != expected[cpu] : ran > expected[cpu]) {
                    throw new AssertionError("from CPU " + sender + ", on CPU " + cpu + ": " + ran + " runs, not "
                            + expected[cpu]);
                }
            }
            if (fault != null) {
                throw new AssertionError(fault);
            }
        }
    }

    private static final SmpCallFunc RUN = SmpCallFunc.named("run", info -> ((Ticket) info).run());

    @ParameterizedTest
    @ValueSource(longs = {0, 11})
    @Invariant({3, 4, 5, 6, 8, 11, 12, 15})
    void inAStormEveryAcceptedCallRunsOnceWhereItShouldAndNoOtherDoes(long faultSeed) throws InterruptedException {
        IpiFaults faults = faultSeed == 0 ? null : new IpiFaults(faultSeed, 100, 100, 0);
        Cpus cpus = new Cpus(BootParams.cpus(4).withPin(false), Printk.NONE, faults);
        for (int cpu = 0; cpu < OFFLINE; cpu++) {
            cpus.setCpuOnline(cpu, true);
        }
        Smp smp = new Smp(cpus);
        List<List<Ticket>> tickets = new ArrayList<>();
        Players players = new Players(cpus);
        for (int id = 0; id < OFFLINE; id++) {
            List<Ticket> own = new ArrayList<>();
            tickets.add(own);
            players.cpu(id, cpu -> {
                Random random = new Random(31 * faultSeed + cpu.id);
                AtomicReferenceArray<Ticket> inFlight = new AtomicReferenceArray<>(4);
                Csd[] csds = new Csd[4];
                for (int slot = 0; slot < 4; slot++) {
                    int mine = slot;
                    csds[slot] = new Csd(info -> inFlight.get(mine).run(), null);
                }
                for (int i = 0; i < CALLS; i++) {
                    Ticket ticket = new Ticket(cpu.id);
                    ticket.written = 42;
                    one(smp, cpu, random, ticket, csds, inFlight);
                    own.add(ticket);
                    if (Preempt.count() != 0 || cpu.irqsDisabled()) {
                        throw new AssertionError("count " + Preempt.count());
                    }
                }
                for (Csd csd : csds) {
                    until(() -> !csd.isLocked());
                }
            });
        }
        players.run();
        tickets.forEach(own -> own.forEach(ticket -> ticket.check(true)));
        assertThat(cpus.warnings.list()).isEmpty();
        for (int id = 0; id < 4; id++) {
            assertThat(cpus.cpu(id).callSingleQueue().isEmpty()).isTrue();
        }
    }

    private static void one(Smp smp, Cpu self, Random random, Ticket ticket, Csd[] csds,
            AtomicReferenceArray<Ticket> inFlight) {
        int target = random.nextInt(4);
        boolean wait = random.nextBoolean();
        CpuMask mask = new CpuMask(4);
        for (int cpu = 0; cpu < 4; cpu++) {
            if (random.nextBoolean()) {
                mask.setCpu(cpu);
            }
        }
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                ticket.expected[target] = target == OFFLINE ? 0 : 1;
                require(smp.smpCallFunctionSingle(target, RUN, ticket, wait) == (target == OFFLINE ? -Errno.ENXIO : 0));
            }
            case 2, 3 -> {
                Csd csd = csds[target];
                wait = false;
                if (!csd.isLocked()) {
                    // An unlocked csd may still be running: its function has read the slot only once it is done.
                    Ticket before = inFlight.get(target);
                    until(() -> before == null || target == OFFLINE
                            || before.runs[target].get() == before.expected[target]);
                    inFlight.set(target, ticket);
                    ticket.expected[target] = target == OFFLINE ? 0 : 1;
                    require(smp.smpCallFunctionSingleAsync(target, csd) == (target == OFFLINE ? -Errno.ENXIO : 0));
                }
            }
            case 4 -> {
                expect(ticket, mask, self.id, false);
                Preempt.disable();
                smp.smpCallFunctionMany(mask, RUN, ticket, wait);
                Preempt.enable();
            }
            default -> {
                expect(ticket, mask, self.id, true);
                smp.onEachCpuMask(mask, RUN, ticket, wait);
            }
        }
        ticket.check(wait);
    }

    private static void expect(Ticket ticket, CpuMask mask, int self, boolean local) {
        for (int cpu = 0; cpu < OFFLINE; cpu++) {
            ticket.expected[cpu] = mask.testCpu(cpu) && (local || cpu != self) ? 1 : 0;
        }
    }

    private static void require(boolean fact) {
        if (!fact) {
            throw new AssertionError("another result than expected");
        }
    }
}
