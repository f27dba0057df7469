package org.smp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.explore.replay.Token;

class FuzzCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... args) {
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void reportsTheSameForAnyNumberOfJobs() {
        assertThat(execute("fuzz", "--floor=call", "--programs=6", "--schedules=5", "--seed=4")).isZero();
        String report = out.toString();
        assertThat(report).contains("passed fuzz: floor call, seed 4: 6 programs", "pairs of conflicting sites: lib ",
                "results of operations: ", "warnings: callback\n", "corpus: ");
        assertThat(err.toString()).contains("programs/s");
        out.getBuffer().setLength(0);
        assertThat(execute("fuzz", "--floor=call", "--programs=6", "--schedules=5", "--seed=4", "--jobs=2")).isZero();
        assertThat(out.toString()).isEqualTo(report);
    }

    /** What a program shows passes from a job to the command. */
    @Test
    void warningsAndResultsAreTheSameForAnyNumberOfJobs() {
        String[] args = {"fuzz", "--misuse", "--floor=call", "--programs=24", "--schedules=2", "--json"};
        assertThat(execute(args)).isZero();
        String report = out.toString();
        assertThat(report).containsPattern("\"warnings\" : \\[ \"[^]]*smp_call_function_single")
                .contains("\"reasons\" : {").containsPattern("\"results\" : \\[ \"[^]]*irqs 0");
        out.getBuffer().setLength(0);
        assertThat(execute(Stream.concat(Stream.of(args), Stream.of("--jobs=2")).toArray(String[]::new))).isZero();
        assertThat(out.toString()).isEqualTo(report);
    }

    @Test
    void exploresUnderAMemoryModel() {
        assertThat(execute("fuzz", "--floor=call", "--programs=4", "--schedules=5", "--memory=java")).as(out + "" + err)
                .isZero();
        assertThat(out.toString()).contains("passed fuzz: floor call, memory java, seed 1: 4 programs");
        assertThat(execute("fuzz", "--memory=java", "--compare=2")).isEqualTo(ExitCode.USAGE);
        assertThat(execute("fuzz", "--memory=weak")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void keepsACorpusAndPrintsJson(@TempDir Path dir) throws IOException {
        Path corpus = dir.resolve("corpus");
        assertThat(execute("fuzz", "--floor=call", "--programs=4", "--schedules=5", "--json", "--corpus=" + corpus))
                .isZero();
        assertThat(out.toString()).contains("\"floor\" : \"call\"", "\"programs\" : 4", "\"failures\" : [ ]");
        try (Stream<Path> files = Files.list(corpus)) {
            assertThat(files).isNotEmpty();
        }
        assertThat(execute("fuzz", "--floor=call", "--programs=4", "--schedules=5", "--corpus=" + corpus)).isZero();
        Files.writeString(corpus.resolve("bad.program"), "c2/t0=single.9.9\n");
        assertThat(execute("fuzz", "--programs=1", "--corpus=" + corpus)).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("bad.program");
    }

    @Test
    void wrongOptionsAreRefused() {
        for (List<String> args : List.of(List.of("--floor=roof"), List.of("--programs=0"), List.of("--jobs=0"),
                List.of("--schedules=-1"), List.of("--budget=soon"))) {
            assertThat(execute(Stream.concat(Stream.of("fuzz"), args.stream()).toArray(String[]::new))).as(args + "")
                    .isEqualTo(ExitCode.USAGE);
        }
        assertThat(err.toString().lines()).hasSize(5);
    }

    /** Also with the right checksum. */
    @Test
    void forgedTokensAreRefused() {
        for (String program : List.of("c2/t0=nothing", "c2/t0=single", "c2/t0=irqs+1,single.1.1", "x", "",
                "c2/t0=wait.0", "c2/t0=single.1.1+1")) {
            String body = "fuzz/" + program + ":AAAAAAAAoI0GAA";
            String token = "smp4j1:" + body + ":" + Token.checksum(body);
            assertThat(execute("replay", token)).as(token).isEqualTo(ExitCode.USAGE);
        }
        assertThat(err.toString().lines()).hasSize(7).allMatch(line -> line.startsWith("smp4j replay: "));
    }
}
