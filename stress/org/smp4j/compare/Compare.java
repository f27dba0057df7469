package org.smp4j.compare;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.smp4j.page.Chart;
import org.smp4j.page.ChartPage;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the machine beside the floor and its peers, and prints one table; every figure is a ratio.
 *
 * <p>Each slice of a subject stands between two slices of its reference; the pair counts only if the two agree within
 * 15 %. The figure is the median over the pairs of all forks: hosts move their virtual CPUs about, and only neighbours
 * in time can be compared.
 */
@Command(name = "compare", mixinStandardHelpOptions = true,
        description = "Measures the machine beside the floor and its peers.")
public final class Compare implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What Agrona and JCTools need to get at their memory. */
    private static final List<String> PEERS_ACCESS =
            List.of("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    private static final Map<String, List<String>> COLLECTORS = new LinkedHashMap<>(Map.of(
            "Parallel", List.of("-XX:+UseParallelGC", "-XX:+UseCondCardMark")));

    static {
        COLLECTORS.put("G1", List.of("-XX:+UseG1GC"));
    }

    @Option(names = "--forks", description = "JVMs for each collector (default: ${DEFAULT-VALUE}).", defaultValue = "3")
    private int forks;

    @Option(names = "--pairs", description = "Slices of each subject in a JVM (default: ${DEFAULT-VALUE}).",
            defaultValue = "12")
    private int pairs;

    @Option(names = "--only", description = "Only subjects whose name contains this regular expression.",
            defaultValue = "")
    private Pattern only;

    @Option(names = "--collectors", description = "Parallel, G1 (default: both).", split = ",",
            defaultValue = "Parallel,G1")
    private List<String> collectors;

    @Option(names = "--out", description = "Where the JSON and the page go (default: the current directory).",
            defaultValue = ".")
    private Path out;

    @Option(names = "--scale", description = "Also measure machines of up to this many CPUs (default: "
            + "${DEFAULT-VALUE}; 0 for none).", defaultValue = "1024")
    private int scale;

    @Option(names = "--child", hidden = true)
    private Path child;

    /**
     * The command.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Compare()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (child != null) {
            JSON.writeValue(child.toFile(), new Fork(pairs, only).run());
            return 0;
        }
        Files.createDirectories(out);
        Map<String, Map<String, Measured>> results = new LinkedHashMap<>();
        for (String collector : collectors) {
            results.put(collector, forks(collector));
        }
        print(System.out, results);
        List<Chart> charts = new ArrayList<>();
        results.forEach((collector, subjects) -> charts.add(chart(collector, subjects)));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("header", header());
        json.put("subjects", results);
        if (scale > 0) {
            List<Scale.Row> rows = Scale.measure(scale);
            Scale.print(System.out, rows);
            json.put("scale", rows);
            charts.add(Scale.chart(rows));
        }
        JSON.writerWithDefaultPrettyPrinter().writeValue(out.resolve("compare.json").toFile(), json);
        new ChartPage("smp4j compare", "", false, List.of(new ChartPage.Fact("host", header()),
                new ChartPage.Fact("figures", "ratios to the reference: a bar from quartile to quartile, a mark at the "
                + "median; F is a ping-pong over two cache lines")), List.of(), List.of(), charts)
                .write(out.resolve("compare.html"));
        System.out.println("\nJSON: " + out.resolve("compare.json") + ", page: " + out.resolve("compare.html"));
        return 0;
    }

    private static Chart chart(String collector, Map<String, Measured> subjects) {
        List<Chart.Row> rows = new ArrayList<>();
        subjects.forEach((name, measured) -> {
            double[] ratios = measured.ratios().stream().mapToDouble(Double::doubleValue).toArray();
            rows.add(new Chart.Row(name + " / " + (measured.unit().equals("F") ? "F" : measured.reference()),
                    Batch.quantile(ratios, 0.25), Batch.median(ratios), Batch.quantile(ratios, 0.75)));
        });
        return new Chart("Cost by its reference, " + collector, Chart.Kind.RANGE, "subject / reference", "ratio", true,
                List.of("lower quartile", "median", "upper quartile"), rows);
    }

    private Map<String, Measured> forks(String collector) throws IOException, InterruptedException {
        if (!COLLECTORS.containsKey(collector)) {
            throw new CommandLine.ParameterException(new CommandLine(this), "collector " + collector
                    + " is unknown: Parallel or G1 would be right");
        }
        Map<String, Measured> merged = new LinkedHashMap<>();
        for (int fork = 0; fork < forks; fork++) {
            if (System.console() != null) {
                System.err.printf("%s, JVM %d of %d%n", collector, fork + 1, forks);
            }
            Path file = Files.createTempFile("compare", ".json");
            List<String> command =
                    new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(arg -> !arg.startsWith("-XX:+Use"))
                    .forEach(command::add);
            command.addAll(PEERS_ACCESS);
            command.addAll(COLLECTORS.get(collector));
            command.addAll(List.of("-Xms1g", "-Xmx1g", "-cp", System.getProperty("java.class.path"),
                    Compare.class.getName(), "--child", file.toString(),
                    "--pairs", Integer.toString(pairs), "--only", only.pattern()));
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new IOException("a measuring JVM ended with status " + status);
            }
            Map<String, Measured> one =
                    JSON.readValue(file.toFile(), new TypeReference<LinkedHashMap<String, Measured>>() { });
            Files.delete(file);
            one.forEach((name, measured) -> merged.merge(name, measured, Measured::plus));
        }
        return merged;
    }

    private static String header() {
        return "JDK %s, %s %s, %d cores".formatted(System.getProperty("java.vm.version"), System.getProperty("os.name"),
                System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors());
    }

    private static void print(PrintStream table, Map<String, Map<String, Measured>> results) {
        table.println(header());
        table.println("median ratio to the reference (F unless named) [quartiles], pairs kept of all, at a reference "
                + "of so many ns, by collector; * over what was aimed at");
        Map<String, Measured> first = results.values().iterator().next();
        int width = first.keySet().stream().mapToInt(String::length).max().orElse(0);
        table.printf("%-" + width + "s", "");
        results.keySet().forEach(collector -> table.printf("  %-41s", collector));
        table.println("aim");
        first.forEach((name, any) -> {
            table.printf("%-" + width + "s", name);
            results.values().forEach(column -> table.printf("  %-41s", column.get(name)));
            table.println(any.atMost() == null ? "" : "%.2f".formatted(any.atMost()));
        });
    }

    /**
     * What was measured of a subject.
     *
     * @param reference what it was divided by
     * @param ratios of the pairs that count
     * @param references what these were divided by, in nanoseconds: where the host had put the cores, above all
     * @param dropped how many pairs did not
     * @param atMost what was aimed at, or null
     */
    record Measured(String reference, List<Double> ratios, List<Double> references, int dropped, Double atMost) {
        Measured plus(Measured other) {
            List<Double> all = new ArrayList<>(ratios);
            all.addAll(other.ratios);
            List<Double> allReferences = new ArrayList<>(references);
            allReferences.addAll(other.references);
            return new Measured(reference, all, allReferences, dropped + other.dropped, atMost);
        }

        /** {@return what a ratio of 1 is, in a word} */
        String unit() {
            return reference.startsWith("floor") ? "F" : reference.split("[ :,]")[0];
        }

        @Override
        public String toString() {
            double[] values = ratios.stream().mapToDouble(Double::doubleValue).toArray();
            double median = Batch.median(values);
            double at = Batch.median(references.stream().mapToDouble(Double::doubleValue).toArray());
            return String.format(Locale.ROOT, "%9.3f%s [%.2f %.2f] %d/%d at %.0f%s", median, atMost != null
                    && median > atMost ? "*" : " ",
                    Batch.quantile(values, 0.25), Batch.quantile(values, 0.75), values.length, values.length + dropped,
                    at, unit().equals("F") ? "" : " of " + unit());
        }
    }
}
