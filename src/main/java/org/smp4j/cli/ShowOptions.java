package org.smp4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.terminal.Terminal;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.report.ReportForm;
import org.smp4j.explore.run.Program;
import org.smp4j.page.RunPage;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options that say how a failing run is shown. */
final class ShowOptions {
    @Option(names = "--all", description = "show all steps in which threads meet, in columns, not the story of the "
            + "failure")
    private boolean all;

    @Option(names = "--html", paramLabel = "FILE",
            description = "write a page to step through the failing run: one file, without network")
    private Path html;

    @Option(names = "--width", hidden = true)
    private Integer width;

    ReportForm form() {
        int columns = width != null ? width : Terminal.outputWidth();
        return new ReportForm(columns > 0 ? columns : ReportForm.DEFAULT.width(), all);
    }

    /** {@return these options as command-line arguments of a job} */
    List<String> arguments() {
        String columns = "--width=" + form().width();
        return all ? List.of(columns, "--all") : List.of(columns);
    }

    /** Checks before the work that the page can be written. */
    void check(CommandSpec spec) {
        if (html != null) {
            try {
                OutputFiles.check(html);
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), "--html: can't write " + OutputFiles.what(e), e);
            }
        }
    }

    /** Writes the page of a failure, if one is asked for. The report has already been shown. */
    void write(CommandSpec spec, Program program, Report report) {
        if (html != null && report.token() != null) {
            Main main = Main.of(spec);
            Explorer.Progress progress = new Explorer.Progress() {
                @Override
                public boolean at(long schedules, long distinct, long steps) {
                    return !main.stop().made();
                }

                @Override
                public boolean stopped() {
                    return main.stop().made();
                }
            };
            main.screen().remark(RunPage.writeOrSay(program, report, html, progress));
        }
    }
}
