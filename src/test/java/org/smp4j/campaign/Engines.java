package org.smp4j.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Finds the programs of engines that tests run shards on; a test without them says by name what it leaves out. */
final class Engines {
    private Engines() {
    }

    static void need(String engine, String packages, String... programs) {
        for (String program : programs) {
            boolean found = false;
            for (String folder : System.getenv("PATH").split(":")) {
                found |= Files.isExecutable(Path.of(folder, program));
            }
            if (!found) {
                leaveOut("NOT TESTED: shards on " + engine + ", as there is no " + program + "; Debian's packages: "
                        + packages);
            }
        }
    }

    static void leaveOut(String message) {
        System.out.println(message);
        Assumptions.abort(message);
    }

    /** {@return the command that starts smp4j, for a script} */
    static String smp4j() {
        return Path.of(System.getProperty("java.home"), "bin", "java")
                + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --add-exports=java.base/jdk.internal.vm=ALL-UNNAMED "
                + "--enable-native-access=ALL-UNNAMED -cp '" + System.getProperty("java.class.path")
                + "' org.smp4j.cli.Main";
    }

    /** Runs a command to its end and returns what it printed. */
    static String run(Path folder, List<String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        for (int i = 0; i < environment.size(); i += 2) {
            builder.environment().put(environment.get(i), environment.get(i + 1));
        }
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = builder.redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(4, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String text = Files.readString(output);
        if (!ended || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + (ended ? " ended with " + process.exitValue()
                    : " did not end") + ": " + text);
        }
        return text;
    }
}
