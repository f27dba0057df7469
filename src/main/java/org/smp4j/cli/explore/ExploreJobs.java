package org.smp4j.cli.explore;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.smp4j.cli.job.JobProcess;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.terminal.StopRequest;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.HostException;
import org.smp4j.explore.run.Program;

/**
 * One exploration in several processes. Each process explores a range of the schedules, in order. The failure with the
 * lowest schedule counts, with all that was explored up to it, so that the report is that of a single process.
 */
final class ExploreJobs {
    private static final List<String> EXHAUSTIVE = List.of("dpor", "sleep-sets", "bound");
    private static final String STEP = "at ";
    private static final String SEEN = "seen ";
    private static final String REPORT = "report ";
    private static final String ERROR = "error ";
    private static final String SHORT = "short ";
    private static final int PERIOD_MILLIS = 200;
    /** The largest count that one process keeps exactly. */
    private static final long MOST_DISTINCT = 1 << 19;

    /** One process, and what it has reported so far. */
    private static final class Job {
        final Process process;
        final Thread reader;

        // Written by: its reader. Read by: the coordinator, for the progress bar. Ordering: volatile.
        private volatile long[] counts = new long[3];

        // Written by: its reader, before the report. Read by: the coordinator, when the reader has ended. Ordering:
        // volatile.
        private volatile long[] seen = new long[0];

        // Written by: its reader. Read by: the coordinator. Ordering: volatile.
        private volatile Report report;

        // Written by: its reader. Read by: the coordinator, when the reader has ended. Ordering: volatile.
        private volatile String error;

        // Written by: its reader. Read by: the coordinator, when the reader has ended. Ordering: volatile.
        private volatile String shortage; // of memory

        Job(List<String> command) throws IOException {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            reader = Thread.ofPlatform().daemon().name("job").start(this::read);
        }

        private void read() {
            try (BufferedReader in = new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line; (line = in.readLine()) != null;) {
                    if (line.startsWith(STEP)) {
                        counts = numbers(line, STEP);
                    } else if (line.startsWith(SEEN)) {
                        seen = numbers(line, SEEN);
                    } else if (line.startsWith(REPORT)) {
                        report = Json.report(line.substring(REPORT.length()));
                    } else if (line.startsWith(ERROR)) {
                        error = Json.text(line.substring(ERROR.length()));
                    } else if (line.startsWith(SHORT)) {
                        shortage = Json.text(line.substring(SHORT.length()));
                    }
                }
            } catch (JsonProcessingException e) {
                error = "a job's report can't be read: " + e.getOriginalMessage();
            } catch (IOException e) {
                error = "a job can't be heard: " + e.getMessage();
            }
        }

        private static long[] numbers(String line, String prefix) {
            return Arrays.stream(line.substring(prefix.length()).split(" ")).filter(number -> !number.isEmpty())
                    .mapToLong(number -> Long.parseLong(number, 36))
                    .toArray();
        }

        boolean over() {
            return !reader.isAlive();
        }

        /** Asks it to end with what it has found so far. */
        void stop() {
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                // It has ended.
            }
        }

        boolean failed() {
            Report made = report;
            return made != null && !made.passed();
        }
    }

    private final ExploreOptions options;
    private final int jobs;
    private final List<String> arguments;
    private final StopRequest stop;

    ExploreJobs(ExploreOptions options, int jobs, List<String> arguments, StopRequest stop) {
        this.options = options;
        this.stop = stop;
        this.jobs = (int) Math.min(jobs, options.schedules());
        this.arguments = arguments;
        if (EXHAUSTIVE.stream().anyMatch(options.strategy()::startsWith)) {
            throw new ExplorerException("strategy " + options.strategy() + " is a single search, which " + jobs
                    + " jobs can't share; use --jobs=1");
        }
    }

    /**
     * The main loop of one of several processes: it reports to the coordinator instead of the user, and ends when the
     * coordinator closes its input or dies.
     */
    static void serve(Session session, Program program, ExploreOptions options) {
        PrintWriter out = session.out();
        Thread.ofPlatform().daemon().name("coordinator").start(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // The coordinator is gone.
            }
            session.stop().make();
        });
        try (ExploreProgress progress = new ExploreProgress(session, "job", options, false)) {
            Report report = Explorer.explore(program, options, new Explorer.Progress() {
                private long last;

                @Override
                public boolean at(long schedules, long distinct, long steps) {
                    long now = System.nanoTime();
                    if (now - last > PERIOD_MILLIS * 1_000_000L) {
                        last = now;
                        tell(out, STEP, schedules, distinct, steps);
                    }
                    return progress.at(schedules, distinct, steps);
                }

                @Override
                public boolean stopped() {
                    return progress.stopped();
                }

                @Override
                public void explored(long[] fingerprints) {
                    tell(out, SEEN, fingerprints);
                }
            });
            out.println(REPORT + Json.line(report));
        } catch (ExplorerException e) {
            out.println(ERROR + Json.line(e.getMessage()));
        } catch (HostException e) {
            out.println(SHORT + Json.line(e.getMessage()));
        }
        out.flush();
    }

    private static void tell(PrintWriter out, String what, long... numbers) {
        out.println(Arrays.stream(numbers).mapToObj(number -> Long.toString(number, 36))
                .collect(Collectors.joining(" ", what, "")));
        out.flush();
    }

    Report explore(ExploreProgress progress) {
        List<Job> all = new ArrayList<>();
        try {
            for (int i = 0; i < jobs; i++) {
                all.add(start(i));
            }
            return merge(await(all, progress));
        } catch (IOException e) {
            throw new ExplorerException("a job can't be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExplorerException("interrupted", e);
        } finally {
            all.forEach(job -> job.process.destroyForcibly());
        }
    }

    private Job start(int number) throws IOException {
        long from = options.firstSchedule() + options.schedules() * number / jobs;
        long to = options.firstSchedule() + options.schedules() * (number + 1) / jobs;
        if (timed()) { // time decides, so no process completes its range
            from = options.firstSchedule() + options.schedules() / jobs * number;
            to = from + options.schedules() / jobs;
        }
        List<String> command = JobProcess.command(arguments);
        command.addAll(List.of("--job", "--first=" + from, "--schedules=" + (to - from)));
        return new Job(command);
    }

    /**
     * Waits for the jobs that matter: those up to the first that has failed. With a time budget, any failure ends all.
     */
    private List<Job> await(List<Job> all, ExploreProgress progress) throws InterruptedException {
        boolean told = false;
        for (;;) {
            int count = 0;
            while (count < all.size() && !all.get(count).failed()) {
                count++;
            }
            List<Job> matter = timed() ? all : all.subList(0, Math.min(count + 1, all.size()));
            if (matter.stream().allMatch(Job::over)) {
                return matter;
            }
            long[] sums = new long[3];
            for (Job job : matter) {
                Arrays.setAll(sums, i -> sums[i] + job.counts[i]);
            }
            boolean enough = !progress.at(sums[0], sums[1], sums[2]) || timed() && count < all.size();
            if (enough && !told) {
                told = true;
                all.forEach(Job::stop);
            }
            for (Job job : matter) {
                if (!job.over()) {
                    job.reader.join(PERIOD_MILLIS);
                    break;
                }
            }
        }
    }

    private boolean timed() {
        return options.budgetNanos() != Long.MAX_VALUE;
    }

    /**
     * Merges the reports. A job without a report was killed: the results of the others still count, and a note says
     * that one is missing.
     */
    private Report merge(List<Job> jobs) {
        for (Job job : jobs) {
            if (job.error != null) {
                throw new ExplorerException(job.error);
            }
        }
        String shortage = jobs.stream().map(job -> job.shortage).filter(Objects::nonNull).findFirst().orElse(null);
        if (shortage != null && jobs.stream().noneMatch(Job::failed)) {
            throw new HostException(shortage, null);
        }
        List<Job> heard = jobs.stream().filter(job -> job.report != null).toList();
        if (heard.isEmpty() || heard.size() < jobs.size() && heard.stream().noneMatch(Job::failed) && !stop.made()) {
            throw new ExplorerException(stop.made() ? "was stopped before anything was explored"
                    : "one of the jobs ended without a report");
        }
        Report what = heard.stream().filter(Job::failed).findFirst().orElse(heard.getLast()).report;
        List<String> notes = new ArrayList<>(what.notes());
        if (heard.size() < jobs.size()) {
            notes.add((jobs.size() - heard.size()) + " of " + jobs.size()
                    + " jobs ended without a report; their schedules are not counted");
        }
        long distinct = heard.stream().flatMapToLong(job -> LongStream.of(job.seen)).distinct().count();
        return new Report(what.scenario(), what.strategy(), what.seed(), what.strands(), what.memory(),
                what.surveyed(), heard.stream()
                .mapToLong(job -> job.report.schedules()).sum(),
                Math.min(distinct, MOST_DISTINCT), distinct < MOST_DISTINCT, heard.stream()
                .mapToLong(job -> job.report.steps()).sum(),
                heard.stream().mapToInt(job -> job.report.longest()).max().orElse(0), heard.stream()
                .mapToLong(job -> job.report.cut()).sum(), false,
                what.claim(), what.failure(), what.failedSchedule(), what.switches(), what.token(), what.unshrunk(),
                what.lines(), notes);
    }
}
