package org.smp4j.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.report.ReportForm;

class GalleryTest {
    private static final int SEEDS = 20;
    private static final int MOST_DEPARTURES = 6;

    static List<GalleryEntry> races() {
        return Gallery.all();
    }

    /** One race for each rule, so that the sample needs every oracle that any race needs. */
    static Collection<GalleryEntry> sample() {
        Map<String, GalleryEntry> byRule = new LinkedHashMap<>();
        races().forEach(entry -> byRule.putIfAbsent(entry.facts().breaks()[0], entry));
        return byRule.values();
    }

    @ParameterizedTest
    @MethodSource("races")
    void isDescribed(GalleryEntry entry) throws IOException {
        RaceFacts facts = entry.facts();
        assertThat(facts.slug()).matches("[a-z0-9]+(-[a-z0-9]+)+");
        assertThat(facts.hash()).matches(switch (facts.certainty()) {
            case OWN -> "";
            case MEMORY -> "|[0-9a-f]{8,12}";
            default -> "[0-9a-f]{8,12}";
        });
        assertThat(facts.title()).contains(": ");
        assertThat(facts.year()).isBetween(2005, 2026);
        assertThat(facts.cpus()).isBetween(1, 4);
        assertThat(facts.symptom()).isNotBlank();
        assertThat(facts.shows()).isNotEmpty();
        assertThat(facts.story().split("\\s+")).hasSizeGreaterThan(40);
        assertThat(entry.race().bug().classes()).isNotEmpty();
        String sources = sources();
        String own = Files.readString(Path.of("src/main/java",
                entry.race().getClass().getName().replace('.', '/') + ".java"));
        assertThat(facts.breaks()).isNotEmpty().allMatch(rule -> rule.startsWith("warning: ")
                || sources.contains('"' + rule + '"') || own.split('"' + rule + '"').length > 2,
                "is the name of a rule");
    }

    /** All code that has names of rules. */
    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String folder : List.of("scenario", "explore", "race/block")) {
            try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/smp4j", folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    all.append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }

    @ParameterizedTest
    @MethodSource("sample")
    void buggyIsFoundAndSoIsWhy(GalleryEntry entry) {
        Report buggy = find(entry, 1);
        assertThat(buggy.text()).containsSubsequence(List.of(entry.facts().shows()));
        Report again = Explorer.replay(Gallery.program(entry.slug() + "/buggy").orElseThrow(), buggy.token(), false,
                Explorer.Progress.NONE);
        assertThat(again.failure().rule()).isEqualTo(buggy.failure().rule());
    }

    private static Report find(GalleryEntry entry, int seed) {
        Trial trial = Trial.run(entry, EnumSet.of(Variant.BUGGY), ExploreOptions.DEFAULT.withSeed(seed)
                .withSchedules(50_000).withForm(new ReportForm(ReportForm.DEFAULT.width(), true)), Trial.OWN,
                Explorer.Progress.NONE);
        assertThat(trial.found()).as(trial.buggy().text()).isTrue();
        return trial.buggy();
    }

    @ParameterizedTest
    @MethodSource("races")
    @Tag("soak")
    void buggyIsFoundWithEverySeed(GalleryEntry entry) {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Report buggy = find(entry, seed);
            assertThat(buggy.switches()).isLessThanOrEqualTo(MOST_DEPARTURES);
            if (seed == 1) {
                assertThat(buggy.text()).containsSubsequence(List.of(entry.facts().shows()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sample")
    void fixedIsNotFound(GalleryEntry entry) {
        clears(entry, 800);
    }

    @ParameterizedTest
    @MethodSource("races")
    @Tag("soak")
    void fixedIsNotFoundInMany(GalleryEntry entry) {
        clears(entry, 20_000);
    }

    private static void clears(GalleryEntry entry, int schedules) {
        Trial trial = Trial.run(entry, EnumSet.of(Variant.FIXED), ExploreOptions.DEFAULT.withSchedules(schedules),
                "portfolio", Explorer.Progress.NONE);
        assertThat(trial.cleared()).as(trial.fixed().text()).isTrue();
        assertThat(trial.fixed().notes()).noneMatch(note -> note.startsWith("data race"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"csd-unlock-after-callback", "sync-call-with-irqs-off"})
    void fixedIsProven(String slug) {
        GalleryEntry entry = Gallery.find(slug).orElseThrow();
        Trial trial = Trial.run(entry, EnumSet.allOf(Variant.class), ExploreOptions.DEFAULT.withSchedules(1_000_000),
                Trial.OWN, Explorer.Progress.NONE);
        assertThat(trial.cleared() && trial.found()).isTrue();
        assertThat(trial.fixed().complete()).as(trial.fixed().text()).isTrue();
        assertThat(trial.proof()).startsWith("all: ");
    }

    static List<GalleryEntry> weak() {
        return races().stream().filter(entry -> entry.memory() != org.smp4j.explore.memory.MemoryModel.SC).toList();
    }

    /** One older value and at most one switch show it, no sequentially consistent run does, and the fix is proven. */
    @ParameterizedTest
    @MethodSource("weak")
    void whatTakesWeakMemoryTakesOneOlderValue(GalleryEntry entry) {
        Trial trial = Trial.run(entry, EnumSet.allOf(Variant.class), ExploreOptions.DEFAULT.withSchedules(1_000_000),
                Trial.OWN, Explorer.Progress.NONE);
        assertThat(trial.found()).as(trial.buggy().text()).isTrue();
        assertThat(trial.buggy().switches()).isLessThanOrEqualTo(2);
        assertThat(String.join(" ", trial.buggy().lines()).replaceAll("\\s+", " "))
                .containsOnlyOnce("is not visible yet");
        assertThat(trial.cleared() && trial.fixed().complete()).as(trial.fixed().text()).isTrue();
        Report sequential = Explorer.explore(entry.program(Variant.BUGGY),
                ExploreOptions.DEFAULT.withStrategy("bound2").withSchedules(1_000_000), Explorer.Progress.NONE);
        assertThat(sequential.passed() && sequential.complete()).as(sequential.text()).isTrue();
    }

    @Test
    void classInThePackageIsAllThatARaceTakes() {
        List<GalleryEntry> found = Gallery.in("org.smp4j.race.sample", GalleryTest.class.getClassLoader());
        assertThat(found).extracting(GalleryEntry::slug).containsExactly("sample");
        Trial trial =
                Trial.run(found.getFirst(), EnumSet.allOf(Variant.class),
                ExploreOptions.DEFAULT.withSchedules(1_000_000), Trial.OWN, Explorer.Progress.NONE);
        assertThat(trial.finding()).isEqualTo("miscounted");
        assertThat(trial.proof()).startsWith("all: ");
        assertThat(Gallery.in("org.smp4j.race", GalleryTest.class.getClassLoader()))
                .as("packages below are looked through").hasSizeGreaterThan(Gallery.all().size());
    }

    @Test
    void floorIsThatOfThePackage() {
        assertThat(races().stream().map(GalleryEntry::floor).collect(Collectors.toSet()))
                .contains("call", "irqwork", "stop", "sched", "hotplug");
    }

    @Test
    void anUnknownNameFindsNoRace() {
        assertThat(Gallery.find("no-such-race")).isEmpty();
        assertThat(Gallery.program("empty-ipi-mask/other")).isEmpty();
        assertThat(Gallery.program("org.example.Scenario")).isEmpty();
        assertThat(Gallery.in("org.smp4j.no.such", GalleryTest.class.getClassLoader())).isEmpty();
    }
}
