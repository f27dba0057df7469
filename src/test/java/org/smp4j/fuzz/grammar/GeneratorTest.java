package org.smp4j.fuzz.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Program;

class GeneratorTest {
    private static final int PROGRAMS = 400;
    private final Catalog catalog = Standard.catalog();

    @ParameterizedTest
    @EnumSource
    void programsAreLegal(Focus focus) {
        Generator generator = new Generator(catalog, focus);
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < PROGRAMS; i++) {
            Program program = generator.draw(5, i);
            assertThat(Legality.fault(program, catalog)).as(program.text()).isNull();
            assertThat(Program.parse(program.text())).isEqualTo(program);
            assertThat(generator.draw(5, i)).isEqualTo(program);
            assertThat(program.cpus()).isBetween(2, 4);
            assertThat(program.players().stream().filter(player -> player.kind() == Player.Kind.TASK).count())
                    .isBetween(1L, 5L);
            texts.add(program.text());
        }
        assertThat(texts).hasSizeGreaterThan(PROGRAMS * 9 / 10);
    }

    @Test
    void everyProductionIsDrawnSoonAndMostProgramsAreSmall() {
        Generator generator = new Generator(catalog, Focus.ALL);
        Set<String> drawn = new TreeSet<>();
        int small = 0;
        for (int i = 0; i < 4 * PROGRAMS; i++) {
            Program program = generator.draw(3, i);
            program.forEach(op -> drawn.add(op.name()));
            small += program.size() <= 6 ? 1 : 0;
        }
        assertThat(small).isBetween(2 * PROGRAMS, 3 * PROGRAMS);
        assertThat(catalog.all()).filteredOn(each -> !drawn.contains(each.name())).as("never drawn").isEmpty();
    }

    /** What matters must meet: one program in fifty at least calls a CPU that it takes down. */
    @Test
    void operationsMeet() {
        Generator generator = new Generator(catalog, Focus.HOTPLUG);
        int meet = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            Set<Integer> leave = new HashSet<>();
            Set<Integer> called = new HashSet<>();
            generator.draw(5, i).forEach(op -> {
                if (op.name().equals("down")) {
                    leave.add(op.arg(0));
                } else if (Set.of("async", "single", "ask").contains(op.name())) {
                    called.add(op.arg(0));
                }
            });
            leave.retainAll(called);
            meet += leave.isEmpty() ? 0 : 1;
        }
        assertThat(meet).isGreaterThan(PROGRAMS / 50);
    }

    @Test
    void illegalProgramsAreRefused() {
        assertIllegal("c2/t0=request.1", "no operation request here; if it is of productions of your own");
        assertIllegal("c2/t0=nothing", "nothing");
        assertIllegal("c2/t0=single.2.1", "single"); // no such CPU
        assertIllegal("c2/t0=single.1", "single"); // an argument is missing
        assertIllegal("c2/t0=irqs+1,single.1.1", "single"); // waits with IRQs off
        assertIllegal("c2/d0.1=single.1.1", "single"); // in an interrupt
        assertIllegal("c2/t0=async.1.0+1,single.1.1", "single");
        assertIllegal("c2/t0=many.2.1", "many"); // preemption is on
        assertIllegal("c2/t0=yield", "yield"); // no tasks there
        assertIllegal("t2/t0=down.1", "down"); // no hotplug there
        assertIllegal("t2/t0=preempt+1,mutex.0", "mutex"); // sleeps
        assertIllegal("t2/t0=mutex.1+1,mutex.0", "mutex"); // in the wrong order
        assertIllegal("t2/t0=mutex.0+1,mutex.0", "mutex"); // by its holder
        assertIllegal("c2/t0=spin.1+1,async.0.0+1,spin.1", "spin"); // a call to itself runs at once
        assertIllegal("m2/t0=cpusread+1,stop.0", "stop"); // takes the lock once more
        assertIllegal("m2/t0=cpusread+1,down.1", "down");
        assertIllegal("m2/t0=migrate+1,cpusread", "cpusread"); // a way down would wait for the task
        assertIllegal("m2/t0=down.0,down.1", "no CPU stays");
        assertIllegal("c2/t0=wait.0", "wait"); // for good
        assertIllegal("c2/t0=wait.0,complete.1/t1=wait.1,complete.0", "wait"); // for each other
        assertIllegal("c2/t0=wait.0/t1=wait.0,complete.0", "wait"); // one completion for two waits
        assertIllegal("m2/t0=down.1,wait.0/t0=async.1.0+1,complete.0", "wait"); // the call may be refused
        assertIllegal("m2/t0=fail.1.0,down.1/t1=fail.1.1", "fail is there 2 times"); // a rollback has to succeed
        assertIllegal("m2/t0=veto.1.0+1,down.1/t0=fail.1.0", "fail");
        assertIllegal("c2/t0=poll/t0=poll", "no place");
        assertIllegal("c2/d0=poll", "no place"); // never interrupts
        assertLegal("c2/t0=wait.0/t1=complete.0");
        assertLegal("t2/t0=mutex.0+1,mutex.1");
        assertLegal("m2/t0=cpusread+1,stoplocked.0");
        assertLegal("m2/t0=fail.1.0,down.1");
        assertLegal("c2/t0=wait.0,complete.1/t1=complete.0,wait.1");
        assertLegal("c2/t0=wait.0/t1=async.0.0+1,complete.0");
        assertIllegal("m3/t2=inactive.0/t1=two.1.0", "two[1, 0] is illegal"); // each stop could wait for the other
        assertLegal("m3/t2=inactive.0/t1=two.1.2");
    }

    private void assertIllegal(String text, String message) {
        assertThat(Legality.fault(Program.parse(text), catalog)).as(text).contains(message);
    }

    private void assertLegal(String text) {
        assertThat(Legality.fault(Program.parse(text), catalog)).as(text).isNull();
    }
}
