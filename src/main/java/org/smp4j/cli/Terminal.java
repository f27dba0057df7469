package org.smp4j.cli;

import java.io.Console;

/** Whether somebody looks at the output. */
final class Terminal {
    private Terminal() {
    }

    /** {@return whether the program's input and output are a terminal that understands more than plain text} */
    static boolean present() {
        Console console = System.console();
        return console != null && console.isTerminal() && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
    }
}
