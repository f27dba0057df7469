package org.smp4j.cli.torture;

import java.io.IOException;
import java.nio.file.Path;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.terminal.Screen;
import org.smp4j.lib.Printk;
import org.smp4j.page.TorturePage;
import org.smp4j.torture.ScfStatistics;
import org.smp4j.torture.TortureObserver;
import org.smp4j.torture.TortureResult;
import org.smp4j.torture.record.TortureRecord;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The option that writes the page of a torture run. */
final class TorturePageOption {
    @Option(names = "--html", paramLabel = "FILE",
            description = "write a page: rates over time, latencies of each primitive, how long CPUs take to come and "
            + "go, warnings. The calls are timed for it")
    private Path file;

    private TortureRecord record; // null: no page is wanted

    /** Checks before the work that the page can be written. */
    void check(CommandSpec spec) {
        if (file != null) {
            try {
                OutputFiles.check(file);
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), "--html: can't write " + OutputFiles.what(e), e);
            }
            record = new TortureRecord();
        }
    }

    Printk log(Printk next) {
        return record == null ? next : record.log(next);
    }

    TortureObserver observer() {
        return record;
    }

    void sample(ScfStatistics counters) {
        if (record != null) {
            record.sample(counters);
        }
    }

    /** Writes the page, if one is wanted. Returns whether that succeeded. */
    boolean write(CommandSpec spec, TortureResult result) {
        if (record == null) {
            return true;
        }
        Screen screen = Session.of(spec).screen();
        record.sample(result.statistics());
        try {
            TorturePage.write(record, result, "smp4j "
                    + String.join(" ", spec.root().commandLine().getParseResult().originalArgs()), file);
            screen.remark("page written to " + file);
            return true;
        } catch (IOException e) {
            screen.remark("the page could not be written: " + OutputFiles.what(e));
            return false;
        }
    }
}
