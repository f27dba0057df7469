package org.smp4j.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Year;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.report.ReportForm;

class GalleryTest {
    private static final int SEEDS = 20;
    private static final int MOST_DEPARTURES = 6;
    private static final String BLOCK = "src/main/java/org/smp4j/race/block";
    private static final List<String> BLOCKS = blocks();
    private static final Map<String, String> SOURCES = new ConcurrentHashMap<>();

    private static Stream<Map.Entry<String, String>> elsewhere(String test, String... rules) {
        return Stream.of(rules).map(rule -> Map.entry(rule, test));
    }

    static List<GalleryEntry> races() {
        return Gallery.all();
    }

    /** Rules of oracles that no race breaks, and the test that breaks them. */
    private static final Map<String, String> ELSEWHERE = Stream.of(
            elsewhere("scenario/oracle/OraclesTest", "queued twice", "stop works out of order", "lost stop work",
                    "lost wake-up", "lost irq_work", "lost call", "call ran twice", "wrong argument",
                    "unbalanced context"),
            elsewhere("fuzz/DelaysTest", "stall not reported", "stall reported early", "stuck csd lock"))
            .flatMap(each -> each).collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    private static final List<String> OF_THE_EXPLORER = List.of("deadlock", "livelock", "use after release");
    private static final Pattern BROKEN = Pattern.compile("broken\\(\"([a-z][^\"]+[a-z])\"");

    /** The rules that the machine's oracles check, whatever the scenario, and those of the explorer. */
    private static Set<String> oracleRules() {
        Set<String> rules = new TreeSet<>(OF_THE_EXPLORER);
        BROKEN.matcher(sources("scenario")).results().forEach(found -> rules.add(found.group(1)));
        return rules;
    }

    /** For each rule of an oracle, a race that breaks it; its main rule if there is such a race. */
    static Map<String, GalleryEntry> byOracle() {
        Map<String, GalleryEntry> found = new TreeMap<>();
        for (int rank = 0; rank < 2; rank++) {
            for (GalleryEntry entry : races()) {
                List<String> breaks = List.of(entry.facts().breaks());
                for (String rule : rank == 0 ? breaks.subList(0, 1) : breaks) {
                    if (oracleRules().contains(rule) && !checksItself(entry, rule)) {
                        found.putIfAbsent(rule, entry);
                    }
                }
            }
        }
        ELSEWHERE.keySet().forEach(found::remove);
        return found;
    }

    static Stream<Arguments> oracles() {
        return byOracle().entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    static Collection<GalleryEntry> sample() {
        return new LinkedHashSet<>(byOracle().values());
    }

    /** Whether a race looks after a rule itself, or a building block that it names does. */
    private static boolean checksItself(GalleryEntry entry, String rule) {
        String own = own(entry);
        return own.split('"' + rule + '"').length > 2 || BLOCKS.stream().anyMatch(block -> own.contains(block)
                && read(Path.of(BLOCK, block + ".java")).contains('"' + rule + '"'));
    }

    private static List<String> blocks() {
        try (Stream<Path> files = Files.list(Path.of(BLOCK))) {
            return files.map(file -> file.getFileName().toString().replace(".java", "")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyOracleIsSeenToWork() throws IOException {
        Map<String, GalleryEntry> byOracle = byOracle();
        for (String rule : oracleRules()) {
            String test = ELSEWHERE.get(rule);
            assertThat(byOracle.containsKey(rule) || test != null && Files.readString(Path.of("src/test/java/org/smp4j",
                    test + ".java")).contains('"' + rule + '"')).as(rule).isTrue();
        }
        assertThat(oracleRules()).containsAll(ELSEWHERE.keySet()).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("races")
    void isDescribed(GalleryEntry entry) {
        RaceFacts facts = entry.facts();
        assertThat(facts.slug()).matches("[a-z0-9]+(-[a-z0-9]+)+");
        assertThat(facts.hash()).matches(switch (facts.certainty()) {
            case OWN -> "";
            case MEMORY -> "|[0-9a-f]{8,12}";
            default -> "[0-9a-f]{8,12}";
        });
        assertThat(facts.title()).contains(": ");
        assertThat(facts.year()).isBetween(2005, Year.now().getValue());
        assertThat(facts.cpus()).isBetween(1, 4);
        assertThat(facts.symptom()).isNotBlank();
        assertThat(facts.shows()).isNotEmpty();
        assertThat(facts.story().split("\\s+")).hasSizeGreaterThan(40);
        assertThat(entry.race().bug().classes()).isNotEmpty();
        String sources = sources("scenario") + sources("explore") + sources("race/block");
        assertThat(facts.breaks()).isNotEmpty().allMatch(rule -> rule.startsWith("warning: ")
                || sources.contains('"' + rule + '"') || own(entry).split('"' + rule + '"').length > 2,
                "is the name of a rule");
    }

    private static String own(GalleryEntry entry) {
        return read(Path.of("src/main/java", entry.type().getName().replace('.', '/') + ".java"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All code of a folder. */
    private static String sources(String folder) {
        return SOURCES.computeIfAbsent(folder, _ -> {
            try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/smp4j", folder))) {
                return files.filter(Files::isRegularFile).map(GalleryTest::read).collect(Collectors.joining());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("oracles")
    void buggyIsFoundAndSoIsWhy(String rule, GalleryEntry entry) {
        Report buggy = find(entry, 1);
        assertThat(buggy.failure().rule()).isEqualTo(rule);
        Report again = replay(entry, buggy);
        assertThat(again.failure().rule()).isEqualTo(rule);
        assertShows(entry, again, buggy);
    }

    private static Report replay(GalleryEntry entry, Report buggy) {
        return Explorer.replay(Gallery.program(entry.slug() + "/buggy").orElseThrow(), buggy.token(), false,
                Explorer.Progress.NONE);
    }

    /** The decisive steps, in their order, in the story of the run or among all its steps, wherever lines end. */
    private static void assertShows(GalleryEntry entry, Report story, Report all) {
        List<String> steps = Stream.of(entry.facts().shows()).map(GalleryTest::inOneLine).toList();
        assertThat(List.of(story, all)).anySatisfy(
                report -> assertThat(inOneLine(report.text())).containsSubsequence(steps));
    }

    private static String inOneLine(String text) {
        return text.replaceAll("\\s+", " ");
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
                assertShows(entry, replay(entry, buggy), buggy);
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
        assertThat(inOneLine(String.join(" ", trial.buggy().lines()))).containsOnlyOnce("is not visible yet");
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
