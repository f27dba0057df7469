package org.smp4j.cli.campaign;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.smp4j.campaign.Merge;
import org.smp4j.cli.job.JobProcess;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.terminal.ProgressLine;
import org.smp4j.explore.model.ExplorerException;

/** Runs the missing shards of a campaign in processes of this machine, a few at a time. */
final class LocalShards {
    private static final long POLL_MILLIS = 50;

    private record Running(int shard, Process process) {
    }

    private final Session session;
    private final CampaignCommand.Plan plan;
    private final int jobs;

    LocalShards(Session session, CampaignCommand.Plan plan, int jobs) {
        this.session = session;
        this.plan = plan;
        this.jobs = jobs;
    }

    /** {@return the exit code: 0 if all shards are there now, 3 if a process of a shard has failed} */
    int run() {
        List<Running> running = new ArrayList<>();
        List<Integer> failed = new ArrayList<>();
        boolean broken = false;
        try (ProgressLine line = new ProgressLine(session.screen(), plan.manifest().name(), true)) {
            List<Integer> waiting = new ArrayList<>();
            Merge.of(plan.folder(), plan.manifest()).missing().forEach(missing -> waiting.add(missing.shard()));
            int all = waiting.size();
            while ((!waiting.isEmpty() || !running.isEmpty()) && !session.stop().made()) {
                while (running.size() < jobs && !waiting.isEmpty()) {
                    running.add(start(waiting.removeFirst()));
                }
                for (Running each : List.copyOf(running)) {
                    if (!each.process.isAlive()) {
                        running.remove(each);
                        if (each.process.exitValue() != ExitCode.OK) {
                            failed.add(each.shard);
                            broken |= each.process.exitValue() == ExitCode.BROKEN;
                        }
                    }
                }
                if (line.due()) {
                    line.draw(all - waiting.size() - running.size(), all, " shards", running.size() + " running");
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (IOException e) {
            throw new ExplorerException("the shards can't be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.forEach(each -> each.process.destroyForcibly());
        }
        if (session.stop().made()) {
            session.screen().remark("smp4j campaign: stopped; run it again to go on");
            return ExitCode.FAILED;
        }
        failed.forEach(shard -> session.screen().remark("smp4j campaign: shard " + shard + " did not end in order"));
        return failed.isEmpty() ? ExitCode.OK : broken ? ExitCode.BROKEN : ExitCode.USAGE;
    }

    private Running start(int shard) throws IOException {
        List<String> command = JobProcess.command(List.of("campaign", "run-shard", Integer.toString(shard),
                "--manifest=" + plan.file()));
        return new Running(shard, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
    }
}
