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

class CampaignCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int execute(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private String manifest() {
        return folder.resolve("manifest.json").toString();
    }

    @Test
    void plansRunsAndMerges() throws IOException {
        assertThat(execute("campaign", "plan", manifest(), "--name=night", "--shards=2", "--race=empty-ipi-mask",
                "--seeds=2", "--schedules=2000")).isZero();
        assertThat(execute("campaign", "plan", manifest(), "--add", "--fuzz=call", "--seeds=1", "--programs=2"))
                .isZero();
        assertThat(out.toString()).startsWith("campaign night: 4 units of 3 works in 2 shards; ");

        assertThat(execute("campaign", "status", folder.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("0 of 2 shards", "to be run: 0-1");
        assertThat(execute("campaign", "merge", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("2 of 2 shards are missing; to be run: 0-1").hasLineCount(1);

        assertThat(execute("campaign", "launch", folder.toString(), "--jobs=2")).isZero();
        assertThat(execute("campaign", "status", folder.toString())).isZero();
        assertThat(out.toString()).contains("campaign night: 2 of 2 shards, 0 units not as expected");
        assertThat(execute("campaign", "merge", folder.toString(), "--to=" + folder.resolve("out"))).isZero();
        assertThat(out.toString()).contains("passed race empty-ipi-mask, buggy: 2 of 2 units as expected",
                "passed race empty-ipi-mask, fixed: 1 of 1 unit as expected",
                "passed campaign night: 4 of 4 units as expected");
        assertThat(folder.resolve("out/report.txt")).hasContent(out.toString());
        assertThat(folder.resolve("out/report.html")).content().contains("Campaign night: passed");
        assertThat(folder.resolve("out/report.json")).content().contains("\"asExpected\" : 2");
        assertThat(folder.resolve("out/report.xml")).content().contains("tests=\"3\" failures=\"0\"");

        Path shard = folder.resolve("shard-1.json");
        String whole = Files.readString(shard);
        Files.writeString(shard, whole.substring(0, whole.length() - 9));
        assertThat(execute("campaign", "status", folder.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("shard 1 can't be used: ", "to be run: 1");
        assertThat(execute("campaign", "run-shard", "1", "--manifest=" + manifest())).isZero();
        assertThat(shard).hasContent(whole);
        assertThat(execute("campaign", "run-shard", "1", "--manifest=" + manifest())).isZero();
        assertThat(err.toString()).contains("shard 1 was run already");
    }

    @Test
    void writesScripts() {
        execute("campaign", "plan", manifest(), "--name=night", "--shards=5", "--fuzz=call", "--seeds=5");
        assertThat(execute("campaign", "launch", folder.toString(), "--engine=slurm", "--command=bin/smp4j")).isZero();
        assertThat(out.toString()).contains("#SBATCH --array=0-4\n", "#SBATCH --requeue\n",
                "exec bin/smp4j campaign run-shard \"$SLURM_ARRAY_TASK_ID\" --manifest='" + manifest() + "'\n");
        assertThat(execute("campaign", "launch", folder.toString(), "--engine=k8s")).isZero();
        assertThat(out.toString()).contains("completionMode: Indexed", "completions: 5", "name: night");
        assertThat(execute("campaign", "launch", folder.toString(), "--engine=parallel")).isZero();
        assertThat(out.toString()).contains("seq 0 4 | parallel ");
    }

    @Test
    void badInputIsOneLine() throws IOException {
        String[][] wrong = {
            {"campaign"}, {"campaign", "plan", manifest()},
            {"campaign", "plan", manifest(), "--fuzz=roof"}, {"campaign", "plan", manifest(), "--race=none"},
            {"campaign", "plan", manifest(), "--fuzz=call", "--shards=2"},
            {"campaign", "plan", manifest(), "--fuzz=call", "--name=a b"},
            {"campaign", "plan", manifest(), "--torture=cpus=x"},
            {"campaign", "plan", manifest(), "--explore=A", "--strategy=none"},
            {"campaign", "plan", manifest(), "--explore=A", "--classpath=no-such-folder"},
            {"campaign", "merge", folder.resolve("none").toString()}};
        for (String[] args : wrong) {
            assertThat(execute(args)).as(String.join(" ", args)).isEqualTo(ExitCode.USAGE);
            assertThat(err.toString()).as(String.join(" ", args)).hasLineCount(1);
        }
        assertThat(folder).isEmptyDirectory();
        Files.writeString(folder.resolve("manifest.json"), "{\"name\": 3");
        assertThat(execute("campaign", "merge", folder.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("is no manifest: ").hasLineCount(1);
        execute("campaign", "plan", manifest(), "--fuzz=call", "--seeds=3", "--shards=3");
        assertThat(execute("campaign", "run-shard", "3", "--manifest=" + manifest())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("the campaign has the shards 0 to 2, got 3");
        assertThat(execute("campaign", "launch", folder.toString(), "--engine=moon")).isEqualTo(ExitCode.USAGE);
        assertThat(execute("campaign", "launch", folder.toString(), "--jobs=0")).isEqualTo(ExitCode.USAGE);
    }
}
