package org.smp4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smp4j.testing.Players.at;
import static org.smp4j.testing.Players.until;
import static org.smp4j.testing.Players.untilWithoutPoll;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.IpiFaults;
import org.smp4j.cpu.PendingBits;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Sitter;
import org.smp4j.lib.BootParams;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.Players;
import org.smp4j.weave.Weave;

public class CsdLockDebugTest {
    private static final Pattern REPORT =
            Pattern.compile("smp: csd: (Detected|Continued) non-responsive CSD lock \\(#(\\d+)\\) on CPU#(\\d+), "
            + "waiting (\\d+) ns for CPU#(\\d\\d) (\\S+)\\((\\S+)\\)\\.");
    private static final int TIMEOUT = 10;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final SmpCallFunc func = SmpCallFunc.named("f", info -> { });

    private Cpus machine(int timeout, String more, IpiFaults faults) {
        BootParams params = BootParams.cpus(4)
                .with("csdlock_debug=1 csd_lock_timeout=" + timeout + " pin=none " + more);
        Cpus cpus = new Cpus(params, log::add, faults);
        for (int cpu = 0; cpu < 4; cpu++) {
            cpus.setCpuOnline(cpu, true);
        }
        return cpus;
    }

    /** Of the log, the watchdog's own lines: without backtraces, and with times left out. */
    private List<String> lines() {
        return log.stream().filter(line -> line.contains("csd: "))
                .map(line -> line.replaceAll("waiting \\d+ ns", "waiting")).toList();
    }

    private List<Matcher> reports() {
        List<Matcher> reports = new ArrayList<>();
        for (String line : log) {
            Matcher matcher = REPORT.matcher(line);
            if (matcher.matches()) {
                reports.add(matcher);
            }
        }
        return reports;
    }

    private boolean logged(String part) {
        return count(part) > 0;
    }

    private long count(String part) {
        return log.stream().filter(line -> line.contains(part)).count();
    }

    @Test
    @Invariant(41)
    void aTargetThatTakesNoInterruptIsReportedUntilItDoes() throws InterruptedException {
        Cpus cpus = machine(TIMEOUT, "", null);
        Smp smp = new Smp(cpus);
        AtomicBoolean stuck = new AtomicBoolean();
        new Players(cpus).cpu(2, cpu -> {
            smp.smpCallFunctionSingle(3, func, "info", true);
            assertThat(smp.csdLockIsStuck()).isFalse();
        }).cpu(3, cpu -> {
            untilWithoutPoll(() -> reports().size() >= 3 && lines().size() >= 9);
            stuck.set(smp.csdLockIsStuck());
            until(() -> logged("got unstuck"));
        }).run();
        assertThat(lines()).startsWith( // a busy host may leave it more time than for three
                "smp: csd: Detected non-responsive CSD lock (#1) on CPU#2, waiting for CPU#03 f+0x0/0x0(info).",
                "smp: \tcsd: CSD lock (#1) unresponsive.",
                "smp: csd: Re-sending CSD lock (#1) IPI from CPU#02 to CPU#03",
                "smp: csd: Continued non-responsive CSD lock (#1) on CPU#2, waiting for CPU#03 f+0x0/0x0(info).",
                "smp: \tcsd: CSD lock (#1) unresponsive.",
                "smp: csd: Re-sending CSD lock (#1) IPI from CPU#02 to CPU#03",
                "smp: csd: Continued non-responsive CSD lock (#1) on CPU#2, waiting for CPU#03 f+0x0/0x0(info).",
                "smp: \tcsd: CSD lock (#1) unresponsive.",
                "smp: csd: Re-sending CSD lock (#1) IPI from CPU#02 to CPU#03")
                .endsWith("smp: csd: CSD lock (#1) got unstuck on CPU#02, CPU#03 released the lock.");
        assertThat(stuck).isTrue();
        assertThat(smp.csdLockIsStuck()).isFalse();
    }

    @Test
    @Invariant(41)
    void reportsComeAfterTheTimeoutAndEverMoreRarely() throws InterruptedException {
        Cpus cpus = machine(TIMEOUT, "", null);
        Smp smp = new Smp(cpus);
        new Players(cpus).cpu(0, cpu -> smp.smpCallFunctionSingle(1, func, null, true))
                .cpu(1, cpu -> untilWithoutPoll(() -> reports().size() >= 3)).run();
        List<Long> waited = reports().stream().map(report -> Long.valueOf(report.group(4))).toList();
        assertThat(waited).hasSizeGreaterThanOrEqualTo(3);
        long millisecond = 1_000_000;
        // With 4 CPUs online the factor is ilog2(4) / 2 + 1 = 2.
        assertThat(waited.get(0)).isGreaterThan(TIMEOUT * millisecond);
        assertThat(waited.get(1) - waited.get(0)).isGreaterThan(2 * 2 * TIMEOUT * millisecond);
        assertThat(waited.get(2) - waited.get(1)).isGreaterThan(3 * 2 * TIMEOUT * millisecond);
    }

    @Test
    @Invariant(41)
    void beforeTheTimeoutAndWithoutOneNothingIsReported() throws InterruptedException {
        for (int timeout : new int[] {3_600_000, 0}) {
            Cpus cpus = machine(timeout, "", null);
            Smp smp = new Smp(cpus);
            AtomicInteger turns = new AtomicInteger();
            new Players(cpus).cpu(0, cpu -> smp.smpCallFunctionSingle(1, func, null, true))
                    .cpu(1, cpu -> untilWithoutPoll(() -> turns.incrementAndGet() >= 3_000)).run();
            assertThat(smp.csdLockIsStuck()).isFalse();
        }
        assertThat(log).isEmpty();
    }

    @Test
    @Invariant(41)
    void whatTheTargetIsDoingIsTold() throws InterruptedException {
        Cpus cpus = machine(TIMEOUT, "", null);
        Smp smp = new Smp(cpus);
        SmpCallFunc slow = SmpCallFunc.named("slow", info -> untilWithoutPoll(() -> logged(") handling " + info)));
        Csd prior = new Csd(slow, "prior");
        new Players(cpus).cpu(0, cpu -> {
            smp.smpCallFunctionSingle(1, slow, "this", true);
            assertThat(smp.smpCallFunctionSingleAsync(1, prior)).isZero();
            until(() -> smp.data(1).current() == prior);
            smp.smpCallFunctionSingle(1, func, null, true);
        }).serving(1).run();
        assertThat(lines()).containsSubsequence(
                "smp: csd: Detected non-responsive CSD lock (#1) on CPU#0, waiting for CPU#01 slow+0x0/0x0(this).",
                "smp: \tcsd: CSD lock (#1) handling this request.",
                "smp: csd: CSD lock (#1) got unstuck on CPU#00, CPU#01 released the lock.",
                "smp: csd: Detected non-responsive CSD lock (#2) on CPU#0, waiting for CPU#01 f+0x0/0x0(0x0).",
                "smp: \tcsd: CSD lock (#2) handling prior slow+0x0/0x0(prior) request.",
                "smp: csd: CSD lock (#2) got unstuck on CPU#00, CPU#01 released the lock.");
        // A busy host may let the target begin late.
        assertThat(count("Re-sending")).as("once it has begun it has its interrupt").isEqualTo(count("unresponsive"));
        assertThat(count("got unstuck")).as("once for each bug").isEqualTo(2);
        assertThat(smp.data(1).current()).isNull();
        assertThat(smp.csdLockIsStuck()).isFalse();
    }

    @Test
    @Invariant(41)
    void anInterruptThatWasLostIsSentAgain() throws InterruptedException {
        long seed = seedThatDropsTheFirstOnly();
        Cpus cpus = machine(TIMEOUT, "", new IpiFaults(seed, 0, 0, 500));
        Smp smp = new Smp(cpus);
        AtomicInteger runs = new AtomicInteger();
        new Players(cpus).cpu(0, cpu -> {
            assertThat(smp.smpCallFunctionSingle(1, info -> runs.incrementAndGet(), null, true)).isZero();
            assertThat(runs).hasValue(1);
        }).serving(1).run();
        assertThat(logged("smp: csd: Re-sending CSD lock (#1) IPI from CPU#00 to CPU#01")).isTrue();
        assertThat(lines()).endsWith("smp: csd: CSD lock (#1) got unstuck on CPU#00, CPU#01 released the lock.");
    }

    private long seedThatDropsTheFirstOnly() {
        for (long seed = 0; ; seed++) {
            Cpus cpus = machine(TIMEOUT, "", new IpiFaults(seed, 0, 0, 500));
            int[] arrived = new int[2];
            at(cpus.cpu(0), () -> {
                for (int i = 0; i < 2; i++) {
                    cpus.cpu(1).sendInterrupt(PendingWord.CALL);
                    arrived[i] = cpus.cpu(1).pendingBits();
                    PendingBits.clear(cpus.cpu(1), PendingWord.CALL);
                }
            });
            if (arrived[0] == 0 && arrived[1] == PendingWord.CALL) {
                return seed;
            }
        }
    }

    @Test
    @Invariant({3, 41})
    void aCallWhoseInterruptIsLostStaysQueued() {
        Cpus cpus = machine(TIMEOUT, "", new IpiFaults(1, 0, 0, 1000));
        Smp smp = new Smp(cpus);
        AtomicInteger runs = new AtomicInteger();
        at(cpus.cpu(0), () -> assertThat(smp.smpCallFunctionSingle(1, info -> runs.incrementAndGet(), null, false))
                .isZero());
        Cpu target = cpus.cpu(1);
        assertThat(target.callSingleQueue().isEmpty()).isFalse();
        at(target, () -> {
            target.poll();
            assertThat(runs).hasValue(0);
            smp.flushSmpCallFunctionQueue();
            assertThat(runs).hasValue(1);
        });
    }

    @Test
    @Invariant(41)
    void everyWaitHasABugIdOfItsOwnAlsoThoseForCsdsOfBroadcastsAndTwoAtOnce() throws InterruptedException {
        Cpus cpus = machine(TIMEOUT, "", null);
        Smp smp = new Smp(cpus);
        new Players(cpus).cpu(0, cpu -> smp.onEachCpu(func, null, true)).cpu(1, cpu -> {
            until(() -> reports().stream().anyMatch(report -> report.group(3).equals("0")));
            smp.smpCallFunctionSingle(2, func, null, true);
        }).cpu(2, cpu ->
                untilWithoutPoll(() -> reports().stream().map(report -> report.group(3)).distinct().count() == 2))
                        .serving(3).run();
        assertThat(log.stream().filter(line -> line.contains("got unstuck")).map(line -> line.substring(0, 27)))
                .containsExactlyInAnyOrder("smp: csd: CSD lock (#1) got", "smp: csd: CSD lock (#2) got");
        assertThat(smp.csdLockIsStuck()).isFalse();
    }

    @Test
    void theFirstReportShowsBothSidesAndTheTargetAgainOnlyAfterItsNextFlush() throws InterruptedException {
        Cpus cpus = machine(TIMEOUT, "", null);
        Smp smp = new Smp(cpus);
        AtomicInteger stage = new AtomicInteger();
        new Players(cpus).cpu(0, cpu -> {
            smp.smpCallFunctionSingle(1, func, null, true);
            assertThat(shown(1)).isEqualTo(1);
            assertThat(shown(0)).isEqualTo(1);
            assertThat(logged("pending: CALL queue: [f]")).isTrue();
            stage.set(1);
            until(() -> stage.get() == 2);
            smp.smpCallFunctionSingle(1, func, null, true);
        }).cpu(1, cpu -> {
            untilWithoutPoll(() -> log.stream().filter(line -> line.contains("Re-sending")).count() == 2);
            until(() -> stage.get() == 1);
            stage.set(2);
            untilWithoutPoll(() -> shown(1) == 2);
        }).run();
    }

    private long shown(int cpu) {
        return log.stream().filter(line -> line.startsWith("CPU: " + cpu + " Comm: player/" + cpu + " online")).count();
    }

    @Test
    void aStallThatLastsIsAPanicIfWanted() {
        Cpus cpus = machine(TIMEOUT, "panic_on_ipistall=1", null);
        Smp smp = new Smp(cpus);
        assertThatThrownBy(() -> at(cpus.cpu(0), () -> smp.smpCallFunctionSingle(1, func, null, true)))
                .isInstanceOf(Error.class)
                .hasMessageStartingWith("csd: CSD lock (#1) stalled for ");
        assertThat(cpus.lifetime.panicReason()).startsWith("csd: CSD lock (#1) stalled for ");
        assertThat(cpus.cpu(0).sitter()).isNull();
    }

    @Test
    void withoutTheWatchdogNothingIsWatched() {
        Cpus cpus = new Cpus(2);
        Smp smp = new Smp(cpus);
        assertThat(smp.debug).isNull();
        assertThat(smp.csdLockIsStuck()).isFalse();
    }

    /** A wait of few turns, the first of which takes longer than the timeout, as on a host with too few cores. */
    public static final class SlowTurns implements Supplier<List<String>> {
        private static final AtomicInteger TURNS = new AtomicInteger(-1);
        private static final AtomicBoolean RELEASED = new AtomicBoolean();
        private static final AtomicBoolean DONE = new AtomicBoolean();

        /** Woven into the wait, at the end of each turn. */
        public static void turn() {
            if (TURNS.get() < 0) {
                return; // the machine boots
            }
            switch (TURNS.getAndIncrement()) {
                case 0 -> pass();
                case 1 -> {
                    RELEASED.set(true);
                    while (!DONE.get()) {
                        Thread.onSpinWait();
                    }
                    pass();
                }
                default -> { }
            }
        }

        private static void pass() {
            for (long end = System.nanoTime() + 3L * TIMEOUT * 1_000_000; System.nanoTime() - end < 0; ) {
                Thread.onSpinWait();
            }
        }

        @Override
        public List<String> get() {
            List<String> log = new CopyOnWriteArrayList<>();
            BootParams params = BootParams.cpus(2).with("csdlock_debug=1 csd_lock_timeout=" + TIMEOUT + " pin=none");
            try (Machine machine = Machine.boot(params, log::add, null)) {
                machine.run(0, () -> {
                    TURNS.set(0);
                    machine.smp().smpCallFunctionSingle(1, info -> {
                        while (!RELEASED.get()) {
                            Thread.onSpinWait();
                        }
                        DONE.set(true);
                    }, null, true);
                    TURNS.set(-1);
                });
            }
            return log;
        }
    }

    @Test
    @Invariant(41)
    @SuppressWarnings("unchecked")
    void aWaitOfFewLongTurnsIsReported() {
        Weave slow = Weave.in("org.smp4j.call.CsdLockDebug", "lockWait").insert(hook(SlowTurns.class, "turn"))
                .after(call(Sitter.class, "relax"));
        Supplier<List<String>> wait = slow.load(SlowTurns.class).make(Supplier.class, SlowTurns.class);
        List<String> lines = wait.get();
        assertThat(lines).anyMatch(line -> line.startsWith("smp: csd: Detected"))
                .anyMatch(line -> line.contains("got unstuck"));
    }
}
