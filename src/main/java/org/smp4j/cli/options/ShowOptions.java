package org.smp4j.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.terminal.Terminal;
import org.smp4j.explore.Report;
import org.smp4j.explore.report.ReportForm;
import org.smp4j.explore.report.Story;
import org.smp4j.explore.run.Program;
import org.smp4j.page.RunPage;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options that say how a failing run is shown. */
public final class ShowOptions {
    @Option(names = "--all", description = "show all steps in which threads meet, in columns, not the story of the "
            + "failure")
    private boolean all;

    @Option(names = "--html", paramLabel = "FILE",
            description = "write a page to step through the failing run: one file, without network "
            + "(explore: CLASS.html, beside the token)")
    private Path html;

    @Option(names = "--width", hidden = true)
    private Integer width;

    private int columns() {
        return width != null ? width : Terminal.outputWidth();
    }

    /** {@return a report as text: for a terminal, every line of it but the token fits} */
    public String text(Report report) {
        return columns() > 0 ? report.text(form().width()) : report.text();
    }

    /** {@return a line of text, or the lines into which it is broken on a terminal} */
    public String text(String line) {
        return columns() > 0 ? String.join("\n", Story.wrapped(line, "", form().width())) : line;
    }

    /** {@return how much of a run a report shows, and how wide} */
    public ReportForm form() {
        int columns = columns();
        return new ReportForm(columns > 0 ? columns : ReportForm.DEFAULT.width(), all);
    }

    /** {@return these options as command-line arguments of a job} */
    public List<String> arguments() {
        String columns = "--width=" + form().width();
        return all ? List.of(columns, "--all") : List.of(columns);
    }

    /** Checks before the work that the page can be written. */
    public void check(CommandSpec spec) {
        if (html != null) {
            try {
                OutputFiles.check(html);
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), "--html: can't write " + OutputFiles.what(e), e);
            }
        }
    }

    /** Writes the page of a failure, if one is asked for. The report has already been shown. */
    public void write(CommandSpec spec, Program program, Report report) {
        write(spec, program, report, null);
    }

    /** As {@link #write(CommandSpec, Program, Report)}, into another file if none is named; null for no page then. */
    public void write(CommandSpec spec, Program program, Report report, Path otherwise) {
        Path file = html == null ? otherwise : html;
        Session session = Session.of(spec);
        boolean isWanted = html != null || !session.stop().made(); // what is told unasked must not delay the end
        if (file != null && report.token() != null && isWanted) {
            session.screen().remark(RunPage.writeOrSay(program, report, file, session.untilStopped()));
        }
    }

    /** Writes the page of the run that a token stands for, if one is asked for. */
    public void write(CommandSpec spec, Program program, String token) {
        if (html != null) {
            Session session = Session.of(spec);
            session.screen().remark(RunPage.writeOrSay(program, token, html, session.untilStopped()));
        }
    }

    /** {@return the file for the page that belongs to the file of a token} */
    public static Path beside(Path token) {
        return token.resolveSibling(token.getFileName().toString().replaceFirst("\\.token$", "") + ".html");
    }
}
