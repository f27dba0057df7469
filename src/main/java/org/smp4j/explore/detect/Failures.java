package org.smp4j.explore.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.Wait;

/**
 * Builds the failures that the explorer itself finds in a run: a thrown exception, a deadlock, a livelock, a data race.
 */
public final class Failures {
    private Failures() {
    }

    /**
     * {@return the failure of a strand that ended with an exception; frames from the class {@code beginsIn} on are cut
     * off}
     */
    public static Failure thrown(Strand strand, Throwable e, Class<?> beginsIn) {
        if (e instanceof Failure.Broken broken) {
            return new Failure(broken.rule, broken.getMessage(), broken.details, e);
        }
        List<String> details = new ArrayList<>();
        StackTraceElement[] trace = e.getStackTrace();
        int own = 0;
        while (own < trace.length && !trace[own].getClassName().equals(beginsIn.getName())) {
            own++;
        }
        e.setStackTrace(Arrays.copyOf(trace, own)); // frames below may be of other strands or of the exploring thread
        for (StackTraceElement frame : e.getStackTrace()) {
            if (isScenarios(frame)) {
                details.add(line(frame));
            }
        }
        String type = Names.real(e.getClass().getName());
        String what = type + (e.getMessage() == null ? ""
                : ": " + Names.real(e.getMessage().strip().replaceAll("\\s*\\R\\s*", " ")));
        return new Failure("thrown: " + type, strand.name() + " threw " + what, details, e);
    }

    /** {@return whether a frame is of the scenario's own code, and not of a method that rewriting added} */
    public static boolean isScenarios(StackTraceElement frame) {
        return Names.LOADER.equals(frame.getClassLoaderName()) && !frame.getMethodName().startsWith("smp4j$")
                && !frame.getClassName().startsWith(Names.SHADOW);
    }

    /** {@return a frame as a stack trace prints it} */
    public static String line(StackTraceElement frame) {
        return "at " + frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                + frame.getLineNumber() + ")";
    }

    /** {@return the failure of a run in which no strand can go on, with what each strand waits for} */
    public static Failure deadlock(Run x) {
        WaitDescription waits = new WaitDescription(x);
        List<String> details = new ArrayList<>();
        List<String> stuck = new ArrayList<>();
        for (int id = 0; id < x.strandCount(); id++) {
            Strand strand = x.strand(id);
            boolean idle = strand.isDaemon() && (strand.waitsFor() == Wait.NOTHING
                    || strand.waitsFor() == Wait.PARK && x.ask(strand, by -> by.isIdle(strand.thread())));
            if (!strand.isFinished() && !idle) {
                details.add(waits.of(strand));
                if (!strand.isDaemon()) {
                    stuck.add(strand.name());
                }
            }
        }
        return new Failure(Failure.DEADLOCK, "no thread can go on; " + String.join(", ", stuck)
                + (stuck.size() == 1 ? " has" : " have") + " not ended", details, null);
    }

    /** {@return the failure of a run that exceeded the step limit, in which each strand had its turns as well} */
    public static Failure livelock(Run x, int limit) {
        WaitDescription waits = new WaitDescription(x);
        List<String> details = new ArrayList<>();
        for (int id = 0; id < x.strandCount(); id++) {
            Strand strand = x.strand(id);
            if (!strand.isFinished()) {
                details.add(waits.of(strand));
            }
        }
        return new Failure(Failure.LIVELOCK, "no end within " + limit
                + " steps, nor within as many more in which all threads stepped in turn", details, null);
    }

    /** {@return the failure of a loop whose accesses reach nothing that another strand could change} */
    public static Failure endless(Strand strand, int site) {
        return new Failure(Failure.LIVELOCK,
                strand.name() + " is in an endless loop that reaches nothing which another thread could change, at "
                + Sites.get(site).place(), List.of(), null);
    }

    /** {@return the failure of a loop that makes no accesses at all} */
    public static Failure endless(Strand strand) {
        return new Failure(Failure.LIVELOCK, strand.name()
                + " is in an endless loop without any access to memory that another thread could change",
                List.of(), null);
    }

    /** {@return the failure of a run with data races: the first is the message, the others are details} */
    public static Failure races(Collection<HappensBefore.Race> races) {
        List<String> all = races.stream().map(HappensBefore.Race::toString).toList();
        return new Failure(Failure.DATA_RACE, all.getFirst(), all.subList(1, all.size()), null);
    }
}
