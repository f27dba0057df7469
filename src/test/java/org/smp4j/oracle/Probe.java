package org.smp4j.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of {@code oracle/probes.txt}: what Linux itself logged. A log matches it if it has the same entries, each
 * CPU's in the same order, and keeps the edges across CPUs that the probe's program has. Everything else may come in
 * any order.
 *
 * @param name the probe
 * @param entries what was logged
 */
record Probe(String name, List<String> entries) {
    private static final Pattern ENTRY = Pattern.compile("\\[[^]]*]|\\S+");
    private static final Pattern BELONGS_TO_THE_ENTRY_BEFORE = Pattern.compile("(irqs_off|pc)=.*");
    private static final Map<String, Probe> ALL = read();

    /**
     * An edge: one entry comes before another. An entry that occurs again is named with a number, for example
     * {@code A@1#2}.
     *
     * @param before the one
     * @param after the other; null for every other entry that stands behind the one in the line
     */
    record Edge(String before, String after) {
    }

    static Edge edge(String before, String after) {
        return new Edge(before, after);
    }

    /**
     * The edges from every entry that stands before a given one in the line to that one, as a waiting caller's result
     * has them.
     */
    static Edge afterAll(String entry) {
        return new Edge(null, entry);
    }

    static Probe named(String name) {
        return Objects.requireNonNull(ALL.get(name), () -> "no probe " + name);
    }

    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    static Probe parse(String line) {
        int colon = line.indexOf(": ");
        List<String> entries = new ArrayList<>();
        for (Matcher entry = ENTRY.matcher(line.substring(colon + 2)); entry.find(); ) {
            if (BELONGS_TO_THE_ENTRY_BEFORE.matcher(entry.group()).matches()) {
                entries.add(entries.removeLast() + " " + entry.group());
            } else {
                entries.add(entry.group());
            }
        }
        return new Probe(line.substring(0, colon), List.copyOf(entries));
    }

    private static Map<String, Probe> read() {
        Map<String, Probe> probes = new LinkedHashMap<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Probe.class.getClassLoader().getResourceAsStream("oracle/probes.txt"),
                StandardCharsets.UTF_8))) {
            reader.lines().map(Probe::parse).forEach(probe -> probes.put(probe.name, probe));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return probes;
    }

    /** Says what differs; empty if the log matches. */
    String differences(List<ProbeLog.Logged> log, Edge... edges) {
        Map<String, Integer> at = new HashMap<>(); // entry#occurrence: its index in the log
        Map<String, Integer> occurrences = new HashMap<>();
        for (int i = 0; i < log.size(); i++) {
            at.put(numbered(log.get(i).entry(), occurrences), i);
        }
        List<String> expected = numbered(entries);
        if (expected.size() != log.size() || !at.keySet().containsAll(expected)) {
            return report(log, "other entries");
        }
        Map<Integer, Integer> latest = new TreeMap<>(); // by CPU
        for (String entry : expected) {
            int index = at.get(entry);
            Integer before = latest.put(log.get(index).cpu(), index);
            if (before != null && before > index) {
                return report(log, entry + " came too early on CPU " + log.get(index).cpu());
            }
        }
        for (Edge edge : edges) {
            String after = occurrence(edge.after);
            List<String> before = edge.before == null ? expected.subList(0, expected.indexOf(after))
                    : List.of(occurrence(edge.before));
            for (String entry : before) {
                if (at.get(entry) > at.get(after)) {
                    return report(log, after + " came before " + entry);
                }
            }
        }
        return "";
    }

    private static String occurrence(String entry) {
        return entry.matches(".*#\\d") ? entry : entry + "#1";
    }

    private static List<String> numbered(List<String> entries) {
        Map<String, Integer> occurrences = new HashMap<>();
        return entries.stream().map(entry -> numbered(entry, occurrences)).toList();
    }

    private static String numbered(String entry, Map<String, Integer> occurrences) {
        return entry + "#" + occurrences.merge(entry, 1, Integer::sum);
    }

    private String report(List<ProbeLog.Logged> log, String what) {
        return "%s: %s%n  Linux: %s%n  here:  %s".formatted(name, what, String.join(" ", entries),
                String.join(" ", Arrays.asList(log.stream().map(ProbeLog.Logged::entry).toArray(String[]::new))));
    }
}
