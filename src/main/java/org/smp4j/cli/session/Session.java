package org.smp4j.cli.session;

import java.io.PrintWriter;
import org.smp4j.cli.terminal.Screen;
import org.smp4j.cli.terminal.StopRequest;
import org.smp4j.explore.Explorer;
import picocli.CommandLine.Model.CommandSpec;

/** One run of the program {@code smp4j}, as its command sees it: where it prints, and whether it should end. */
public interface Session {
    /** {@return the session that a command runs in} */
    static Session of(CommandSpec spec) {
        return (Session) spec.root().userObject();
    }

    /** {@return standard output} */
    PrintWriter out();

    /** {@return what asks the command to end} */
    StopRequest stop();

    /** {@return what prints whole lines, to standard output and to standard error} */
    Screen screen();

    /** {@return what ends an exploration when the command should end} */
    default Explorer.Progress untilStopped() {
        StopRequest stop = stop();
        return new Explorer.Progress() {
            @Override
            public boolean at(long schedules, long distinct, long steps) {
                return !stop.made();
            }

            @Override
            public boolean stopped() {
                return stop.made();
            }
        };
    }
}
