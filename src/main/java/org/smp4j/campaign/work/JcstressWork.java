package org.smp4j.campaign.work;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.smp4j.campaign.json.ManifestJson;
import org.smp4j.explore.model.ExplorerException;

/**
 * Runs jcstress on real threads: a unit is one run of a command in a folder of its own, in which the command leaves
 * {@value #RESULTS}. The observed outcomes of all units unite, and their counts add up.
 *
 * @param command the command and its arguments, without those that choose tests
 * @param tests a regular expression that chooses the tests, passed as {@code -t}
 * @param firstSeed the number of the first run
 * @param seeds how many runs
 */
public record JcstressWork(List<String> command, String tests, long firstSeed, int seeds) implements Work {
    static final String RESULTS = "jcstress.json";
    private static final long POLL_MILLIS = 100;

    /** Copies the command. */
    public JcstressWork {
        command = List.copyOf(command);
    }

    @Override
    public String title() {
        return "jcstress " + tests;
    }

    @Override
    public void check() {
        if (command.isEmpty() || command.getFirst().isBlank()) {
            throw new IllegalArgumentException("the command that runs jcstress is empty");
        }
    }

    @Override
    public UnitResult run(long seed, Host host, Pages pages) {
        try {
            Path folder = Files.createTempDirectory("smp4j-jcstress");
            try {
                return run(seed, host, folder);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new ExplorerException("jcstress can't be run: " + e.getMessage(), e);
        }
    }

    private UnitResult run(long seed, Host host, Path folder) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of("-t", tests));
        Process process = new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile()).start();
        try {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (host.stopped()) {
                    return UnitResult.faulty(this, seed, "stopped");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UnitResult.faulty(this, seed, "stopped");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        Path results = folder.resolve(RESULTS);
        if (!Files.exists(results)) {
            List<String> output = Files.readAllLines(folder.resolve("output"));
            return UnitResult.faulty(this, seed, "the command ended with " + process.exitValue() + " and left no "
                    + RESULTS + (output.isEmpty() ? "" : "; its last line: " + output.getLast()));
        }
        return read(seed, ManifestJson.tree(results));
    }

    private UnitResult read(long seed, JsonNode results) {
        Map<String, Long> counts = new TreeMap<>();
        List<Story> stories = new ArrayList<>();
        for (JsonNode test : results.path("tests")) {
            String name = test.path("name").asText();
            for (JsonNode outcome : test.path("outcomes")) {
                counts.merge(name + " [" + outcome.path("id").asText() + "] " + outcome.path("expect").asText(),
                        outcome.path("count").asLong(), Long::sum);
            }
            if (!test.path("passed").asBoolean()) {
                StringBuilder problems = new StringBuilder(name + " failed");
                test.path("problems").forEach(problem -> problems.append("\n    ").append(problem.asText()));
                stories.add(new Story(problems.toString().replaceAll("[0-9]+", "#"), "jcstress", problems.toString(),
                        null));
            }
        }
        return UnitResult.of(this, seed, stories.isEmpty() && !counts.isEmpty(), stories, counts);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
