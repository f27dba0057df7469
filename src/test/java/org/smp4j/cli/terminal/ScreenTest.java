package org.smp4j.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.cli.output.Table;

/** What goes to the terminal, and what happens if it can't. */
class ScreenTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Screen screen = new Screen(new PrintWriter(out), new PrintWriter(err));

    @Test
    void lastLineIsWipedBeforeAnotherOneComesAndNeverGoesToStandardOutput() {
        screen.print("before");
        screen.draw("half done");
        screen.print("line");
        screen.print("next");
        screen.wipe();
        assertThat(out.toString().lines()).containsExactly("before", "line", "next");
        assertThat(err).hasToString("\r\033[Khalf done\r\033[K");
    }

    @Test
    void lastLineNeverWraps() {
        screen.draw("x".repeat(5000));
        assertThat(err.toString().replace("\r\033[K", "")).hasSize(Terminal.width() - 1);
    }

    @Test
    void barIsAsLongAsWhatIsDone() {
        assertThat(ProgressLine.line("job", 5, 10, " s", "fast", true))
                .isEqualTo("job  50% [==========          ] 5/10 s  fast");
        assertThat(ProgressLine.line("job", 50, 10, "", "", true)).startsWith("job 100% [====================] 10/10");
        assertThat(ProgressLine.line("job", 5, 10, "", "", false)).startsWith("job  50% 5/10");
        assertThat(ProgressLine.line("job", 5, 0, " s", "fast", true)).isEqualTo("job 5 s  fast");
    }

    @Test
    void rowsMayComeOneByOne() {
        Table table = new Table(List.of("a", "bb"), List.of(List.of("long", "")));
        assertThat(table.heading()).isEqualTo("a     bb");
        assertThat(table.row(List.of("longer than that", "x"))).isEqualTo("longer than that  x");
    }

    @Test
    void actionsRunOnceTheRequestIsMadeAndAtOnceAfterwards() {
        StopRequest stop = new StopRequest();
        List<String> ran = new ArrayList<>();
        stop.then(() -> ran.add("early"));
        assertThat(stop.made()).isFalse();
        assertThat(ran).isEmpty();
        stop.make();
        stop.make();
        stop.then(() -> ran.add("late"));
        assertThat(stop.made()).isTrue();
        assertThat(ran).containsExactly("early", "late");
    }

    @Test
    void outputThatFailsEndsTheCommandAndIsComplainedAboutOnce() {
        StopRequest stop = new StopRequest();
        List<String> written = new ArrayList<>();
        StandardOutput output = new StandardOutput(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no more room");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
                written.add(text);
                if (text.contains("big")) {
                    throw new IOException("no more room");
                }
            }
        }, stop, false);
        PrintWriter writer = new PrintWriter(output, true, StandardCharsets.UTF_8);
        writer.println("small");
        assertThat(output.complaint()).isNull();
        assertThat(stop.made()).isFalse();
        writer.println("big");
        writer.println("dropped");
        assertThat(written).containsExactly("small\n", "big\n");
        assertThat(stop.made()).isTrue();
        assertThat(output.complaint()).isEqualTo("smp4j: standard output can't be written: no more room");
    }
}
