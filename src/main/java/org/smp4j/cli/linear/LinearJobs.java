package org.smp4j.cli.linear;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.cli.job.JobProcess;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.terminal.StopRequest;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.HostException;
import org.smp4j.linear.LinearOptions;
import org.smp4j.linear.check.Linearizability;

/** Explores the programs of a check in several processes, each of which asks for the next program. */
final class LinearJobs implements Linearizability.Workers, AutoCloseable {
    private static final int FOR_EACH = 8; // programs in a round
    private static final String REPORT = "report ";
    private static final String ERROR = "error ";
    private static final String SHORT = "short ";

    private final int count;
    private final List<String> arguments;
    private final StopRequest stop;
    private final long end; // on System.nanoTime(); 0 for none
    private final List<Process> jobs = new ArrayList<>();

    LinearJobs(int count, List<String> arguments, StopRequest stop, long budgetNanos) {
        this.count = count;
        end = budgetNanos == Long.MAX_VALUE ? 0 : System.nanoTime() + budgetNanos;
        this.arguments = arguments;
        this.stop = stop;
    }

    /** The main loop of one of several processes: explores each program that it reads, until its input ends. */
    static void serve(Session session, Linearizability.Target target, LinearOptions options) {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line; (line = in.readLine()) != null; ) {
                String[] words = line.split(" ", 2);
                session.out().println(explore(session, target, options, words[1], Long.parseLong(words[0])));
                session.out().flush();
            }
        } catch (IOException e) {
            throw new ExplorerException("the coordinator is gone: " + e.getMessage(), e);
        }
    }

    private static String explore(Session session, Linearizability.Target target, LinearOptions options, String program,
            long number) {
        try {
            return REPORT + Json.line(Linearizability.explore(target, options, program, number,
                    session.untilStopped()));
        } catch (ExplorerException e) {
            return ERROR + Json.line(e.getMessage());
        } catch (HostException e) {
            return SHORT + Json.line(e.getMessage());
        }
    }

    private boolean over() {
        return stop.made() || end != 0 && System.nanoTime() - end >= 0;
    }

    @Override
    public int round() {
        return FOR_EACH * count;
    }

    @Override
    public List<Report> explore(List<String> programs, long first) {
        start();
        Object[] results = new Object[programs.size()]; // a report, or an exception; read after join
        AtomicInteger next = new AtomicInteger();
        List<Thread> threads = jobs.stream().map(job -> Thread.ofPlatform().daemon().name("job").start(() -> {
            PrintWriter in = new PrintWriter(new OutputStreamWriter(job.getOutputStream(), StandardCharsets.UTF_8),
                    true);
            BufferedReader out = job.inputReader(StandardCharsets.UTF_8);
            for (int i; !over() && (i = next.getAndIncrement()) < results.length; ) {
                in.println(first + i + " " + programs.get(i));
                results[i] = answer(out, programs.get(i));
            }
        })).toList();
        try {
            for (Thread thread : threads) {
                while (thread.isAlive()) {
                    thread.join(200);
                    if (over()) {
                        close();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExplorerException("interrupted", e);
        }
        List<Report> reports = new ArrayList<>();
        for (Object result : results) { // what comes after a failure does not matter
            if (result instanceof RuntimeException e && !over()) {
                throw e;
            }
            Report report = result instanceof Report made ? made : null;
            reports.add(report);
            if (report != null && !report.passed()) {
                break;
            }
        }
        return reports.size() == results.length ? reports : padded(reports, results.length);
    }

    private static List<Report> padded(List<Report> reports, int size) {
        return Arrays.asList(reports.toArray(new Report[size]));
    }

    private static Object answer(BufferedReader out, String program) {
        try {
            String line = out.readLine();
            if (line == null) {
                return new ExplorerException("one of the jobs ended without a report on " + program);
            }
            String text = line.substring(line.indexOf(' ') + 1);
            return line.startsWith(REPORT) ? Json.report(text) : line.startsWith(SHORT)
                    ? new HostException(Json.text(text), null) : new ExplorerException(Json.text(text));
        } catch (IOException e) {
            return new ExplorerException("a job can't be heard: " + e.getMessage(), e);
        }
    }

    private void start() {
        try {
            while (jobs.size() < count) {
                jobs.add(new ProcessBuilder(JobProcess.command(arguments))
                        .redirectError(ProcessBuilder.Redirect.INHERIT).start());
            }
        } catch (IOException e) {
            throw new ExplorerException("a job can't be started: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        jobs.forEach(Process::destroyForcibly);
    }
}
