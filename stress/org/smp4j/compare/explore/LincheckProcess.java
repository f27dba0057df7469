package org.smp4j.compare.explore;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.smp4j.explore.peers.Mains;

/**
 * Lincheck's model checker on a program with a {@code main}, in a JVM of its own, as some programs end theirs. The JVM
 * runs a class that is made for the program: a {@code main} that is called by reflection, or through a functional
 * interface, Lincheck does not see. What it reports as hung may be no deadlock: with a hundred threads it gives up
 * soon.
 */
final class LincheckProcess {
    private static final long PATIENCE_SECONDS = 60;
    private static final String RESULT = "found, runs, seconds: ";
    private static final String ENTRY = """
            import java.nio.ByteBuffer;
            import java.nio.IntBuffer;
            import org.jetbrains.lincheck.Lincheck;

            public final class LincheckEntry {
                public static void main(String[] args) {
                    IntBuffer runs = ByteBuffer.allocateDirect(2 * Integer.BYTES).asIntBuffer();
                    long start = System.nanoTime();
                    boolean found = false;
                    boolean hung = false;
                    try {
                        Lincheck.runConcurrentTest(%1$d, () -> {
                            runs.put(0, runs.get(0) + 1);
                            try {
                                %2$s.main(new String[0]);
                            } catch (Throwable e) {
                                runs.put(1, runs.get(1) == 0 ? runs.get(0) : runs.get(1));
                                throw LincheckEntry.<RuntimeException>unchecked(e);
                            }
                        });
                    } catch (Throwable e) {
                        found = true;
                        hung = String.valueOf(e.getMessage()).contains("hung");
                    }
                    System.out.println("%3$s" + (found ? 1 : 0) + " " + (runs.get(1) > 0 ? runs.get(1) : runs.get(0))
                            + " " + (System.nanoTime() - start) / 1e9 + (hung ? " hung" : ""));
                    Runtime.getRuntime().halt(0);
                }

                @SuppressWarnings("unchecked")
                private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
                    throw (E) thrown;
                }
            }
            """;

    private LincheckProcess() {
    }

    /**
     * Searches.
     *
     * @param programs the programs
     * @param type the one to search
     * @param most how many schedules at most
     * @return the cell of the table
     * @throws IOException if a file can't be written, or no JVM started
     */
    static String search(Mains programs, String type, int most) throws IOException {
        Path dir = Files.createTempDirectory("lincheck");
        Path source = dir.resolve("LincheckEntry.java");
        Files.writeString(source, ENTRY.formatted(most, type, RESULT));
        String path = String.join(File.pathSeparator, dir.toString(), programs.classes().toString(),
                System.getProperty("java.class.path"));
        if (ToolProvider.getSystemJavaCompiler().run(null, OutputStream.nullOutputStream(), null, "-proc:none", "-cp",
                path, "-d", dir.toString(), source.toString()) != 0) {
            throw new IllegalArgumentException(type + " can't be called: its class or its main is not public");
        }
        Path out = dir.resolve("out");
        Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+EnableDynamicAgentLoading", "-Djdk.attach.allowAttachSelf=true", "-cp", path, "LincheckEntry"))
                .redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return "not in " + PATIENCE_SECONDS + " s";
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted while it waited for Lincheck", e);
        }
        return cell(Files.readString(out));
    }

    private static String cell(String output) {
        int at = output.lastIndexOf(RESULT);
        if (at < 0) {
            return "its JVM ended";
        }
        try (Scanner in = new Scanner(output.substring(at + RESULT.length())).useLocale(Locale.ROOT)) {
            String cell = FirstFailures.cell(in.nextInt(), 1, in.nextInt(), in.nextDouble());
            return in.nextLine().contains("hung") ? cell + ", as hung" : cell;
        }
    }
}
