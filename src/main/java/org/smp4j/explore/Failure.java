package org.smp4j.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * What is wrong with a run.
 *
 * @param rule which rule was broken, in a few words that are the same for every run that breaks it
 * @param message what happened, in one sentence
 * @param details more lines: who waits for what, where an exception comes from
 * @param thrown what a strand threw, or null
 */
public record Failure(String rule, String message, List<String> details, Throwable thrown) {
    /** The rule of what goes on for ever. */
    static final String LIVELOCK = "livelock";
    /** The rule of plain accesses that nothing orders, where it is one. */
    static final String DATA_RACE = "data race";

    /** Names and messages of the program are made fit for lines. */
    public Failure {
        rule = PlainText.of(rule);
        message = PlainText.of(message);
        details = details.stream().map(PlainText::of).toList();
    }

    static Failure of(String rule, String message) {
        return new Failure(rule, message, List.of(), null);
    }

    static Failure thrown(Execution x, Strand strand, Throwable e) {
        if (e instanceof Broken broken) {
            return new Failure(broken.rule, broken.getMessage(), broken.details, e);
        }
        List<String> details = new ArrayList<>();
        StackTraceElement[] trace = e.getStackTrace();
        int own = 0;
        while (own < trace.length && !trace[own].getClassName().equals(Strands.class.getName())) {
            own++;
        }
        e.setStackTrace(Arrays.copyOf(trace, own)); // below there may be other strands, and whoever explores
        for (StackTraceElement frame : e.getStackTrace()) {
            if (isScenarios(frame)) {
                details.add(line(frame));
            }
        }
        String what = e.getClass().getName() + (e.getMessage() == null ? "" : ": " + e.getMessage().strip().replaceAll("\\s*\\R\\s*", " "));
        return new Failure("thrown: " + e.getClass().getName(), strand.name() + " threw " + what, details, e);
    }

    /** {@return whether a frame is one of rewritten code, and was there before} */
    static boolean isScenarios(StackTraceElement frame) {
        return "explore".equals(frame.getClassLoaderName()) && !frame.getMethodName().startsWith("smp4j$");
    }

    static String line(StackTraceElement frame) {
        return "at " + frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":" + frame.getLineNumber() + ")";
    }

    static Failure deadlock(Execution x) {
        List<String> details = new ArrayList<>();
        List<String> stuck = new ArrayList<>();
        for (Strand strand : x.strands()) {
            if (!strand.finished && !(strand.daemon && strand.wait == Strand.Wait.NOTHING)) {
                details.add(new Waits(x).of(strand));
                if (!strand.daemon) {
                    stuck.add(strand.name());
                }
            }
        }
        return new Failure("deadlock", "nobody can go on; " + String.join(", ", stuck) + (stuck.size() == 1 ? " has" : " have") + " not ended", details, null);
    }

    static Failure livelock(Execution x, int limit) {
        List<String> details = new ArrayList<>();
        for (Strand strand : x.strands()) {
            if (!strand.finished) {
                details.add(new Waits(x).of(strand));
            }
        }
        return new Failure(LIVELOCK, "no end within " + limit + " steps, nor within as many more in which all strands had their turns in order", details, null);
    }

    static Failure endless(Strand strand, int site) {
        return of(LIVELOCK, strand.name() + " goes round in a loop that reaches nothing which others could change, at " + Sites.get(site).place());
    }

    static Failure endless(Strand strand) {
        return of(LIVELOCK, strand.name() + " goes round in a loop without any access to what others could change");
    }

    static Failure races(Collection<HappensBefore.Race> races) {
        List<String> all = races.stream().map(HappensBefore.Race::toString).toList();
        return new Failure(DATA_RACE, all.getFirst(), all.subList(1, all.size()), null);
    }

    /** A broken rule, thrown in the strand that found it. */
    static final class Broken extends Error {
        private static final long serialVersionUID = 1L;
        final String rule;
        final transient List<String> details;

        Broken(String rule, String message, List<String> details) {
            super(message, null, false, true);
            this.rule = rule;
            this.details = details;
        }
    }
}
