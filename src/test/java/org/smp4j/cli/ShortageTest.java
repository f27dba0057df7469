package org.smp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.explore.samples.Memory;

/** A heap that is too short ends a command with a status of its own, and one line. */
class ShortageTest {
    private static final String LINE = "nothing is known of the program: the JVM that explores it met "
            + "OutOfMemoryError: Java heap space; give the JVM a larger heap than its [0-9]+ MB, by -Xmx .*\n";

    @TempDir
    private Path dir;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(List<String> args) {
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
    }

    @Test
    void exploreTellsNothing() {
        List<String> args = List.of("explore", Memory.Caught.class.getName(), "--schedules=5",
                "--token-file=" + dir.resolve("token"));
        assertThat(execute(args)).isEqualTo(ExitCode.BROKEN);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).matches("smp4j explore: " + LINE);
    }

    @Test
    void campaignHasNoResult() {
        Path file = dir.resolve("campaign.json");
        assertThat(execute(List.of("campaign", "plan", file.toString(), "--explore=" + Memory.Filled.class.getName(),
                "--schedules=5"))).isZero();
        err.getBuffer().setLength(0);
        assertThat(execute(List.of("campaign", "run-shard", "0", "--manifest=" + file))).isEqualTo(ExitCode.BROKEN);
        assertThat(err.toString()).matches("smp4j campaign run-shard: " + LINE);
    }
}
