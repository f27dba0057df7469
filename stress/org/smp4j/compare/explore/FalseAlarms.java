package org.smp4j.compare.explore;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Timeouts;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Verdict;

/**
 * What the explorer says of the project's own small programs, which bear their verdict, by which timeouts may fire
 * early and by whether waits may end without a cause: how many correct programs fail, how many wrong ones are found.
 */
public final class FalseAlarms {
    private static final String[] PACKAGES = {"org.smp4j.explore.juc", "org.smp4j.explore.verdict"};
    private static final int SCHEDULES = 500;
    private static final Set<Verdict> UNCOUNTED = Set.of(Verdict.REFUSAL, Verdict.RACE, Verdict.NO_RACE);

    private FalseAlarms() {
    }

    private static List<Class<?>> programs() throws IOException, ReflectiveOperationException {
        Path root = Path.of(URI.create(Gives.class.getProtectionDomain().getCodeSource().getLocation()
                .toString()));
        List<Class<?>> programs = new ArrayList<>();
        for (String name : PACKAGES) {
            try (Stream<Path> files = Files.list(root.resolve(name.replace('.', '/')))) {
                for (Path file : files.sorted().toList()) {
                    String simple = file.getFileName().toString();
                    if (simple.endsWith(".class")) {
                        Class<?> type = Class.forName(name + "." + simple.substring(0, simple.length() - 6), false,
                                FalseAlarms.class.getClassLoader());
                        if (type.isAnnotationPresent(Gives.class)) {
                            programs.add(type);
                        }
                    }
                }
            }
        }
        return programs;
    }

    /** {@return whether a failure is found; null for a program that is refused} */
    private static Boolean fails(Class<?> program, Leeway leeway) {
        try {
            Report report = Explorer.probe(new LoadedProgram(program.getName(), RewriteOptions.defaults(),
                    FalseAlarms.class.getClassLoader()), ExploreOptions.DEFAULT.withSchedules(SCHEDULES)
                    .withLeeway(leeway), Explorer.Progress.NONE);
            return !report.passed();
        } catch (ExplorerException e) {
            return null;
        }
    }

    /** {@return whether a program that passes does so by itself, and not because its test allows less than usual} */
    private static boolean isCorrect(Gives gives) {
        return gives.timeouts() == Timeouts.SHORT && !gives.spurious() && !gives.random();
    }

    private static void row(List<Class<?>> programs, Timeouts timeouts, boolean spurious) {
        Leeway leeway = new Leeway(timeouts, spurious, false);
        int correct = 0;
        int wrong = 0;
        int found = 0;
        List<String> alarms = new ArrayList<>();
        for (Class<?> program : programs) {
            Gives gives = program.getAnnotation(Gives.class);
            Verdict verdict = gives.value();
            Boolean fails = UNCOUNTED.contains(verdict) || verdict == Verdict.PASS && !isCorrect(gives) ? null
                    : fails(program, leeway);
            if (fails == null) {
                continue;
            }
            if (verdict != Verdict.PASS) {
                wrong++;
                found += fails ? 1 : 0;
            } else {
                correct++;
                if (fails) {
                    alarms.add(program.getSimpleName());
                }
            }
        }
        System.out.printf("%-30s %3d of %3d correct programs fail, %3d of %3d wrong ones  %s%n",
                "--timeouts " + timeouts.name().toLowerCase(Locale.ROOT) + (spurious ? " --spurious" : ""),
                alarms.size(), correct, found, wrong, String.join(", ", alarms));
    }

    /**
     * Prints the table.
     *
     * @param args nothing
     * @throws IOException if the programs can't be listed
     * @throws ReflectiveOperationException if one can't be loaded
     */
    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        List<Class<?>> programs = programs();
        for (Timeouts timeouts : Timeouts.values()) {
            row(programs, timeouts, false);
            row(programs, timeouts, true);
        }
    }
}
