package org.smp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;

class RacesCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... args) {
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void listsAll() {
        assertThat(execute("races")).isZero();
        assertThat(out.toString().lines()).hasSize(Gallery.all().size() + 1).first().asString().startsWith("race ");
        assertThat(out.toString()).contains(Gallery.all().stream().map(GalleryEntry::slug).toList())
                .contains("b17718d02f54 ", "f44310b98ddb?", "8053871d0f7f.");
    }

    @Test
    void showsOne() {
        assertThat(execute("races", "show", "csd-unlock-after-callback")).isZero();
        assertThat(out.toString()).containsSubsequence("fixed in 2015 by 8053871d0f7f", "use after release",
                "The lock of a csd", "move the call",
                "FAILED csd-unlock-after-callback/buggy", "CPU 0", "gives csd(report) up", "replay with: smp4j");
    }

    @Test
    void runsAndReplays() {
        assertThat(execute("races", "run", "csd-unlock-after-callback", "sync-call-with-irqs-off")).isZero();
        String table = out.toString();
        assertThat(table).containsSubsequence("csd-unlock-after-callback", "use after release", "all: ",
                "sync-call-with-irqs-off", "deadlock", "all: ", "all 2 as they should be");
        out.getBuffer().setLength(0);
        assertThat(execute("races", "run", "csd-unlock-after-callback", "sync-call-with-irqs-off")).isZero();
        assertThat(withoutTimes(out.toString())).isEqualTo(withoutTimes(table));
    }

    private static String withoutTimes(String table) {
        return table.replaceAll("(?m)[0-9.]+ s$", "TIME");
    }

    @Test
    void listsThoseOfAFloorModelOrSymptom() {
        assertThat(execute("races", "--floor", "irqwork")).isZero();
        assertThat(out.toString().lines()).hasSizeBetween(6, 20);
        assertThat(out.toString()).contains("irq-work-lost-at-offline").doesNotContain("stop-two");
        out.getBuffer().setLength(0);
        assertThat(execute("races", "--model", "COMPILER")).isZero();
        assertThat(out.toString()).contains("multi-stop-state-plain-read").doesNotContain(" SC ");
        out.getBuffer().setLength(0);
        assertThat(execute("races", "--symptom", "Linked Twice")).isZero();
        assertThat(out.toString()).contains("csd-shared-nonatomic-lock").doesNotContain("stop-two-triangle");
        assertThat(execute("races", "--model", "nonsense")).isEqualTo(2);
        assertThat(execute("races", "run", "all", "--floor", "nonsense")).isEqualTo(2);
        assertThat(err.toString()).contains("no race is like that");
    }

    @Test
    void writesJUnitXml(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("races.xml");
        assertThat(execute("races", "run", "affinity-mask-rechecked", "--variant=buggy", "--junit=" + file)).isZero();
        assertThat(Files.readString(file)).contains("affinity-mask-rechecked", "failures=\"0\"");
        assertThat(execute("races", "run", "ilb-csd-released-too-early", "--variant=buggy", "--strategy=bound0",
                "--junit=" + file)).isOne();
        assertThat(Files.readString(file)).contains("NOT FOUND", "failures=\"1\"");
        assertThat(execute("races", "run", "affinity-mask-rechecked", "--jobs=0")).isEqualTo(2);
    }

    @Test
    void writesASite(@TempDir Path folder) throws IOException {
        Path site = folder.resolve("new/site");
        assertThat(execute("races", "site", site.toString(), "--symptom=unlock of a csd that was freed")).isZero();
        assertThat(out.toString().lines()).hasSize(1).first().asString().contains("found: ", "index.html");
        try (Stream<Path> files = Files.list(site)) {
            assertThat(files.map(file -> file.getFileName().toString())).contains("index.html").hasSizeBetween(2, 3);
        }
        Files.writeString(folder.resolve("file"), "");
        for (String line : new String[] {"races site", "races site DIR --floor=nonsense", "races site DIR --budget=x",
            "races site DIR/file", "races site DIR --strategy=odd"}) {
            err.getBuffer().setLength(0);
            assertThat(execute(line.replace("DIR", folder.toString()).split(" "))).as(line).isEqualTo(ExitCode.USAGE);
            assertThat(err.toString().lines()).as(line).hasSize(1);
        }
    }

    @Test
    void printsJson() {
        assertThat(execute("races", "run", "sync-call-with-irqs-off", "--variant=buggy", "--json")).isZero();
        assertThat(out.toString()).contains("\"race\" : \"sync-call-with-irqs-off\"", "\"ok\" : true",
                "\"rule\" : \"deadlock\"");
        String token = out.toString().replaceAll("(?s).*\"token\" : \"([^\"]+)\".*", "$1");
        out.getBuffer().setLength(0);
        assertThat(execute("replay", token)).isOne();
        assertThat(out.toString()).contains("rule broken: deadlock");
    }

    /** Another process counts, and ends if threads of a run can't be ended. */
    @Test
    void countsOnRealThreads() {
        assertThat(execute("races", "stress", "membarrier-skips-caller", "--duration=1s")).isZero();
        assertThat(out.toString()).matches("(?s)membarrier-skips-caller/buggy: showed in (\\d+) of \\1 runs? on pinned "
                + "threads\\R    \\1  CPU not synced\\R");
        out.getBuffer().setLength(0);
        assertThat(execute("races", "stress", "membarrier-skips-caller", "--duration=1s", "--variant=fixed")).isZero();
        assertThat(out.toString()).contains("fixed: never showed in ", "which proves nothing");
    }

    @Test
    void countsWithHowManySeedsARaceIsFound() {
        assertThat(execute("races", "run", "csd-unlock-after-callback", "--variant=buggy", "--seeds=3")).isZero();
        assertThat(out.toString()).containsPattern("race +buggy breaks +seeds +slowest +schedules +switches +fixed")
                .containsPattern("csd-unlock-after-callback +use after release +3 of 3 +[0-9.]+ s +\\d+ +\\d+ +- ");
        out.getBuffer().setLength(0);
        assertThat(execute("races", "run", "ilb-csd-released-too-early", "--variant=buggy", "--strategy=bound0",
                "--seeds=2")).isOne();
        assertThat(out.toString()).contains("TOO RARE", "0 of 2");
    }

    /** What a search that has not ended is followed by. */
    @Test
    void runsSchedulesOfThePortfolioAfterASearchThatDoesNotEnd() {
        assertThat(execute("races", "run", "csd-shared-nonatomic-lock", "--variant=fixed", "--strategy=bound3",
                "--budget=0.1s", "--schedules=77")).isZero();
        assertThat(out.toString()).contains("nothing in 77 schedules of portfolio");
        out.getBuffer().setLength(0);
        assertThat(execute("races", "run", "sync-call-with-irqs-off", "--variant=fixed", "--schedules=77",
                "--budget=10m")).isZero();
        assertThat(out.toString()).contains("all: ").doesNotContain("portfolio");
        out.getBuffer().setLength(0); // the buggy variant needs three departures, the search makes one
        assertThat(execute("races", "run", "double-wake-up", "--schedules=77")).isZero();
        assertThat(out.toString()).contains("nothing in 77 schedules of portfolio");
    }

    @Test
    void writesATestForJcstress(@TempDir Path folder) throws IOException {
        assertThat(execute("races", "jcstress", "llist-two-consumers")).isZero();
        String source = out.toString();
        assertThat(source).contains("@JCStressTest", "class LlistTwoConsumers ", "class Buggy ", "class Fixed ");
        assertThat(execute("races", "jcstress", "llist-two-consumers", "-o", folder.toString())).isZero();
        assertThat(Files.readString(folder.resolve("races/LlistTwoConsumers.java"))).isEqualTo(source);
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(execute("races", "jcstress", "llist-two-consumers", "-o", file.toString())).isEqualTo(2);
    }

    @Test
    void notFoundIsAnError() {
        assertThat(execute("races", "run", "ilb-csd-released-too-early", "--variant=buggy", "--strategy=bound0"))
                .isOne();
        assertThat(out.toString()).contains("NOT FOUND", "1 of 1 NOT as they should be");
    }

    @Test
    void nonsenseIsOneLine() {
        for (String line : new String[] {"races show no-such", "races run no-such", "races run all --variant=odd",
                "races run all --strategy=odd",
            "races run all --budget=soon", "races run all --seed=x", "races run", "races stress no-such",
            "races stress empty-ipi-mask --variant=odd", "races stress empty-ipi-mask --duration=0s",
            "races jcstress stop-two-triangle", "races jcstress no-such", "races run all --seeds=0",
            "races run all --schedules=-1"}) {
            err.getBuffer().setLength(0);
            assertThat(execute(line.split(" "))).as(line).isEqualTo(ExitCode.USAGE);
            assertThat(err.toString().lines()).as(line).hasSize(1);
        }
        assertThat(out.toString()).isEmpty();
    }
}
