package org.smp4j.cli.fuzz;

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
import java.util.concurrent.atomic.AtomicReference;
import org.smp4j.cli.job.JobProcess;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.HostException;
import org.smp4j.fuzz.ProgramExplorer;
import org.smp4j.fuzz.ProgramResult;
import org.smp4j.fuzz.program.Program;

/** Explores the programs of a campaign: in this process, or in several, each of which asks for the next program. */
final class FuzzJobs implements AutoCloseable {
    /** One process. */
    private static final class Job {
        final Process process;
        final PrintWriter in;
        final BufferedReader out;

        Job(List<String> command) throws IOException {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            in = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        ProgramResult explore(Program program) throws IOException {
            in.println(program.text());
            String line = out.readLine();
            return line == null ? null : Json.programResult(line);
        }

        /** Whether it has ended since its JVM is short of memory; it has said so itself. */
        boolean isShort() throws IOException {
            try {
                return process.waitFor() == ExitCode.BROKEN;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /** At most 33 MB are live; without a limit a JVM may take a quarter of the host's memory. */
    private static final String HEAP = "-Xmx256m";

    private final int count;
    private final ProgramExplorer own;
    private final List<String> arguments;
    private final FuzzProgress progress;
    private final List<Job> jobs = new ArrayList<>();

    FuzzJobs(int count, ProgramExplorer own, List<String> arguments, FuzzProgress progress) {
        this.count = count;
        this.own = own;
        this.arguments = arguments;
        this.progress = progress;
    }

    /** The main loop of one of several processes: explores each program that it reads, until its input ends. */
    static void serve(Session session, ProgramExplorer explorer) {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line; (line = in.readLine()) != null; ) {
                session.out().println(Json.line(explorer.explore(Program.parse(line))));
                session.out().flush();
            }
        } catch (IOException e) {
            throw new ExplorerException("the coordinator is gone: " + e.getMessage(), e);
        }
    }

    List<ProgramResult> explore(List<Program> programs) {
        ProgramResult[] results = new ProgramResult[programs.size()];
        if (count == 1) {
            for (int i = 0; i < results.length && progress.within(i); i++) {
                ProgramResult result = own.explore(programs.get(i));
                results[i] = progress.stopped() ? null : result;
            }
            return Arrays.asList(results);
        }
        start();
        AtomicInteger next = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        AtomicReference<String> shortage = new AtomicReference<>();
        for (Job job : jobs) {
            threads.add(Thread.ofPlatform().daemon().name("job").start(() -> {
                try {
                    for (int i; progress.within(done.get()) && (i = next.getAndIncrement()) < results.length; ) {
                        ProgramResult result = job.explore(programs.get(i));
                        if (result == null && !progress.stopped() && job.isShort()) {
                            shortage.compareAndSet(null, "the JVM of a job has failed, as it says above; it was "
                                    + "exploring " + programs.get(i));
                            return;
                        }
                        if (result == null && !progress.stopped()) {
                            throw new IOException("it ended without a result for " + programs.get(i));
                        }
                        results[i] = progress.stopped() ? null : result; // read after join
                        done.incrementAndGet();
                    }
                } catch (IOException e) {
                    synchronized (errors) {
                        errors.add(e.getMessage());
                    }
                }
            }));
        }
        try {
            for (Thread thread : threads) {
                while (thread.isAlive()) {
                    thread.join(200);
                    if (!progress.within(done.get()) && progress.stopped()) {
                        close();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExplorerException("interrupted", e);
        }
        if (shortage.get() != null && !progress.stopped()) {
            throw new HostException(shortage.get(), null);
        }
        if (!errors.isEmpty() && !progress.stopped()) {
            throw new ExplorerException("one of the jobs failed: " + errors.getFirst());
        }
        return Arrays.asList(results);
    }

    private void start() {
        try {
            while (jobs.size() < count) {
                List<String> command = JobProcess.command(HEAP, arguments);
                command.add("--job");
                jobs.add(new Job(command));
            }
        } catch (IOException e) {
            throw new ExplorerException("a job can't be started: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        jobs.forEach(job -> job.process.destroyForcibly());
    }
}
