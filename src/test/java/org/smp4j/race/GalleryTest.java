package org.smp4j.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;

class GalleryTest {
    private static final Set<String> RULES =
            Set.of("lost call", "call ran twice", "wrong argument", "returned early", "ran on an offline CPU",
            "use after release",
            "linked twice", "cyclic list", "deadlock", "callbacks out of step", "unbalanced context",
            "empty interrupt mask", "lost irq_work", "livelock");

    /** What the report of a race tells, in this order. */
    private static final Map<String, List<String>> DECISIVE = Map.ofEntries(
            Map.entry("irq-work-freed-in-its-callback", List.of("gives irq_work", "uses IrqWork#0 at IrqWork.end")),
            Map.entry("irq-work-busy-never-cleared", List.of("(sync) spins", "IrqWork#0.flags")),
            Map.entry("irq-work-lost-at-offline", List.of("has run 0 times", "stopper 1 begins")),
            Map.entry("double-wake-up", List.of(".state = TaskState", ".onRq = OnRq", "-> WakeEntry")),
            Map.entry("csd-shared-nonatomic-lock", List.of("getAcquire Csd", "getAcquire Csd", "has queued")),
            Map.entry("skip-wait-when-not-kicked", List.of("has queued g to CPU 2", "has queued f to CPU 2")),
            Map.entry("ipi-pending-at-offline", List.of("stopper 2 begins", "has queued f to CPU 2")),
            Map.entry("csd-unlock-after-callback",
            List.of("has queued report to CPU 1", "CPU 1 runs report", "gives csd(report) up", "Csd.unlock")),
            Map.entry("ilb-csd-released-too-early",
            List.of("IlbCsdReleasedTooEarly.kick", "IlbCsdReleasedTooEarly.release", "IlbCsdReleasedTooEarly.kick")),
            Map.entry("many-mask-cleared-under-us", List.of("getAndBitwiseAnd", "getAndBitwiseAnd")),
            Map.entry("empty-ipi-mask", List.of("has queued f to CPU 1", "has queued f to CPU 2", "runs f", "runs f")),
            Map.entry("sync-call-with-irqs-off",
            List.of("waits for backtrace to CPU 1", "waits for backtrace to CPU 0", "has queued", "has queued")),
            Map.entry("stop-two-vs-stop-cpus",
            List.of("its stopper runs", "its stopper runs", "queues for stopper 0", "queues for stopper 0",
            "queues for stopper 1",
                    "queues for stopper 1")),
            Map.entry("stop-two-triangle",
            List.of("its stopper runs", "its stopper runs", "its stopper runs", "queues for stopper 0")),
            Map.entry("stop-two-wake-loop-preempted",
            List.of("which has not been woken", "queues for stopper 0", "queues for stopper 1", "stopper 0 begins")),
            Map.entry("stop-two-preempted-before-wake", List.of("which has not been woken", "queues for "
            + "stopper", "stopper 1 begins")));

    static List<GalleryEntry> races() {
        return Gallery.all();
    }

    @Test
    void holdsTheRacesWhoseReportsAreKnown() {
        assertThat(Gallery.all()).extracting(GalleryEntry::slug).containsAll(DECISIVE.keySet());
    }

    @ParameterizedTest
    @MethodSource("races")
    void isDescribed(GalleryEntry entry) {
        RaceFacts facts = entry.facts();
        assertThat(facts.slug()).matches("[a-z0-9]+(-[a-z0-9]+)+");
        assertThat(facts.hash()).matches(facts.certainty() == Certainty.OWN ? "" : "[0-9a-f]{8,12}");
        assertThat(facts.title()).contains(": ");
        assertThat(facts.year()).isBetween(2005, 2026);
        assertThat(facts.cpus()).isBetween(1, 4);
        assertThat(facts.symptom()).isNotBlank();
        assertThat(facts.story().split("\\s+")).hasSizeGreaterThan(40);
        assertThat(facts.breaks()).isNotEmpty().allMatch(rule -> RULES.contains(rule) || rule.startsWith("warning: "));
        assertThat(entry.race().bug().classes()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("races")
    void buggyIsFoundAndSoIsWhy(GalleryEntry entry) {
        for (int seed = 1; seed <= 2; seed++) {
            Trial trial = Trial.run(entry, EnumSet.of(Variant.BUGGY), ExploreOptions.DEFAULT.withSeed(seed)
                    .withSchedules(50_000), Trial.OWN, Explorer.Progress.NONE);
            assertThat(trial.found()).as(trial.buggy().text()).isTrue();
            if (seed == 1) {
                assertThat(trial.buggy().text())
                        .containsSubsequence(DECISIVE.getOrDefault(entry.slug(), List.of("FAILED")));
                Report again = Explorer.replay(Gallery.program(entry.slug() + "/buggy").orElseThrow(), trial.buggy()
                        .token(), false, Explorer.Progress.NONE);
                assertThat(again.failure().rule()).isEqualTo(trial.buggy().failure().rule());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("races")
    void fixedIsNotFound(GalleryEntry entry) {
        Trial trial =
                Trial.run(entry, EnumSet.of(Variant.FIXED), ExploreOptions.DEFAULT.withSchedules(800), "portfolio",
                Explorer.Progress.NONE);
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

    @Test
    void classInThePackageIsAllThatARaceTakes() {
        List<GalleryEntry> found = Gallery.in("org.smp4j.race.sample", GalleryTest.class.getClassLoader());
        assertThat(found).extracting(GalleryEntry::slug).containsExactly("sample");
        Trial trial =
                Trial.run(found.getFirst(), EnumSet.allOf(Variant.class),
                ExploreOptions.DEFAULT.withSchedules(1_000_000), Trial.OWN, Explorer.Progress.NONE);
        assertThat(trial.finding()).isEqualTo("miscounted");
        assertThat(trial.proof()).startsWith("all: ");
    }

    @Test
    void anUnknownNameFindsNoRace() {
        assertThat(Gallery.find("no-such-race")).isEmpty();
        assertThat(Gallery.program("empty-ipi-mask/other")).isEmpty();
        assertThat(Gallery.program("org.example.Scenario")).isEmpty();
        assertThat(Gallery.in("org.smp4j.no.such", GalleryTest.class.getClassLoader())).isEmpty();
    }
}
