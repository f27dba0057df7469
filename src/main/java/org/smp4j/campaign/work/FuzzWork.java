package org.smp4j.campaign.work;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smp4j.explore.model.HostException;
import org.smp4j.fuzz.Campaign;
import org.smp4j.fuzz.FuzzOptions;
import org.smp4j.fuzz.FuzzReport;
import org.smp4j.fuzz.LoadedTower;
import org.smp4j.fuzz.ProgramExplorer;
import org.smp4j.fuzz.ProgramResult;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.production.Standard;

/**
 * Makes programs for the kernel by machine, and explores them: a unit is a sequence of programs with a seed of its own.
 *
 * @param floor what the programs are about
 * @param misuse whether the programs are illegal, and must be answered as the contract says
 * @param firstSeed the seed of the first unit
 * @param seeds how many units
 * @param programs how many programs a unit has
 * @param schedules how many schedules each program gets; 0 for a number that suits it
 */
public record FuzzWork(String floor, boolean misuse, long firstSeed, int seeds, long programs, long schedules)
        implements Work {
    @Override
    public String title() {
        return "fuzz " + floor + (misuse ? ", misuse" : "");
    }

    @Override
    public void check() {
        Focus.of(floor);
        if (programs < 1) {
            throw new IllegalArgumentException("programs must be at least 1, got " + programs);
        }
    }

    @Override
    public UnitResult run(long seed, Host host, Pages pages) {
        LoadedTower tower = new LoadedTower(List.of(), FuzzWork.class.getClassLoader());
        ProgramExplorer explorer = new ProgramExplorer(tower, schedules, host);
        FuzzOptions options =
                new FuzzOptions(Focus.of(floor), seed, programs, Long.MAX_VALUE, schedules, List.of(),
                        misuse);
        Catalog catalog = Standard.catalog();
        FuzzReport report = new Campaign(options, catalog, List.of(), round -> {
            List<ProgramResult> results = new ArrayList<>();
            for (int i = 0; i < round.size() && !host.stopped(); i++) {
                results.add(explorer.explore(round.get(i)));
            }
            return results;
        }, explorer, (made, pairs, failures) -> !host.stopped()).run();
        if (report.fault() != null) {
            throw new HostException(report.fault(), null);
        }
        List<Story> stories = report.failures().stream().map(failure -> {
            String rule = failure.report().failure().rule();
            Story story = new Story(rule + "\n" + failure.program(), rule, failure.report().text() + "program: "
                    + failure.program() + "\n", failure.report().token());
            return pages.with(this, seed, story, tower.program(failure.program(), null), failure.report());
        }).toList();
        Map<String, Long> counts = new TreeMap<>(Map.of("programs", report.programs(), "schedules", report.runs(),
                "steps", report.steps(),
                "failures that did not come again, or programs that could not be explored", (long) report.unsettled()));
        report.notes().forEach(note -> counts.merge("note: " + note, 1L, Long::sum));
        return UnitResult.of(this, seed, report.passed(), stories, counts);
    }
}
