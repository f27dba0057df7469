package org.smp4j.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import org.smp4j.cli.session.ExitCode;

/**
 * Runs typical commands, so that the JVM records which classes they need and what their code does. The launcher lets
 * the JVM keep the record, and later starts use it.
 */
final class Training {
    private static final List<String[]> COMMANDS = List.of(new String[] {"--version"}, new String[] {"races"},
            new String[] {"races", "run", "stop-two-triangle", "--variant=buggy"},
            new String[] {"torture", "--shutdown-secs=1"});

    private Training() {
    }

    /** Runs them, and drops what they print; but for what one that can't be run complains of. */
    static void run() {
        for (String[] command : COMMANDS) {
            PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
            StringWriter complaints = new StringWriter();
            int code = Main.execute(nowhere, new PrintWriter(complaints), command);
            // what torture finds on a busy host does not matter here
            if (code == ExitCode.USAGE || code == ExitCode.BROKEN) {
                throw new IllegalStateException(String.join(" ", command) + " exits with " + code + ": "
                        + complaints.toString().strip());
            }
        }
    }
}
