package org.smp4j.linear.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Program;
import org.smp4j.linear.LinearOptions;
import org.smp4j.linear.LinearReport;
import org.smp4j.linear.subject.Subject;
import org.smp4j.linear.subject.Subjects;

/**
 * Checks that the operations of a class are linearizable: each outcome of operations on several threads is one of a
 * sequential run of the same operations, in an order that agrees with the order in time. Programs are drawn, their
 * schedules explored. A violation is made smaller, first in its operations and then in its interleaving.
 */
public final class Linearizability {
    private static final String PREFIX = "linear/";
    private static final int PARTS = 4;
    private static final int MOST_UNUSABLE = 10; // for each program

    private final Target target;
    private final LinearOptions options;
    private final Explorer.Progress progress;
    private final Workers workers;
    private final Set<String> claims = new LinkedHashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final long end;
    private long programs;
    private long schedules;
    private long steps;
    private long cut;
    private boolean complete = true;

    private Linearizability(Target target, LinearOptions options, Explorer.Progress progress, Workers workers) {
        this.workers = workers;
        this.target = target;
        this.options = options;
        this.progress = progress;
        long budget = options.explore().budgetNanos();
        end = budget == Long.MAX_VALUE ? 0 : System.nanoTime() + budget;
    }

    /**
     * A class under test, loaded to be explored; it can be checked several times, but not by several threads.
     */
    public static final class Target {
        private final String name;
        private final Subjects subjects;
        private final LoadedProgram classes;
        private Class<?> type;

        /**
         * Loads a class.
         *
         * @param name its name in reports and tokens
         * @param className its binary name
         * @param check the name of a method without parameters that is called at the end of each run; null for none
         * @param specification the binary name of the class whose sequential runs say what is right; null for the class
         *         under test itself
         * @param rewriting how classes are rewritten
         * @param loader where classes come from
         * @throws ExplorerException if there is no such class, or it has no operations
         */
        public Target(String name, String className, String check, String specification, RewriteOptions rewriting,
                ClassLoader loader) {
            this.name = name;
            subjects = new Subjects(specification, check);
            classes = new LoadedProgram(name, className, rewriting, loader, loaded -> {
                type = loaded;
                return () -> {
                };
            });
        }

        Subject subject() {
            return subjects.of(type);
        }

        LoadedProgram program(Plan plan, Rules rules) {
            String word = PREFIX + name + "/" + rules.encode() + "/" + plan.encode(subject().fingerprint());
            return classes.with(word, new LoadedProgram.Entry() {
                @Override
                public LoadedProgram.Body of(Class<?> loaded) {
                    throw new IllegalStateException("needs the program");
                }

                @Override
                public LoadedProgram.Body of(Class<?> loaded, LoadedProgram program)
                        throws ReflectiveOperationException {
                    return new PlanBody(plan, loaded, subjects, program, rules);
                }
            });
        }
    }

    /** Explores several programs at the same time. */
    public interface Workers {
        /** {@return how many programs are explored before the results of the first are looked at} */
        int round();

        /**
         * Explores programs, each as {@link #explore(Target, LinearOptions, String, long, Explorer.Progress)} does.
         *
         * @param programs the programs
         * @param first the number of the first, from 0; the others follow
         * @return what came of each, in their order; null for one that was not explored to its end
         */
        List<Report> explore(List<String> programs, long first);
    }

    /**
     * Explores one program of a check.
     *
     * @param target the class
     * @param options those of the check
     * @param program the program, as {@link Workers#explore} gets it
     * @param number its number
     * @param progress may end it
     * @return what came of it
     */
    public static Report explore(Target target, LinearOptions options, String program, long number,
            Explorer.Progress progress) {
        Linearizability one = new Linearizability(target, options, progress, null);
        return one.probe(Plan.decode(program, target.subject(), target.name), one.explore(number), false);
    }

    /**
     * Checks a class, with the help of others.
     *
     * @param target the class
     * @param options which programs are drawn, and how they are explored
     * @param progress is told the number of schedules and steps of all programs so far, and may end the check
     * @param workers explore the programs that are drawn
     * @return what came of it; without a limit of time the same as without workers
     * @throws ExplorerException if the class can't be checked
     */
    public static LinearReport check(Target target, LinearOptions options, Explorer.Progress progress,
            Workers workers) {
        return new Linearizability(target, options, progress, workers).check();
    }

    /**
     * Checks a class.
     *
     * @param target the class
     * @param options which programs are drawn, and how they are explored
     * @param progress is told the number of schedules and steps of all programs so far, and may end the check
     * @return what came of it
     * @throws ExplorerException if the class can't be checked
     */
    public static LinearReport check(Target target, LinearOptions options, Explorer.Progress progress) {
        return new Linearizability(target, options, progress, null).check();
    }

    /** {@return whether a name, as tokens have it, is of a program that a check has drawn} */
    public static boolean isProgram(String name) {
        return name.startsWith(PREFIX);
    }

    /** {@return the name of the class in the name of a program} */
    public static String subjectOf(String name) {
        return parts(name)[1];
    }

    /** {@return the name of the specification in the name of a program; null for none} */
    public static String specificationOf(String name) {
        return Rules.decode(parts(name)[2]).specification();
    }

    private static String[] parts(String name) {
        String[] parts = name.split("/");
        if (parts.length != PARTS || !isProgram(name)) {
            throw new ExplorerException("the token is about " + name + ", which is no program of operations");
        }
        return parts;
    }

    /**
     * Runs exactly the run that a token stands for.
     *
     * @param target the class that it is about
     * @param token the token
     * @param threads whether on threads, for a debugger
     * @param progress ends it early
     * @return what came of it
     * @throws ExplorerException if the class has changed so that this run can't be had any more
     */
    public static LinearReport replay(Target target, String token, boolean threads, Explorer.Progress progress) {
        Report report = Explorer.replay(program(target, token), token, threads, progress);
        return new LinearReport(target.name, report.strategy(), report.seed(), 1, "", report.schedules(),
                report.steps(), report.cut(), report.claim(), report.failure(), "repeated from its token",
                report.token(), null, report.lines(), report.notes());
    }

    /**
     * The program of operations that a token is about.
     *
     * @param target the class that it is about
     * @param token the token
     * @return the program
     * @throws ExplorerException if the token is about another class, or the class has changed
     */
    public static Program program(Target target, String token) {
        String[] parts = parts(Explorer.scenarioOf(token));
        if (!parts[1].equals(target.name)) {
            throw new ExplorerException("the token is about " + parts[1] + ", not " + target.name);
        }
        return target.program(Plan.decode(parts[3], target.subject(), target.name), Rules.decode(parts[2]));
    }

    private boolean isOver() {
        return end != 0 && System.nanoTime() - end >= 0 || progress.stopped();
    }

    private LinearReport check() {
        Generator generator = new Generator(target.subject(), options);
        List<Plan> drawn = new ArrayList<>();
        long unusable = 0;
        boolean goesOn = true;
        while (goesOn && programs < options.programs() && !isOver()) {
            long wanted = Math.min(workers == null ? 1 : workers.round(), options.programs() - programs);
            for (Plan next; drawn.size() < wanted && (next = generator.next()) != null; ) {
                drawn.add(next);
            }
            if (drawn.isEmpty()) {
                notes.add("there are no more programs of this size: all " + programs + " were explored");
                break;
            }
            List<Plan> round = List.copyOf(drawn);
            List<Report> reports = explored(round);
            for (int i = 0; i < round.size(); i++) {
                Report report = reports.get(i);
                if (report == null) {
                    goesOn = false;
                    break;
                }
                drawn.removeFirst();
                if (!report.passed() && report.failure().rule().equals(Judge.UNUSABLE)) {
                    if (++unusable > (long) MOST_UNUSABLE * options.programs()) {
                        throw new ExplorerException(target.name + ": in nearly all programs a call before the threads "
                                + "waits for ever; choose 0 operations before");
                    }
                    break; // the programs after it have other numbers, and so other schedules
                }
                count(report);
                if (!report.passed()) {
                    return failed(round.get(i), report, explore(programs - 1));
                }
            }
        }
        if (programs == 0) {
            throw new ExplorerException(target.name + ": the time was over, or it was stopped, before the first "
                    + "program was explored: nothing is known of it");
        }
        return report(null, null, null);
    }

    /** {@return what came of programs that are the next in number; null for those that the time did not suffice for} */
    private List<Report> explored(List<Plan> round) {
        if (workers == null) {
            return Collections.singletonList(probe(round.getFirst(), explore(programs), true));
        }
        int fingerprint = target.subject().fingerprint();
        List<Report> reports = workers.explore(round.stream().map(plan -> plan.encode(fingerprint)).toList(), programs);
        progress.at(schedules, schedules, steps);
        return reports;
    }

    private void count(Report report) {
        programs++;
        schedules += report.schedules();
        steps += report.steps();
        cut += report.cut();
        complete &= report.complete();
        claims.add(report.claim().replaceAll("one of the \\d+ that were made", "one that was made"));
        notes.addAll(report.notes());
    }

    private ExploreOptions explore(long program) {
        return options.explore().withSeed(Randomness.draw(options.seed(), program) >>> 1).withTokenFile(null)
                .withBudget(Long.MAX_VALUE);
    }

    /** {@return the progress of one program, which counts towards that of all or not} */
    private Explorer.Progress ofOne(boolean counts) {
        return new Explorer.Progress() {
            @Override
            public boolean at(long made, long distinct, long stepsMade) {
                return !counts || progress.at(schedules + made, distinct, steps + stepsMade);
            }

            @Override
            public boolean stopped() {
                return progress.stopped();
            }
        };
    }

    /** {@return what came of a program; null if the time is over} */
    private Report probe(Plan plan, ExploreOptions explore, boolean counts) {
        Explorer.Progress all = ofOne(counts);
        for (;;) {
            long unjudged = target.subjects.unjudged();
            long left = end == 0 ? Long.MAX_VALUE : Math.max(1, end - System.nanoTime());
            try {
                Report report = Explorer.probe(target.program(plan, Rules.of(options)), explore.withBudget(left), all);
                if (!report.passed() || target.subjects.unjudged() == unjudged || isOver()) {
                    return report;
                } // classes were loaded anew meanwhile: every run counts only if it was judged
            } catch (ExplorerException e) {
                if (isOver()) {
                    return null; // it ended before its first run
                }
                throw e;
            }
        }
    }

    /** Makes the program smaller as long as exploring it breaks the same rule, and then its interleaving. */
    private LinearReport failed(Plan plan, Report found, ExploreOptions explore) {
        Plan best = plan;
        Plan tried = null;
        String rule = found.failure().rule();
        while (tried != best && !isOver()) {
            tried = best;
            for (Plan smaller : best.smaller()) {
                Report report = isOver() ? null : probe(smaller, explore, false);
                if (report != null && !report.passed() && report.failure().rule().equals(rule)) {
                    best = smaller;
                    break;
                }
            }
        }
        Report last = Explorer.explore(target.program(best, Rules.of(options)),
                explore.withTokenFile(options.explore().tokenFile()), Explorer.Progress.NONE);
        if (last.passed()) {
            throw new ExplorerException(target.name + ": a failing schedule did not fail when its program was explored "
                    + "again; it failed with: " + found.failure().message());
        }
        String unshrunk = best == plan || isOver() ? last.unshrunk() : unshrunk(plan, explore, last.unshrunk());
        if (isOver()) {
            notes.add("shrinking has ended early, as the time was over; there may be a smaller program");
        }
        notes.addAll(last.notes());
        int before = plan.calls().size();
        int after = best.calls().size();
        String shrinking = "in program " + programs + " of seed " + options.seed() + ", in "
                + (found.failedSchedule() == 0 ? "run " + found.surveyed() + " of those before its first schedule"
                : "its schedule " + found.failedSchedule()) + "; " + (before == after
                ? "its " + before + " calls are all needed" : "of its " + before + " calls " + after
                + " are left after shrinking") + ", and " + last.switches()
                + (last.switches() == 1 ? " forced switch" : " forced switches");
        return report(last, shrinking, unshrunk);
    }

    /** {@return the token of the failing run of the program as it was drawn; another one if it can't be had} */
    private String unshrunk(Plan drawn, ExploreOptions explore, String otherwise) {
        long left = end == 0 ? Long.MAX_VALUE : Math.max(1, end - System.nanoTime());
        try {
            Report report = Explorer.explore(target.program(drawn, Rules.of(options)),
                    explore.withShrink(false).withBudget(left), ofOne(false));
            return report.token() == null ? otherwise : report.token();
        } catch (ExplorerException e) {
            return otherwise; // the failure has been found and shrunk: it is told all the same
        }
    }

    private LinearReport report(Report last, String shrinking, String unshrunk) {
        boolean hasFailed = last != null;
        String claim;
        if (hasFailed) {
            claim = "found: " + last.failure().rule();
        } else if (complete && options.explore().isExhaustive()) {
            claim = (programs == 1 ? "for this program" : "for each of these " + programs + " programs")
                    + ", and for no other: " + String.join("; or ", claims);
        } else {
            claim = "nothing found; that proves nothing about the programs and the runs that were not made";
        }
        String size = " of " + options.threads() + " threads with " + options.operations()
                + (options.operations() == 1 ? " operation" : " operations") + " each";
        return new LinearReport(target.name, options.explore().strategy(), options.seed(), programs, size, schedules,
                steps, cut, claim, hasFailed ? last.failure() : null, shrinking,
                hasFailed ? last.token() : null, unshrunk,
                hasFailed ? last.lines() : List.of(), new ArrayList<>(notes));
    }
}
