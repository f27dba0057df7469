package org.smp4j.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long commands of the distribution take from their start to their end, beside {@code java -version} of the same
 * JDK. The commands take turns, so that a busy machine delays all alike. On Linux also how much CPU time they take.
 */
public final class Startup {
    private static final int ROUNDS = 21;
    private static final String BARE = "java -version";
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Path STATISTICS = Path.of("/proc/self/stat");
    private static final int CHILDREN_USER = 13; // after the command's name in parentheses
    private static final int CHILDREN_SYSTEM = 14;
    private static final double MILLIS_PER_TICK = 10;

    /** What a start took, in milliseconds; the CPU time is NaN where it is not known. */
    private record Taken(double wall, double cpu) {
    }

    private Startup() {
    }

    /**
     * Prints a table.
     *
     * @param args the launcher; and how many rounds, if another number than 21
     * @throws IOException if a command can't be started
     * @throws InterruptedException never
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        String smp4j = args[0];
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : ROUNDS;
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(BARE, List.of(System.getProperty("java.home") + "/bin/java", "-version"));
        for (String command : List.of("--version", "races", "races run stop-two-triangle --variant=buggy")) {
            List<String> line = new ArrayList<>(List.of(smp4j));
            line.addAll(List.of(command.split(" ")));
            commands.put("smp4j " + command, line);
        }
        Map<String, double[]> wall = new LinkedHashMap<>();
        Map<String, double[]> cpu = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> command : commands.entrySet()) {
            wall.put(command.getKey(), new double[rounds]);
            cpu.put(command.getKey(), new double[rounds]);
            run(command.getValue()); // from the disk
        }
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, List<String>> command : commands.entrySet()) {
                Taken taken = run(command.getValue());
                wall.get(command.getKey())[round] = taken.wall;
                cpu.get(command.getKey())[round] = taken.cpu;
            }
        }
        System.out.println("median of " + rounds + " starts each, in turns [quartiles]");
        System.out.println("| command | ms | by `" + BARE + "` | ms of CPU time | by `" + BARE + "` |");
        System.out.println("| --- | --- | --- | --- | --- |");
        for (String name : commands.keySet()) {
            System.out.println("| `" + name + "` | " + quartiles(wall.get(name), 0) + " | "
                    + quartiles(ratios(wall.get(name), wall.get(BARE)), 2) + " | " + quartiles(cpu.get(name), 0)
                    + " | " + quartiles(ratios(cpu.get(name), cpu.get(BARE)), 2) + " |");
        }
    }

    private static double[] ratios(double[] times, double[] bare) {
        double[] ratios = new double[times.length];
        Arrays.setAll(ratios, i -> times[i] / bare[i]);
        return ratios;
    }

    /** {@return the CPU time of the child processes that have ended, in milliseconds} */
    private static double childrensTime() {
        try {
            String statistics = Files.readString(STATISTICS);
            String[] fields = statistics.substring(statistics.lastIndexOf(')') + 2).split(" ");
            return MILLIS_PER_TICK * (Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM]));
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static Taken run(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("SMP4J_JAVA_HOME", System.getProperty("java.home"));
        double before = childrensTime();
        long start = System.nanoTime();
        try {
            Process process = builder.start();
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + " did not end well");
            }
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", command) + " can't be started", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        double wall = (System.nanoTime() - start) / NANOS_PER_MILLI;
        return new Taken(wall, childrensTime() - before);
    }

    private static String quartiles(double[] values, int digits) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "%." + digits + "f [%." + digits + "f %." + digits + "f]",
                sorted[sorted.length / 2], sorted[sorted.length / 4], sorted[sorted.length * 3 / 4]);
    }
}
