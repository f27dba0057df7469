package org.smp4j.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.smp4j.explore.ExplorerException;
import org.smp4j.explore.PlainText;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code smp4j}. */
@Command(name = "smp4j", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        usageHelpAutoWidth = true,
        subcommands =
        {TortureCommand.class, ExploreCommand.class, ReplayCommand.class, RacesCommand.class, SelftestCommand.class,
            GenerateCompletion.class},
        description = {"The part of the Linux kernel that lets CPUs call each other, on Java threads.%n",
            "Exits with 0 if all is well, 1 if something was found or failed, 2 if the input or the output is bad, 3 "
            + "if smp4j itself could not go on. "
            + "Ctrl-C and SIGTERM end a command in order, with what it has found so far; a second one ends it at "
            + "once.%n"})
public final class Main implements Runnable {
    /** Exit code: all is well. */
    static final int OK = 0;
    /** Exit code: the run failed. */
    static final int FAILED = 1;
    /** Exit code: the command line makes no sense, or what it names cannot be read or written. */
    static final int USAGE = 2;
    /** Exit code: this program has failed. The explorer exits with it, too, if it can't stop what it explores. */
    static final int BROKEN = 3;

    private final PrintWriter out;
    private final PrintWriter err;
    private final StopRequest stop;
    private final Screen screen;

    @Spec
    private CommandSpec spec;

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "if smp4j itself fails, show where")
    private boolean stacktrace;

    /** The version that {@code --version} shows. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"smp4j " + (version == null ? "development" : version), "JDK " + Runtime.version()};
        }
    }

    private Main(PrintWriter out, PrintWriter err, StopRequest stop, Screen screen) {
        this.out = out;
        this.err = err;
        this.stop = stop;
        this.screen = screen;
    }

    /**
     * Runs a command and exits: 0 if all went well, 1 if not, 2 if input or output is bad, 3 if this program has
     * failed.
     *
     * @param args the command line
     */
    public static void main(String... args) {
        StopRequest stop = new StopRequest();
        StandardOutput stdout = StandardOutput.of(stop);
        PrintWriter out = new PrintWriter(stdout, true, System.out.charset());
        PrintWriter err = new PrintWriter(System.err, true);
        Screen screen = new Screen(out, err);
        Signals signals = new Signals(stop, screen::remark);
        signals.install();
        System.setOut(System.err); // a program that is explored may print; reports stay whole
        int code = new Main(out, err, stop, screen).execute(args);
        String complaint = stdout.complaint();
        if (complaint != null) {
            screen.remark(complaint);
            code = USAGE;
        }
        signals.over();
        System.exit(code);
    }

    /** As {@link #main}, with streams of the caller's choice; returns the exit code. */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        return new Main(out, err, new StopRequest(), new Screen(out, err)).execute(args);
    }

    /** Whatever a command does, all that it has printed is flushed here, and all that it throws becomes a line. */
    private int execute(String... args) {
        CommandLine line = new CommandLine(this).setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(Terminal.coloured() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setParameterExceptionHandler(this::complain)
                .setExecutionExceptionHandler((e, command, _) -> failed(command.getCommandSpec().qualifiedName(), e));
        // one that is takes any argument
        line.getSubcommands().get("generate-completion").getCommandSpec().helpCommand(false);
        try {
            return line.execute(dashes(args.length > 0 && args[0].equals("torture") ? TortureCommand.options(args)
                    : args));
        } catch (Exception | Error e) {
            return failed("smp4j", e);
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** {@return the program that a command belongs to} */
    static Main of(CommandSpec spec) {
        return (Main) spec.root().userObject();
    }

    PrintWriter out() {
        return out;
    }

    StopRequest stop() {
        return stop;
    }

    Screen screen() {
        return screen;
    }

    /**
     * The kernel writes its parameters with underscores, command lines are used to dashes: options are understood with
     * both.
     */
    static String[] dashes(String... args) {
        return Arrays.stream(args).map(arg -> {
            int end = arg.indexOf('=') < 0 ? arg.length() : arg.indexOf('=');
            return arg.startsWith("--") ? arg.substring(0, end).replace('_', '-') + arg.substring(end) : arg;
        }).toArray(String[]::new);
    }

    private int complain(ParameterException e, String... args) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        screen.remark(command + ": " + oneLine(e.getMessage()) + "; see '" + command + " --help'");
        return USAGE;
    }

    /** What cannot be explored is the user's to mend, anything else is ours. */
    private int failed(String command, Throwable e) {
        if (stacktrace) {
            screen.wipe();
            e.printStackTrace(err);
        } else if (e instanceof ExplorerException || e instanceof LinkageError) {
            screen.remark(command + ": " + (e instanceof ExplorerException ? "" : e.getClass().getSimpleName() + ": ")
                    + oneLine(e.getMessage()));
        } else {
            screen.remark(command + ": failed unexpectedly: " + oneLine(e.toString()) + "; --stacktrace shows where");
        }
        return e instanceof ExplorerException || e instanceof LinkageError ? USAGE : BROKEN;
    }

    private static String oneLine(String message) {
        return message == null ? "" : PlainText.of(message.lines().collect(Collectors.joining(" ")));
    }

    @Override
    public void run() {
        ParseResult result = spec.commandLine().getParseResult();
        throw new ParameterException(spec.commandLine(), "a command is missing"
                + (result.originalArgs().isEmpty() ? "" : " in " + result.originalArgs()));
    }
}
