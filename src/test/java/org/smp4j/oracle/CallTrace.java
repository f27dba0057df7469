package org.smp4j.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A trace of CPU 3's going or coming, Linux' or our own, brought into a form in which the two can be compared: what
 * each context did, in order, reduced to the functions and states that both have.
 */
final class CallTrace {
    private static final Pattern LINE =
            Pattern.compile("\\s*(\\S+)-\\d+\\s+\\[(\\d+)]\\s+(\\S)\\S(\\S)\\S\\S\\s+[\\d.]+:\\s+(.*)");
    private static final Pattern FUNCTION = Pattern.compile("(\\w+) <-\\S+");
    private static final Pattern STEP = Pattern.compile("cpuhp_(?:multi_)?(enter|exit): .*step: (\\d+) .*");
    private static final String SHOULD_RUN = "cpuhp_should_run";
    private static final String NEXT_STATE = "cpuhp_next_state";
    private static final String INVOKE = "cpuhp_invoke_callback";

    /** Where something runs. */
    enum Context {
        /** The task that brings CPU 3 up or down, on CPU 0. */
        CONTROL,
        /** {@code cpuhp/3}. */
        HOTPLUG_THREAD,
        /** {@code migration/3}. */
        STOPPER,
        /** {@code migration} of the other CPUs, each for itself. */
        STOPPER_0, STOPPER_1, STOPPER_2,
        /** CPU 3's idle task. */
        IDLE,
        /** An interrupt on CPU 0. */
        INTERRUPT
    }

    /**
     * One line.
     *
     * @param context where
     * @param irqsOff whether IRQs were off
     * @param what a function's name, or an event as ftrace prints it
     */
    record TraceLine(Context context, boolean irqsOff, String what) {
        boolean isFunction() {
            return what.indexOf(':') < 0;
        }

        /** The step that begins or ends, or -1. */
        int step() {
            Matcher step = STEP.matcher(what);
            return step.matches() ? Integer.parseInt(step.group(2)) : -1;
        }

        boolean ends() {
            return what.startsWith("cpuhp_exit");
        }

        @Override
        public String toString() {
            return (irqsOff ? "d " : ". ") + what;
        }
    }

    private final List<TraceLine> entries = new ArrayList<>();

    /** Adds a line; one of a context that is of no interest is left out. */
    void add(String comm, int cpu, boolean irqsOff, boolean hardirq, String what) {
        Context context = context(comm, cpu, hardirq, what);
        if (context != null) {
            entries.add(new TraceLine(context, irqsOff, what.strip().replaceAll("\\s+", " ")));
        }
    }

    private static Context context(String comm, int cpu, boolean hardirq, String what) {
        boolean idle = comm.equals("<idle>") || comm.startsWith("cpu/");
        if (hardirq || idle && cpu == 0) {
            // all else is wake-ups; an idle CPU that polls takes a call without an interrupt
            return cpu == 0 && what.contains("cpuhp_complete_idle_dead") ? Context.INTERRUPT : null;
        }
        if (comm.equals("cpuhp/3")) {
            return Context.HOTPLUG_THREAD;
        }
        if (comm.startsWith("migration/")) {
            return cpu == 3 ? Context.STOPPER : Context.values()[Context.STOPPER_0.ordinal() + cpu];
        }
        if (idle) {
            return cpu == 3 ? Context.IDLE : null;
        }
        return cpu == 0 ? Context.CONTROL : null;
    }

    static CallTrace recorded(String resource) {
        CallTrace trace = new CallTrace();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(CallTrace.class.getClassLoader().getResourceAsStream(resource),
                StandardCharsets.UTF_8))) {
            for (String text; (text = reader.readLine()) != null; ) {
                Matcher line = LINE.matcher(text);
                if (!text.startsWith("#") && line.matches()) {
                    Matcher function = FUNCTION.matcher(line.group(5));
                    trace.add(line.group(1), Integer.parseInt(line.group(2)), line.group(3).equals("d"), line.group(4)
                            .equals("h"), function.matches() ? function.group(1) : line.group(5));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return trace;
    }

    /** The functions that occur. */
    Set<String> functions() {
        Set<String> functions = new TreeSet<>();
        entries.stream().filter(TraceLine::isFunction).forEach(entry -> functions.add(entry.what));
        return functions;
    }

    /** What each context did, reduced to some functions and some states' steps. */
    Map<Context, List<String>> reduced(Set<String> functions, Set<Integer> states) {
        Map<Context, List<String>> reduced = new LinkedHashMap<>();
        for (Context context : Context.values()) {
            List<String> lines = new ArrayList<>();
            for (List<TraceLine> group : groups(context)) {
                if (isCommon(group, functions, states)) {
                    group.stream().filter(entry -> entry.isFunction() ? functions.contains(entry.what)
                            : isWanted(entry, states)).map(TraceLine::toString)
                            .forEach(lines::add);
                }
            }
            reduced.put(context, lines);
        }
        return reduced;
    }

    private static boolean isWanted(TraceLine event, Set<Integer> states) {
        return states.contains(event.step()) || event.what.contains("func=cpuhp_complete_idle_dead");
    }

    /** Takes a context's entries apart into the turns of the step engine, and each of the others for itself. */
    private List<List<TraceLine>> groups(Context context) {
        String first = context == Context.HOTPLUG_THREAD ? SHOULD_RUN : NEXT_STATE;
        List<List<TraceLine>> groups = new ArrayList<>();
        List<TraceLine> turn = null;
        for (TraceLine entry : entries) {
            if (entry.context != context) {
                continue;
            }
            boolean engine = entry.what.equals(NEXT_STATE) || entry.what.equals(INVOKE)
                    || entry.what.equals("cpuhp_thread_fun");
            if (entry.what.equals(first)) {
                turn = new ArrayList<>();
                groups.add(turn);
            } else if (turn == null || !engine && turn.stream().noneMatch(before -> before.what.equals(INVOKE))) {
                turn = null; // the last turn ends with a look for a next state
                groups.add(new ArrayList<>(List.of(entry)));
                continue;
            }
            turn.add(entry);
            if (entry.ends() && entry.step() == turn.stream().mapToInt(TraceLine::step).filter(step -> step >= 0)
                    .findFirst().orElse(-1)
                    && !entry.what.startsWith("cpuhp_multi")) {
                turn = null;
            }
        }
        return groups;
    }

    /**
     * A step counts if both have its state; one whose tracepoints are silent, because the CPU is offline, if it calls a
     * function that both have.
     */
    private static boolean isCommon(List<TraceLine> group, Set<String> functions, Set<Integer> states) {
        String first = group.getFirst().what;
        if (!first.equals(SHOULD_RUN) && !first.equals(NEXT_STATE)) {
            return true;
        }
        if (group.stream().noneMatch(entry -> entry.what.equals(NEXT_STATE))) {
            return false; // a hotplug thread that looks and sleeps on
        }
        if (group.stream().noneMatch(entry -> entry.what.equals(INVOKE))) {
            return true;
        }
        int step = group.stream().mapToInt(TraceLine::step).filter(state -> state >= 0).findFirst().orElse(-1);
        if (step >= 0) {
            return states.contains(step);
        }
        return group.stream().anyMatch(entry -> entry.isFunction() && functions.contains(entry.what)
                && !entry.what.equals(NEXT_STATE)
                && !entry.what.equals(INVOKE) && !entry.what.equals("cpuhp_thread_fun")
                && !entry.what.equals(SHOULD_RUN));
    }

    /** Where a line stands in the whole trace. */
    int indexOf(Context context, String what, boolean last) {
        int found = -1;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).context == context && entries.get(i).what.startsWith(what) && (last || found < 0)) {
                found = i;
            }
        }
        return found;
    }
}
