package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.fuzz.program.Program;
import org.smp4j.selftest.Mutant;
import org.smp4j.selftest.Mutants;
import org.smp4j.weave.Weave;

/** A program is explored under the memory model that is asked for: only java shows an ordering that is missing. */
class WeakMemoryProgramTest {
    private static ProgramResult explore(String program, int schedules, MemoryModel memory, Weave... weaves) {
        LoadedTower tower = new LoadedTower(List.of(), WeakMemoryProgramTest.class.getClassLoader(), weaves);
        ProgramResult result = new ProgramExplorer(tower, schedules, Explorer.Progress.NONE, memory)
                .explore(Program.parse(program));
        assertThat(result.fault()).isNull();
        return result;
    }

    private static Mutant without(String ordering) {
        return Mutants.all().stream().filter(each -> each.name().equals(ordering)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void missingOrderingIsFoundUnderJava(MemoryModel memory) {
        String program = "c3/t0=async.2.0,async.2.0/t1=async.2.0,async.2.0";
        ProgramResult result = explore(program, 300, memory, without("llist-take-release").mutation());
        assertThat(result.failed()).as(result.message()).isEqualTo(memory == MemoryModel.JAVA);
        if (memory == MemoryModel.JAVA) {
            assertThat(explore(program, 300, memory, Weave.nothing()).failed()).isFalse();
        }
    }

    /** What one thread writes for another, without an ordering of its own, arrives only if the tower orders it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "flags-opaque           | c2/t0=single.1.1/t1=context                  | not handed over",
        "irq-work-claim-acquire | c2/t0=iwqon.0.1/t1=iwqon.0.1                 | not handed over",
        "irq-work-begin-release | c2/t0=iwqon.0.1/t1=iwqon.0.1                 | not handed over",
        "irq-work-end-plain     | c2/t0=iwqon.0.1,iwsync.0/t1=context          | not handed over",
        "rwsem-block-opaque     | t2/t0=write/t1=read,read                     | not handed over",
        "rwsem-sum-opaque       | t2/t0=write/t1=read,read                     | not handed over",
        "stop-state-opaque      | t2/t0=stop.3/t1=preempt,preempt              | not handed over",
        "stop-ack-acquire       | t2/t0=stop.3/t1=preempt,preempt              | not handed over",
        "stop-done-plain        | t2/t0=stop.2/t1=preempt                      | result that is not allowed",
        "llist-first-opaque     | c2/t0=llfirst.1,llfirst.1/t1=llfirst.0       | lost node",
        "task-affinity-opaque   | m2/t0=affinity.1.3/t1=allowed.1              | result that is not allowed",
        "stop-report-opaque     | t2/t0=one.0,one.0/t1=stopinfo.0,stopinfo.0   | result that is not allowed",
        "hotplug-veto-opaque    | m2/t0=veto.1.1+1,down.1                      | not handed over",
        "membarrier-look-unfenced     | t2/t0=membarrier.1/t1=inprocess        | no barrier",
        "membarrier-end-unfenced      | t2/t0=membarrier.0/t1=inprocess        | no barrier",
        "membarrier-enter-unfenced    | t2/t0=membarrier.0/t1=inprocess        | no barrier",
        "membarrier-copy-unfenced     | t2/t0=membarrier.1/t1=inprocess        | no barrier",
        "membarrier-register-unfenced | t2/t0=membarrier.1/t1=inprocess        | no barrier",
        "mm-unuse-unfenced      | t2/t0=membarrier.0/t1=inprocess              | no barrier",
        "rwsem-slow-opaque      | t2/t0=write/t1=read,read                     | not handed over",
        "rwsem-free-opaque      | t2/t0=write/t1=read,read                     | not handed over",
        "rwsem-waiting-opaque   | t3/t0=write/t1=read/t2=read                  | deadlock",
        "rcu-look-opaque        | t2/t0=rcu/t1=preempt,yield                   | not handed over",
        "rcu-switch-opaque      | t2/t0=rcu/t1=preempt,yield                   | not handed over",
        "csd-record-unfenced    | m2/t0=callbehind.1.1                         | not handed over",
        "csd-ended-unfenced     | m2/t0=callbehind.1.1                         | not handed over",
        "csd-func-unfenced      | m2/t0=callbehind.1.2                         | report of no function",
        "csd-current-opaque     | m2/t0=callbehind.1.2                         | report of no function",
        "woken-opaque           | t2/t0=await.0,await.1/t1=signal.0,signal.1   | deadlock"})
    void whatIsHandedOverArrives(String ordering, String program, String rule) {
        Mutant without = without(ordering);
        assertThat(explore(program, 300, MemoryModel.JAVA, without.premise()).failed()).isFalse();
        ProgramResult result = explore(program, 8000, MemoryModel.JAVA, without.premise(), without.mutation());
        assertThat(result.rule()).as(result.message()).isEqualTo(rule);
    }

    /** What a watchdog sees of a CPU may be old, so nothing is expected of its reports. */
    @Test
    void watchdogMayMissWhatACpuHasDone() {
        assertThat(explore("m2/t1=onenowait.0+1,delay.2.0", 60, MemoryModel.JAVA).failed()).isFalse();
    }

    /** A thread that does not know that a work was queued need not wait for it. */
    @ParameterizedTest
    @ValueSource(strings = {"c2/t0=iwqon.0.1/t1=iwsync.0", "c2/t0=iwqon.0.1,iwqon.0.1/t1=iwqon.0.1,iwsync.0"})
    void whatIsNotKnownIsNotWaitedFor(String program) {
        ProgramResult result = explore(program, 1000, MemoryModel.JAVA, Weave.nothing());
        assertThat(result.failed()).as(result.message()).isFalse();
    }
}
