package org.smp4j.fuzz.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.model.Randomness;

class ProgramTest {
    @Test
    void textAndBack() {
        Op inner = new Op("complete", List.of(1), List.of());
        Op outer = new Op("single", List.of(2, 1), List.of(inner, inner));
        Player task = new Player(Player.Kind.TASK, 0, 3, List.of(outer, new Op("poll", List.of(), List.of())));
        Player device = new Player(Player.Kind.DEVICE, 1, 2, List.of(inner));
        Program program = new Program(Stage.TASKS, 3, List.of(task, device, task.withOps(List.of())));
        assertThat(program.text()).isEqualTo(
                "t3/t0.3=single.2.1+2,complete.1,complete.1,poll/d1.2=complete.1/t0.3=");
        assertThat(Program.parse(program.text())).isEqualTo(program);
        assertThat(program.size()).isEqualTo(5);
    }

    @Test
    void nonsenseIsRefused() {
        for (String text : List.of("", "c", "x2", "c99", "c0", "c2/", "c2/t", "c2/t0", "c2/q0=poll", "c2/t0=poll,",
                "c2/t0=poll+1", "c2/t0=poll+2,poll", "c2/t0=Poll", "c2/t0=poll.x", "c2/t0=poll.-1",
                "c2/t0=poll.9999999", "c2/t0.1.2=poll", "c2/" + "t0=poll/".repeat(30),
                "c2/t0=" + "poll,".repeat(500) + "poll", "c2/t0=" + "poll+1,".repeat(100) + "poll",
                "c2/t0=poll" + ".1".repeat(20_000))) {
            assertThatThrownBy(() -> Program.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("(?s).+");
        }
    }

    @Test
    void noTextDoesMoreThanBeRefused() {
        String letters = "cmtd0123456789./=,+polingexyz-: #\n";
        Randomness draws = new Randomness(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("c2/t0=poll,single.1.1+1,poll");
            for (int change = 0; change < 3; change++) {
                text.setCharAt(draws.below(text.length()), letters.charAt(draws.below(letters.length())));
            }
            assertThatCode(() -> {
                try {
                    Program.parse(text.toString()).text();
                } catch (IllegalArgumentException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }).as(text.toString()).doesNotThrowAnyException();
        }
    }
}
