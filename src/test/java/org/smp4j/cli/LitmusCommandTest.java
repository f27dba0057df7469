package org.smp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.cli.session.ExitCode;

class LitmusCommandTest {
    private static final String STORE_BUFFERS = """
            C SB
            {}
            P0(int *x, int *y) { int r; WRITE_ONCE(*x, 1); r = READ_ONCE(*y); }
            P1(int *x, int *y) { int r; WRITE_ONCE(*y, 1); r = READ_ONCE(*x); }
            exists (0:r=0 /\\ 1:r=0)
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path dir;

    private int execute(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private String file(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    @Test
    void printsWhatHerdPrints() throws IOException {
        assertThat(execute("litmus", file("sb.litmus", STORE_BUFFERS))).isZero();
        assertThat(out.toString().lines()).containsExactly("Test SB Allowed", "States 4", "0:r=0; 1:r=0;",
                "0:r=0; 1:r=1;", "0:r=1; 1:r=0;", "0:r=1; 1:r=1;", "Ok", "Witnesses", "Positive: 1 Negative: 3",
                "Condition exists (0:r=0 /\\ 1:r=0)", "Observation SB Sometimes 1 3", "");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theModelDecides() throws IOException {
        String file = file("sb.litmus", STORE_BUFFERS);
        assertThat(execute("litmus", "--memory=sc", file)).isZero();
        assertThat(out.toString()).contains("States 3", "\nNo\n", "Observation SB Never 0 3");
        assertThat(execute("litmus", "--memory=tso", file)).isZero();
        assertThat(out.toString()).contains("Observation SB Sometimes 1 3");
        String writes = file("w.litmus", "C W\n{}\nP0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 2); }\n"
                + "P1(int *x, int *y) { WRITE_ONCE(*y, 1); WRITE_ONCE(*x, 2); }\nexists (x=1 /\\ y=1)\n");
        assertThat(execute("litmus", writes)).isZero();
        assertThat(out.toString()).contains("Observation W Sometimes");
        assertThat(execute("litmus", "--append-only", writes)).isZero();
        assertThat(out.toString()).contains("Observation W Never");
    }

    @Test
    void plainReadsGoBackIfAsked() throws IOException {
        String twice = file("t.litmus", "Java T\n{0:X=x; 1:X=x;}\nThread0 { X.set(1); }\n"
                + "Thread1 { int r = X.get(); int s = X.get(); }\nexists (1:r=1 /\\ 1:s=0)\n");
        assertThat(execute("litmus", twice)).isZero();
        assertThat(out.toString()).contains("Observation T Never");
        assertThat(execute("litmus", "--incoherent-reads", "--witness", twice)).isZero();
        assertThat(out.toString()).contains("Observation T Sometimes");
        String token = out.toString().lines().filter(line -> line.startsWith("Token: ")).findFirst().orElseThrow()
                .substring("Token: ".length());
        assertThat(execute("litmus", "--replay", token, twice)).isZero();
        assertThat(out.toString()).contains("> int s = X.get() -> reads x=0");
        assertThat(execute("litmus", "--incoherent-reads", "--memory=tso", twice)).isEqualTo(2);
        assertThat(err.toString()).contains("--incoherent-reads needs --memory java");
    }

    @Test
    void showsAWitness() throws IOException {
        assertThat(execute("litmus", "--witness", file("sb.litmus", STORE_BUFFERS))).isZero();
        assertThat(out.toString()).containsSubsequence(
                "Witness, with 1 departure from sequential consistency, marked >",
                "P0 ", "| P1", "WRITE_ONCE(*x, 1) -> writes x=1", "> r = READ_ONCE(*",
                "is not visible yet");
    }

    @Test
    void aFolderIsReadWithAllBelow() throws IOException {
        file("tests/b.litmus", STORE_BUFFERS);
        file("tests/deep/a.litmus.txt", "@@ one\n" + STORE_BUFFERS + "\n@@ two\n" + STORE_BUFFERS);
        file("tests/notes.txt", "no test");
        assertThat(execute("litmus", dir.resolve("tests").toString())).isZero();
        assertThat(out.toString().lines().filter(line -> line.startsWith("Test "))).containsExactly("Test SB Allowed",
                "Test one Allowed", "Test two Allowed");
    }

    @Test
    void aClaimThatDoesNotHoldFails() throws IOException {
        assertThat(execute("litmus", file("a.litmus", STORE_BUFFERS.replace("exists", "~exists")))).isOne();
        assertThat(out.toString()).contains("Test SB Forbidden", "\nNo\n");
        assertThat(execute("litmus", file("b.litmus", STORE_BUFFERS.replace("{}", "(* Result: Never *) {}")))).isOne();
        assertThat(out.toString()).contains("Expected Never, says the comment in the test");
    }

    @Test
    void whatRestrictsTheResultIsSaid() throws IOException {
        assertThat(execute("litmus", file("loop.litmus",
                "C L\n{}\nP0(int *x) { while (READ_ONCE(*x) == 0) { } }\nexists (x=1)\n"))).isZero();
        assertThat(out.toString()).contains("States 0",
                "Incomplete: executions with more than 3 iterations of a loop are not among these");
        assertThat(execute("litmus", file("dead.litmus",
                "C D\n{}\nP0(spinlock_t *x) { spin_lock(x); spin_lock(x); }\nexists (x=1)\n"))).isZero();
        assertThat(out.toString()).contains("Deadlock: every thread waits for a lock in 1 state");
    }

    @Test
    void printsJsonAndXml() throws IOException {
        String good = file("sb.litmus", STORE_BUFFERS);
        String bad = file("bad.litmus", "C B\n{}\nP0(int *x) { nothing(x); }\nexists (x=1)\n");
        Path xml = dir.resolve("reports/litmus.xml");
        assertThat(execute("litmus", "--json", "--witness", "--junit-xml=" + xml, good, bad)).isEqualTo(ExitCode.USAGE);
        assertThat(out.toString()).contains("\"test\" : \"SB\"", "\"observation\" : \"Sometimes\"",
                "\"complete\" : true", "\"departs\" : true", "bad.litmus:3:14: 'nothing' is not supported");
        assertThat(Files.readString(xml)).contains("tests=\"2\" failures=\"1\"", "Observation SB Sometimes 1 3",
                "type=\"refused\"");
    }

    @Test
    void aWitnessIsReplayedFromItsToken() throws IOException {
        String file = file("sb.litmus", STORE_BUFFERS);
        assertThat(execute("litmus", "--witness", file)).isZero();
        String shown = out.toString();
        String token = shown.substring(shown.indexOf("Token: ") + 7).strip();
        String other = file("w.litmus", STORE_BUFFERS.replace("C SB", "C other").replace("WRITE_ONCE(*y, 1)",
                "WRITE_ONCE(*y, 2)"));
        assertThat(execute("litmus", "--replay", token, other, file)).isZero();
        assertThat(out.toString()).startsWith("Test SB\n").contains(shown.substring(shown.indexOf("Witness, with"),
                shown.indexOf("Token: ")), "\n0:r=0; 1:r=0;\n", "is satisfied here");
        assertThat(execute("litmus", "--replay", token, other)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("none of these tests is the one that the token was made for");
        assertThat(execute("litmus", "--replay", token.replace("litmus1:", "litmus1:A"), file))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("the token is damaged");
    }

    @Test
    void runsATestOnRealThreads() throws IOException {
        String file = file("sb.litmus", STORE_BUFFERS);
        assertThat(execute("litmus", "--run=50", "--seed=3", file)).isZero();
        assertThat(out.toString()).startsWith("Test SB Allowed\nHistogram (").contains("Witnesses\nPositive: ",
                "Observation SB ", "Time SB ");
        assertThat(execute("litmus", "--run=50", "--json", file)).isZero();
        assertThat(out.toString()).contains("\"counted\" : 50", "\"forbidden\" : [ ]");
        String wrong = file("w.litmus", "C W\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\n~exists (x=1)\n");
        assertThat(execute("litmus", "--run=5", wrong)).isOne();
        assertThat(out.toString()).contains("5       *>[x]=1;", "is NOT validated");
    }

    @Test
    void writesATestForJcstress() throws IOException {
        assertThat(execute("litmus", "--java", file("sb.litmus", STORE_BUFFERS))).isZero();
        assertThat(out.toString()).contains("public class SB {", "@JCStressTest");
        String loop = file("l.litmus", "C L\n{}\nP0(int *x) { while (READ_ONCE(*x) == 0) { } }\nexists (x=1)\n");
        assertThat(execute("litmus", "--java", loop)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("a test that may not end");
    }

    @Test
    void nonsenseIsOneLine() throws IOException {
        String good = file("sb.litmus", STORE_BUFFERS);
        String bad = file("bad.litmus", "C B\n{}\nP0(int *x) { nothing(x); }\nexists (x=1)\n");
        String binary = dir.resolve("binary.litmus").toString();
        Files.write(Path.of(binary), new byte[] {(byte) 0xff, (byte) 0xfe});
        Files.createDirectories(dir.resolve("empty"));
        for (String line : new String[] {"litmus", "litmus no-such-file", "litmus " + dir.resolve("empty"),
            "litmus " + bad, "litmus " + binary, "litmus --memory=odd " + good, "litmus --unroll=0 " + good,
            "litmus --states=0 " + good,
            "litmus --run=0 " + good, "litmus --run=x " + good,
            "litmus --run=-1 " + good, "litmus --run=1 --java " + good, "litmus --java --json " + good,
            "litmus --replay=odd " + good, "litmus --replay=litmus1:AA:00000000 " + good,
            "litmus --states=2 " + good, "litmus --junit-xml=" + dir + " " + good}) {
            assertThat(execute(line.split(" "))).as(line).isEqualTo(ExitCode.USAGE);
            assertThat(err.toString().lines()).as(line).hasSize(1);
            assertThat(out.toString()).as(line).isEmpty();
        }
    }
}
