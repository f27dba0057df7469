package org.smp4j.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.campaign.work.ExploreWork;
import org.smp4j.campaign.work.FuzzWork;
import org.smp4j.campaign.work.Host;
import org.smp4j.campaign.work.JcstressWork;
import org.smp4j.campaign.work.RaceWork;
import org.smp4j.campaign.work.Story;
import org.smp4j.campaign.work.TortureWork;
import org.smp4j.campaign.work.Work;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.race.Variant;

class CampaignTest {
    static final int SEEDS = 12;

    @TempDir
    private Path folder;

    static List<Work> works() {
        return List.of(
                new ExploreWork(LostUpdate.class.getName(), List.of(), "random", MemoryModel.SC, 3, SEEDS, 2),
                new RaceWork("empty-ipi-mask", Variant.BUGGY, "own", 1, 2, 2_000),
                new FuzzWork("call", false, 1, 2, 2, 3));
    }

    static Manifest plan(int shards, List<Work> works, Path folder) throws IOException {
        return Manifest.plan("test", "1", shards, works, folder);
    }

    private Host host(Path where, boolean stopped) {
        return new Host() {
            @Override
            public Path folder() {
                return where;
            }

            @Override
            public boolean at(long schedules, long distinct, long steps) {
                return !stopped;
            }

            @Override
            public boolean stopped() {
                return stopped;
            }
        };
    }

    private Shard run(Manifest manifest, int shard, Path where) throws IOException {
        return Shard.run(manifest, shard, host(where, false), (done, of, title) -> { });
    }

    private List<String> report(Path where, Manifest manifest) throws IOException {
        CampaignReports.write(Merge.of(where, manifest).report(), where, where);
        List<String> texts = new ArrayList<>();
        for (String name : List.of("report.txt", "report.json", "report.html")) {
            texts.add(Files.readString(where.resolve(name)));
        }
        return texts;
    }

    @Test
    void theReportDoesNotDependOnTheShardsNorOnTheirOrder() throws IOException {
        Path one = Files.createDirectory(folder.resolve("one"));
        Manifest single = plan(1, works(), one);
        run(single, 0, one);
        List<String> expected = report(one, single);
        assertThat(expected.getFirst()).contains("passed race empty-ipi-mask, buggy: 2 of 2 units as expected",
                "passed fuzz call: 2 of 2", "FAILED campaign test").containsPattern(
                "FAILED explore .*LostUpdate, random: ([1-9]|1[01]) of 12 units as expected, seeds 3 to 14");

        Path many = Files.createDirectory(folder.resolve("many"));
        Manifest manifest = plan(SEEDS + 4, works(), many);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < manifest.shards(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(1));
        for (int shard : order) {
            run(manifest, shard, many);
        }
        assertThat(report(many, manifest)).isEqualTo(expected);

        List<Story> stories = Merge.of(many, manifest).report().stories().stream().map(CampaignReport.Found::story)
                .toList();
        assertThat(stories).hasSizeGreaterThanOrEqualTo(2);
        Path copies = folder.resolve("copies");
        CampaignReports.write(Merge.of(many, manifest).report(), many, copies);
        for (Story story : stories) {
            assertThat(many.resolve(story.page())).content().contains(story.token(), "<table");
            assertThat(copies.resolve(story.page())).hasSameBinaryContentAs(one.resolve(story.page()));
            assertThat(expected.getFirst()).contains("page to step through it: " + story.page() + "\n");
            assertThat(expected.getLast()).contains("<a href=\"" + story.page() + "\">");
        }
    }

    @Test
    void aShardIsAFunctionOfTheManifestAndItsNumber() throws IOException {
        Manifest manifest = plan(3, works(), folder);
        run(manifest, 1, folder);
        byte[] first = Files.readAllBytes(Shard.file(folder, 1));
        run(manifest, 1, folder);
        assertThat(Files.readAllBytes(Shard.file(folder, 1))).isEqualTo(first);
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
    }

    /** Cuts the file at each of many places, and changes each of many characters. */
    @Test
    void aFileThatIsNotWholeIsMissing() throws IOException {
        Manifest manifest = plan(2, List.of(works().getFirst()), folder);
        run(manifest, 0, folder);
        run(manifest, 1, folder);
        assertThat(Merge.of(folder, manifest).missing()).isEmpty();
        Path file = Shard.file(folder, 1);
        String whole = Files.readString(file);
        for (int at = 0; at < whole.length() - 2; at += 97) {
            Files.writeString(file, whole.substring(0, at));
            assertThat(Merge.of(folder, manifest).missing()).as("cut at %d", at).hasSize(1)
                    .allMatch(missing -> missing.shard() == 1 && missing.why() != null);
        }
        int changed = 0;
        for (int at = 0; at < whole.length(); at += 61) {
            if (Character.isDigit(whole.charAt(at))) {
                changed++;
                Files.writeString(file, whole.substring(0, at) + (char) ('0' + (whole.charAt(at) - '0' + 1) % 10)
                        + whole.substring(at + 1));
                assertThat(Merge.of(folder, manifest).missing()).as("changed at %d", at).hasSize(1);
            }
        }
        assertThat(changed).isPositive();
        Files.writeString(file, whole);
        assertThat(Merge.of(folder, manifest).missing()).isEmpty();
    }

    @Test
    void resultsOfAnotherCampaignOrShardDoNotCount() throws IOException {
        Manifest manifest = plan(3, works(), folder);
        run(manifest, 0, folder);
        Files.copy(Shard.file(folder, 0), Shard.file(folder, 1));
        assertThat(Merge.of(folder, manifest).missing())
                .containsExactly(new Merge.Missing(1, "it does not hold the units of shard 1"),
                new Merge.Missing(2, null));
        Merge merge = Merge.of(folder, manifest);
        assertThatThrownBy(merge::report).hasMessage("2 shards are missing");
        Manifest other = plan(2, works(), folder);
        assertThat(Merge.of(folder, other).missing().getFirst().why()).isEqualTo("it belongs to another manifest");
    }

    @Test
    void eachUnitIsInOneShard() throws IOException {
        for (int shards = 1; shards <= SEEDS + 4; shards++) {
            Manifest manifest = plan(shards, works(), folder);
            List<Manifest.Unit> units = new ArrayList<>();
            for (int shard = 0; shard < shards; shard++) {
                units.addAll(manifest.units(shard));
            }
            assertThat(units).hasSize(SEEDS + 4).doesNotHaveDuplicates();
        }
    }

    @Test
    void aStoppedShardWritesNothing() throws IOException {
        Manifest manifest = plan(1, works(), folder);
        assertThat(Shard.run(manifest, 0, host(folder, true), (done, of, title) -> { })).isNull();
        assertThat(folder).isEmptyDirectory();
    }

    /** The run would take an hour. */
    @Test
    void tortureEndsWhenItsShardIsStopped() throws IOException {
        Manifest manifest = plan(1, List.of(new TortureWork(2, List.of("nthreads=1"), 3600, 1, 1)), folder);
        assertThat(Shard.run(manifest, 0, host(folder, true), (done, of, title) -> { })).isNull();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatCannotRunIsNamedInTheReport() throws IOException {
        Manifest manifest = plan(1, List.of(
                new ExploreWork("no.such.Scenario", List.of(), "random", MemoryModel.SC, 1, 3, 5),
                new JcstressWork(List.of("/bin/sh", "-c", "echo broken; exit 3"), ".*", 1, 1)), folder);
        run(manifest, 0, folder);
        assertThat(Merge.of(folder, manifest).report().text()).contains("0 of 3 units", "no.such.Scenario",
                "could not run: the command ended with 3 and left no jcstress.json; its last line: broken",
                "FAILED campaign");
    }

    @Test
    void numbersAddUpAndOutcomesUnite() throws IOException {
        String script = """
                n=$(ls -d . | wc -l); if [ -e %1$s/first ]; then
                echo '{"tests": [{"name": "T", "passed": true, "problems": [], "outcomes":
                 [{"id": "0, 1", "expect": "ACCEPTABLE", "count": 5}]}]}' > jcstress.json; else touch %1$s/first
                echo '{"tests": [{"name": "T", "passed": true, "problems": [], "outcomes":
                 [{"id": "0, 1", "expect": "ACCEPTABLE", "count": 2},
                  {"id": "0, 0", "expect": "ACCEPTABLE_INTERESTING", "count": 1}]}]}' > jcstress.json; fi
                """.formatted(folder);
        Manifest manifest = plan(2, List.of(new JcstressWork(List.of("/bin/sh", "-c", script, "sh"), "T", 1, 2),
                new TortureWork(2, List.of("nthreads=1"), 1, 1, 2)), folder);
        Shard first = run(manifest, 0, folder);
        Shard second = run(manifest, 1, folder);
        CampaignReport report = Merge.of(folder, manifest).report();
        assertThat(report.works().getFirst().counts()).containsEntry("T [0, 1] ACCEPTABLE", 7L)
                .containsEntry("T [0, 0] ACCEPTABLE_INTERESTING", 1L);
        assertThat(report.works().getLast().counts()).containsEntry("verdict SUCCESS", 2L).containsKey("invoked")
                .containsKey("onoff.online.sum").doesNotContainKey("onoff.online.min")
                .allSatisfy((name, count) -> assertThat(count).as(name).isEqualTo(
                first.units().getLast().counts().getOrDefault(name, 0L)
                + second.units().getLast().counts().getOrDefault(name, 0L)));
        assertThat(report.passed()).isTrue();
    }

    @Test
    void aManifestIsChecked() throws IOException {
        Manifest manifest = plan(2, works(), folder);
        Path file = folder.resolve("manifest.json");
        manifest.write(file);
        assertThat(Manifest.read(file)).isEqualTo(manifest);
        assertThat(manifest.difference(folder)).isNull();
        String text = Files.readString(file);
        Files.writeString(file, text.replace(manifest.code(), "0".repeat(64)));
        assertThat(Manifest.read(file).difference(folder)).contains("planned with another smp4j (1, hash 0000");
        Files.writeString(file, text.replace(manifest.jdk(), "17"));
        assertThat(Manifest.read(file).difference(folder)).contains("planned with JDK 17, and this is ");
        for (String[] wrong : new String[][] {{"\"shards\" : 2", "\"shards\" : 99", "number of units, 16, got 99"},
            {"\"random\"", "\"rendom\"", "rendom"}, {"\"random\"", "\"dpor\"", "is one search; it takes one seed"},
            {"empty-ipi-mask", "no-such-race", "there is no race no-such-race"}, {"\"call\"", "\"roof\"", "floor must"},
            {"\"explore\"", "\"expl\"", "expl"}, {"{", "", ""}}) {
            Files.writeString(file, text.replaceFirst(java.util.regex.Pattern.quote(wrong[0]), wrong[1]));
            assertThatThrownBy(() -> Manifest.read(file)).as(wrong[1]).isInstanceOf(IOException.class)
                    .hasMessageContaining(wrong[2]);
        }
        assertThatThrownBy(() -> plan(1, List.of(works().get(0), works().get(0)), folder))
                .hasMessageContaining("is there twice");
        assertThatThrownBy(() -> plan(1, List.of(), folder)).hasMessageContaining("no work");
        assertThatThrownBy(() -> plan(1, List.of(new TortureWork(2, List.of("speed=9"), 1, 1, 1)), folder))
                .hasMessageContaining("torture takes parameters such as nthreads=4, got speed=9");
    }

    @Test
    void changedLibrariesAreSeen() throws IOException {
        Path library = Files.createDirectory(folder.resolve("classes"));
        Files.writeString(library.resolve("a"), "1");
        Manifest manifest = plan(1, List.of(
                new ExploreWork("x.Y", List.of("classes"), "random", MemoryModel.SC, 1, 1, 5)), folder);
        assertThat(manifest.difference(folder)).isNull();
        Files.writeString(library.resolve("a"), "2");
        assertThat(manifest.difference(folder)).contains("has changed since the campaign was planned");
        Files.delete(library.resolve("a"));
        Files.delete(library);
        assertThat(manifest.difference(folder)).contains("there is no ");
    }
}
