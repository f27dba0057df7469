package org.smp4j.cli.campaign;

import java.nio.file.Path;
import org.smp4j.campaign.Shard;
import org.smp4j.campaign.work.Host;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.terminal.ProgressLine;
import org.smp4j.cli.terminal.StopRequest;

/** Shows the progress of a shard on a terminal, and ends it when the command should end. */
final class CampaignProgress implements Host, Shard.Progress, AutoCloseable {
    private final ProgressLine line;
    private final StopRequest stop;
    private final Path folder;
    private int done;
    private int units;
    private String title = "";

    CampaignProgress(Session session, Path folder, String task) {
        line = new ProgressLine(session.screen(), task, true);
        stop = session.stop();
        this.folder = folder;
    }

    @Override
    public void at(int ended, int of, String work) {
        done = ended;
        units = of;
        title = work;
        line.draw(done, units, " units", title);
    }

    @Override
    public boolean at(long schedules, long distinct, long steps) {
        if (line.due()) {
            line.draw(done, units, " units", title + ": " + schedules + " schedules");
        }
        return !stop.made();
    }

    @Override
    public boolean stopped() {
        return stop.made();
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        line.close();
    }
}
