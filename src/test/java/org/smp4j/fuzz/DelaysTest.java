package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.smp4j.Watchdog;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.grammar.Generator;
import org.smp4j.fuzz.grammar.Legality;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.lib.BootParams;
import org.smp4j.weave.Weave;

/** Programs with long delays: what the contract says is reported, and nothing else. */
public class DelaysTest {
    private static final String CSD_DEBUG = "org.smp4j.call.CsdLockDebug";
    private static final Weave NO_LOCKUP = Weave.in(Watchdog.class, "check")
            .drop(call(Watchdog.class, "report").all(2));
    private static final Weave EARLY_LOCKUP = Weave.in(Watchdog.class, "<init>")
            .replace(call(BootParams.class, "watchdogThresh")).by(hook(Limits.class, "one"));
    private static final Weave NO_CSD = Weave.in(CSD_DEBUG, "lockWait").drop(call(CSD_DEBUG, "report"));
    private static final Weave EARLY_CSD = Weave.in(CSD_DEBUG, "<init>")
            .replace(call(BootParams.class, "csdLockTimeout")).by(hook(Limits.class, "hundred"));
    private static final Weave STUCK_CSD = Weave.in(CSD_DEBUG, "lockWait").drop(call(CSD_DEBUG, "print"));

    private static final String HARD_IN_HANDLER = "m2/t0=single.1.1+1,delay.1.0";
    private static final String HARD_WITH_IRQS_OFF = "m2/t0=irqs+2,iwq.0,delay.1.1";
    private static final String SOFT_IN_STOPPER = "m2/t0=onenowait.1+1,delay.2.1";
    private static final String SHORT_IN_HANDLER = "m2/t0=single.1.1+1,delay.0.0";
    private static final String SHORT_CALL = "m2/t0=slowcall.1.0";
    private static final String LONG_CALL = "m2/t0=slowcall.1.1";

    /** Limits that are too low. */
    public static final class Limits {
        private Limits() {
        }

        /** {@return seconds} */
        public static int one(BootParams params) {
            return 1;
        }

        /** {@return milliseconds} */
        public static int hundred(BootParams params) {
            return 100;
        }
    }

    private static ProgramResult explore(String program, Weave... weaves) {
        assertThat(Legality.fault(Program.parse(program), Standard.catalog())).as(program).isNull();
        LoadedTower tower = new LoadedTower(List.of(), DelaysTest.class.getClassLoader(), weaves);
        ProgramResult result = new ProgramExplorer(tower, 8, Explorer.Progress.NONE).explore(Program.parse(program));
        assertThat(result.fault()).isNull();
        assertThat(result.notes()).as(program).isEmpty();
        return result;
    }

    /** Nothing is known of a run over the limit while a task still computes, or strands still come to new code. */
    @Test
    void longRunIsNoLivelock() {
        for (int limit : new int[] {2_000, 5_000, 10_000}) {
            Report report = run("m4/t3=delay.2.0/t3.15=cpudown.2,cpuup.2,cpudown.2,cpuup.2/t3.6=kick/t3.6=kick", limit);
            assertThat(report.passed()).as(report.text()).isTrue();
            assertThat(report.cut()).isPositive();
        }
    }

    /** Over the limit time passes though threads could go on, so that the watchdogs look late. */
    @Test
    void stallNeedNotBeReportedWhereTimeHasLeapt() {
        Report report = run("m4/t1=look.2,affinity.1.4,slowcall.2.1,callback.1+1,look.3/t3.10=/t2=affinity.0.9,"
                + "affinity.4.10,affinity.0.6/t2=affinity.1.6,affinity.2.11,callback.1/t1=queuework.0,affinity.1.10",
                100_000);
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.cut()).isPositive();
    }

    /** A grace period, a change of affinity and a CPU that goes look now and then whether a task has gone on. */
    @Test
    void longDelayTakesFewSteps() {
        Report report = run("m4/t3=delay.2.0/t3.15=cpudown.2/t3.6=kick", 200_000);
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.cut()).isZero();
    }

    /**
     * The watchdog and a backtrace read the state of CPUs that run; a device's handler reads what was there before the
     * device.
     */
    @Test
    void nothingRacesWithTheWatchdogAndWithDevices() {
        for (String program : List.of("m4/t3=delay.2.0/t3.15=cpudown.2/t3.6=kick", LONG_CALL, HARD_IN_HANDLER,
                "m3/t2=mask.0/d0.1=balance.1,iwqon.3.0/d0.2=delay.2.1", "m4/t3=slowcall.0.1/d1.2=async.1.1")) {
            assertThat(run(program, 1_000_000).text()).doesNotContain("data race");
        }
    }

    private static Report run(String program, int limit) {
        LoadedTower tower = new LoadedTower(List.of(), DelaysTest.class.getClassLoader());
        return Explorer.explore(tower.program(program, null),
                ExploreOptions.DEFAULT.withSchedules(6).withStepLimit(limit), Explorer.Progress.NONE);
    }

    @Test
    void whatIsReportedIsRight() {
        for (String program : List.of(HARD_IN_HANDLER, HARD_WITH_IRQS_OFF, SOFT_IN_STOPPER, SHORT_IN_HANDLER,
                SHORT_CALL, LONG_CALL, "m2/t0=delay.2.1/t0=yield", "m2/t0=delay.2.0/t1=single.0.1",
                "m2/t0=async.1.0+1,delay.2.0", "m3/t0=preempt+1,delay.2.1/t1=single.0.1,resched.0",
                "m2/t0=stop.3+1,delay.2.0/t1=single.0.1",
                "m2/t0=yield/d0.2=delay.1.0",
                // the caller's CPU has a tick every ten milliseconds, and such a run is long
                "m2/t0.1=iwqon.1.0/t1=iwqon.0.0/t0=ask.0,slowcall.1.1,iwqon.0.0/t0=iwqon.3.0,iwqon.0.0")) {
            assertThat(explore(program).message()).as(program).isNull();
        }
    }

    @Test
    void reportThatDoesNotComeIsFound() {
        assertThat(explore(HARD_IN_HANDLER, NO_LOCKUP).message()).contains("HARD has not been reported of CPU 1");
        assertThat(explore(HARD_WITH_IRQS_OFF, NO_LOCKUP).message()).contains("HARD has not been reported of CPU 0");
        assertThat(explore(SOFT_IN_STOPPER, NO_LOCKUP).message()).contains("SOFT has not been reported of CPU 1");
        assertThat(explore(LONG_CALL, NO_CSD).message()).contains("CSD has not been reported of CPU 0");
        assertThat(explore(LONG_CALL, NO_CSD).rule()).isEqualTo("stall not reported");
        assertThat(explore(LONG_CALL, STUCK_CSD).rule()).isEqualTo("stuck csd lock");
    }

    @Test
    void reportThatComesEarlyIsFound() {
        for (ProgramResult result : List.of(explore(SHORT_IN_HANDLER, EARLY_LOCKUP), explore(SHORT_CALL, EARLY_CSD),
                explore(SOFT_IN_STOPPER, EARLY_LOCKUP))) {
            assertThat(result.rule()).as(result.program()).isEqualTo("stall reported early");
        }
    }

    /** In tasks, handlers and stoppers, with preemption or IRQs off. */
    @Test
    void delaysAreDrawnEverywhere() {
        Set<String> around = new HashSet<>();
        for (Focus focus : List.of(Focus.CALL, Focus.SCHED, Focus.STOP, Focus.HOTPLUG)) {
            Generator generator = new Generator(Standard.catalog(), focus);
            for (int i = 0; i < 10_000; i++) {
                Program program = generator.draw(1, i);
                program.players().forEach(player -> player.ops().forEach(op -> note(op, player.kind().name(), around)));
                program.forEach(op -> assertThat(op.name().equals("delay") && program.stage() != Stage.MACHINE)
                        .isFalse());
            }
        }
        assertThat(around).contains("TASK", "DEVICE", "preempt", "irqs", "async", "onenowait");
        assertThat(Standard.catalog().find("delay").floor()).isEqualTo(Floor.CALL);
    }

    private static void note(Op op, String outside, Set<String> around) {
        if (op.name().equals("delay")) {
            around.add(outside);
        }
        op.body().forEach(each -> note(each, op.name(), around));
    }
}
