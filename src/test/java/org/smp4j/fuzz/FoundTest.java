package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.fuzz.grammar.Legality;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.selftest.Bug;

/** Generated programs that have found faults of the tower, or of what judges it, after they were repaired. */
class FoundTest {
    /**
     * A program and what it found.
     *
     * @param fault the fault
     * @param program the program
     * @param schedules so many schedules show it
     */
    private record Found(String fault, String program, long schedules) {
    }

    private static final List<Found> ALL = List.of(
            new Found("an interrupt in a task that had given its thread to the stopper rescheduled the task",
                    "t2/t0=async.0.0,async.1.0,schedule/t0=onenowait.0/t1=schedule,schedule,schedule/d1.2=onenowait.1",
                    100),
            new Found("an oracle's: a function of an irq_work may send its csd to its own CPU twice",
                    "c2/t1=iwown.0.1+1,async.0.1", 100),
            new Found("the explorer's interrupts: the thread of clock events has no sitter",
                    "m3/t0.7=waittime,waittime/t0=waittime/d0.1=softirq.1", 20),
            new Found("a program's: a failure was injected while its CPU came up, and met the next teardown",
                    "m2/t0=each.0,fail.1.3,inactive.1+1,iwown.0.0/t0=each.0/t1=inactive.1/t1.3=each.1", 60),
            new Found("the same, which ended in a deadlock", "m3/t2=up.2,stop.4,complete.0,down.2,up.2,up.2,mask.0,"
                    + "down.2/t2=preempt,up.1,up.2,complete.1/t1=down.2,fail.1.5,wait.0,wait.1,timeout.2,down.2/"
                    + "t1=balance.0,inactive.1/t1=inactive.1,balance.0", 40),
            new Found("the harness': it checked while a tick was due on a CPU that computed",
                    "m3/t1=iwq.3/d1.1=delay.2.1,preempt", 40),
            new Found("an oracle's: a function on the caller's own CPU makes a call with the same csd",
                    "t2/t1=async.0.0+1,async.1.1/t0=single.0.1+1,singlexhandler/t0.3=async.0.0,single.0.1+1,"
                    + "singlexhandler,async.0.1/t1=async.0.1,async.1.0,async.0.0", 20),
            new Found("an oracle's: a call without a function is refused before it begins",
                    "t3/t2=singlexnull/t0=singlexnull,singlexnull,eachmask.1.1/t0=eachmask.7.0/"
                    + "d0.2=singlexnull,singlexnull/d2.1=singlexnull", 40),
            new Found("an oracle's: where a function enables IRQs, interrupts nest, and calls begin in any order",
                    "m4/t0=preempt+2,preempt+1,async.2.1,async.1.0,async.3.1+1,iwsyncxatomic.0/t3=preempt+1,each.1,"
                    + "singlexirqson.2/t0=async.0.1/t1=timercancel.2,each.0+1,async.2.1,async.3.0/d3.2=delay.1.1/"
                    + "t2=signal.0,irqs+2,async.0.0,irqs+2,waittimexatomic,irqs+2,async.1.1,onenowait.2", 100),
            new Found("the same, and a nested one uses a csd that its CPU has just let go of",
                    "c3/t0=single.2.1+2,async.1.1,async.2.0/t1=async.1.1,singlexirqson.2/t2=singlexirqson.2/"
                    + "d2.1=async.2.1", 200),
            new Found("the harness': a device interrupted a CPU that had gone offline, and its handler's work was lost",
                    "m2/t0=down.1/d0.1=iwq.3/d1.2=iwq.3", 300),
            new Found("the same: it interrupted the CPU before, and was handled after",
                    "m3/t0=down.2/t2=yield,yield/d2.2=iwq.3", 300),
            new Found("the harness': after a program with illegal uses it took a CPU down on which a spawned task, for "
                    + "which no task waits, had work to do",
                    "m3/t1=spawn.1.0/t2=spawn.1.0+1,work.2/d2.2=cpuswritexatomic", 20),
            new Found("the same, while a queued work had it",
                    "m3/t0=queuework.1+1,work.2/t1=spawnxnull.0", 400),
            new Found("preempt_enable without preempt_disable: the warning let the task move, and it then took the "
                    + "interrupts of the CPU that it had left",
                    "m2/t0=affinity.1.1,affinity.1.2,affinity.1.1/t0.3=preemptxunbalanced", 2000),
            new Found("the same of local_bh_enable",
                    "m2/t0=down.1/t1=freeze.0/t1=bhxunbalanced", 1300),
            new Found("smp_call_function_many with preemption on used the memory of a CPU that another task used too",
                    "m2/t0=manyxpreemptible.3.1/t0=manyxpreemptible.3.1", 600));

    @Test
    void programsPass() {
        LoadedTower tower = new LoadedTower(List.of(), FoundTest.class.getClassLoader());
        for (Found found : ALL) {
            assertThat(Legality.fault(Program.parse(found.program()), Standard.catalog().withMisuses()))
                    .as(found.fault()).isNull();
            ExploreOptions options = ExploreOptions.DEFAULT.withSchedules(found.schedules()).withShrink(false);
            String campaigns = ProgramExplorer.strategy(Program.parse(found.program()));
            for (String strategy : new TreeSet<>(List.of(options.strategy(), campaigns))) { // either has found some
                Report report = Explorer.explore(tower.program(found.program(), null),
                        options.withStrategy(strategy), Explorer.Progress.NONE);
                assertThat(report.passed()).as(found.fault() + ": " + report.text()).isTrue();
            }
        }
    }

    /** It found a fault of the explorer, which lost what an interrupt at a strand's end threw. */
    @Test
    void whatAnInterruptThrowsAtTheEndOfATaskIsAFailure() {
        Bug bug = Bug.all().stream().filter(each -> each.name().equals("late-online-bit")).findFirst().orElseThrow();
        LoadedTower tower = new LoadedTower(List.of(), FoundTest.class.getClassLoader(), bug.weave());
        String program = "m2/t1=statesilent.0,statesilent.1/t1.2=down.0/t0.3=statesilent.0,down.0,statesilent.0,down.0,"
                + "down.0,down.0/t1.3=statesilent.1,veto.0.0+1,down.0/t1=statesilent.0+2,statesilent.1,down.0";
        Report report = Explorer.probe(tower.program(program, null),
                ExploreOptions.DEFAULT.withSchedules(40).withShrink(false), Explorer.Progress.NONE, new Pairs());
        assertThat(report.passed()).isFalse();
        assertThat(report.failure().rule()).isEqualTo("thrown: org.smp4j.lib.Aborted");
    }
}
