package org.smp4j.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * Asks a command to end in order, with what it has found so far: after Ctrl-C, or because its output can no longer be
 * written.
 */
public final class StopRequest {
    private final List<Runnable> actions = new ArrayList<>();

    // Written by: make(). Read by: the command, between its steps. Ordering: volatile.
    private volatile boolean made;

    /** Asks the command to end. Context: any thread; repeated calls have no effect. */
    public void make() {
        List<Runnable> now;
        synchronized (actions) {
            made = true;
            now = List.copyOf(actions);
            actions.clear();
        }
        now.forEach(Runnable::run);
    }

    public boolean made() {
        return made;
    }

    /** Runs an action once the request is made; at once if it has already been made. */
    public void then(Runnable action) {
        synchronized (actions) {
            if (!made) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }
}
