package org.smp4j.compare.explore;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.smp4j.explore.peers.Mains;

/**
 * Lincheck's model checker on a program with a {@code main}, in a JVM of its own, as some programs end theirs. The JVM
 * runs a class that is made for the program: a {@code main} that is called by reflection, or through a functional
 * interface, Lincheck does not see. It restores objects before each schedule, so the schedules are counted by lines of
 * output. A failure of any thread counts. What it reports as hung may be no deadlock: with a hundred threads it gives
 * up soon.
 */
final class LincheckProcess {
    private static final long PATIENCE_SECONDS = 60;
    private static final String RUN = "a run begins";
    private static final String FAILS = "the run fails";
    private static final String RESULT = "seconds, result: ";
    private static final String ENTRY = """
            import org.jetbrains.lincheck.Lincheck;

            public final class LincheckEntry {
                private static volatile Throwable failure;

                public static void main(String[] args) {
                    long start = System.nanoTime();
                    String result = "";
                    Thread.setDefaultUncaughtExceptionHandler((_, e) -> failure = e);
                    try {
                        Lincheck.runConcurrentTest(%1$d, () -> {
                            System.out.println("%3$s");
                            failure = null;
                            try {
                                %2$s.main(new String[0]);
                                if (failure != null) {
                                    throw failure;
                                }
                            } catch (Throwable e) {
                                System.out.println("%4$s");
                                throw LincheckEntry.<RuntimeException>unchecked(e);
                            }
                        });
                    } catch (AssertionError e) {
                        result = String.valueOf(e.getMessage()).contains("hung") ? "hung" : "found";
                    } catch (Throwable e) {
                        result = "error";
                    }
                    System.out.println("%5$s" + (System.nanoTime() - start) / 1e9 + " " + result);
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
        Files.writeString(source, ENTRY.formatted(most, type, RUN, FAILS, RESULT));
        String path = String.join(File.pathSeparator, dir.toString(), programs.classes().toString(),
                System.getProperty("java.class.path"));
        if (ToolProvider.getSystemJavaCompiler().run(null, OutputStream.nullOutputStream(), null, "-proc:none", "-cp",
                path, "-d", dir.toString(), source.toString()) != 0) {
            throw new IllegalArgumentException(type + " can't be called: its class or its main is not public");
        }
        Path out = dir.resolve("out");
        Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea", "-XX:+EnableDynamicAgentLoading", "-Djdk.attach.allowAttachSelf=true", "-cp", path,
                "LincheckEntry"))
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
        String[] result = output.substring(at + RESULT.length()).strip().split(" ", 2);
        String what = result.length > 1 ? result[1] : "";
        int fails = output.indexOf(FAILS);
        long runs = (fails < 0 ? output : output.substring(0, fails)).lines().filter(RUN::equals).count();
        return FirstFailures.cell(what.equals("found") || what.equals("hung") ? 1 : 0, 1, runs,
                Double.parseDouble(result[0])) + (what.equals("found") || what.isEmpty() ? "" : ", " + what);
    }
}
