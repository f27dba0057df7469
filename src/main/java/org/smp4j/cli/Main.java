package org.smp4j.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.smp4j.cli.campaign.CampaignCommand;
import org.smp4j.cli.explore.ExploreCommand;
import org.smp4j.cli.fuzz.FuzzCommand;
import org.smp4j.cli.linear.LinearCommand;
import org.smp4j.cli.litmus.LitmusCommand;
import org.smp4j.cli.races.RacesCommand;
import org.smp4j.cli.replay.ReplayCommand;
import org.smp4j.cli.selftest.SelftestCommand;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.cli.terminal.Screen;
import org.smp4j.cli.terminal.Signals;
import org.smp4j.cli.terminal.StandardOutput;
import org.smp4j.cli.terminal.StopRequest;
import org.smp4j.cli.terminal.Terminal;
import org.smp4j.cli.torture.TortureCommand;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.HostException;
import org.smp4j.explore.model.PlainText;
import org.smp4j.race.Gallery;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code smp4j}. */
@Command(name = "smp4j", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true,
        description = {"The part of the Linux kernel that lets CPUs call each other, on Java threads.%n",
            "Exits with 0 on success; 1 if a failure was found; 2 if the input is invalid or the output can't be "
            + "written; 3 if smp4j itself failed, or its JVM is short of memory. Ctrl-C and SIGTERM end a "
            + "command in order, with what it has found so far; a second one ends it at once.%n"})
public final class Main implements Session, Runnable {
    private final PrintWriter out;
    private final PrintWriter err;
    private final StopRequest stop;
    private final Screen screen;

    @Spec
    private CommandSpec spec;

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "if smp4j itself fails, show where")
    private boolean stacktrace;

    @Option(names = "--warm", description = "makes the files with which smp4j starts faster, for this JDK")
    private boolean warm;

    private Main(PrintWriter out, PrintWriter err, StopRequest stop, Screen screen) {
        this.out = out;
        this.err = err;
        this.stop = stop;
        this.screen = screen;
    }

    /**
     * Runs a command and exits: with 0 on success, 1 if a failure was found, 2 if input or output is bad, 3 if smp4j
     * itself has failed.
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
        System.setOut(System.err); // an explored program may print; this keeps reports intact
        int code = new Main(out, err, stop, screen).execute(args);
        String complaint = stdout.complaint();
        if (complaint != null) {
            screen.remark(complaint);
            code = ExitCode.USAGE;
        }
        signals.over();
        System.exit(code);
    }

    /** As {@link #main}, with streams of the caller's choice; returns the exit code. */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        return new Main(out, err, new StopRequest(), new Screen(out, err)).execute(args);
    }

    /** Runs a command, flushes all that it has printed, and turns any exception into a line. */
    private int execute(String... args) {
        if (args.length == 1 && args[0].equals("--version")) { // scripts ask for it: no model of all commands
            for (String part : new Version().getVersion()) {
                out.println(part);
            }
            out.flush();
            return ExitCode.OK;
        }
        try {
            if (args.length == 1 && args[0].equals("races")) { // no model of options that are not given
                RacesCommand.list(Gallery.all(), out);
                return ExitCode.OK;
            }
            CommandLine line = line(args);
            return line.execute(dashes(args.length > 0 && args[0].equals("torture") ? TortureCommand.options(args)
                    : args));
        } catch (Exception | Error e) {
            return failed("smp4j", e);
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** {@return the model of all commands, for manual pages} */
    static CommandLine model() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return new Main(nowhere, nowhere, new StopRequest(), new Screen(nowhere, nowhere)).line();
    }

    /**
     * {@return the model of the command that a command line starts with, or of all if it starts with none; to make only
     * the part that is needed saves much of a start}
     */
    private CommandLine line(String... args) {
        List<Class<?>> all = List.of(TortureCommand.class, ExploreCommand.class, ReplayCommand.class,
                FuzzCommand.class, RacesCommand.class, SelftestCommand.class, CampaignCommand.class,
                LinearCommand.class, LitmusCommand.class, GenerateCompletion.class);
        List<Class<?>> one = args.length == 0 ? List.of() : named(all, args[0]);
        CommandLine line = new CommandLine(this);
        (one.isEmpty() ? all : one).forEach(type -> line.addSubcommand(command(type, args)));
        if (one.isEmpty()) { // as a help command it would accept any argument
            line.getSubcommands().get("generate-completion").getCommandSpec().helpCommand(false);
        }
        return line.setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(Terminal.coloured() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setParameterExceptionHandler(this::complain)
                .setExecutionExceptionHandler((e, command, _) -> failed(command.getCommandSpec().qualifiedName(), e));
    }

    /** {@return the model of a command, with the command below it that a command line names, or with all of them} */
    private static CommandLine command(Class<?> type, String... args) {
        List<Class<?>> parts = type == RacesCommand.class ? RacesCommand.PARTS
                : type == CampaignCommand.class ? CampaignCommand.PARTS : List.of();
        List<Class<?>> one = args.length > 1 ? named(parts, args[1]) : List.of();
        CommandLine line = new CommandLine(type);
        if (args.length != 1 || named(List.of(type), args[0]).isEmpty()) { // named alone it does not use them
            (one.isEmpty() ? parts : one).forEach(part -> line.addSubcommand(new CommandLine(part)));
        }
        return line;
    }

    /** {@return the command of a name; none if there is none, or if it needs the model of all others} */
    private static List<Class<?>> named(List<Class<?>> commands, String name) {
        return commands.stream().filter(type -> type != GenerateCompletion.class
                && type.getAnnotation(Command.class).name().equals(name)).toList();
    }

    @Override
    public PrintWriter out() {
        return out;
    }

    @Override
    public StopRequest stop() {
        return stop;
    }

    @Override
    public Screen screen() {
        return screen;
    }

    /**
     * Replaces underscores in option names by dashes: the kernel writes parameters with underscores, command lines with
     * dashes.
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
        return ExitCode.USAGE;
    }

    /**
     * A scenario that can't be explored is the user's to fix, as is a heap that is too short; any other exception is a
     * bug of smp4j.
     */
    private int failed(String command, Throwable thrown) {
        Throwable e = thrown instanceof VirtualMachineError ? HostException.of(thrown) : thrown;
        if (stacktrace) {
            screen.wipe();
            e.printStackTrace(err);
        } else if (e instanceof ExplorerException || e instanceof LinkageError) {
            screen.remark(command + ": " + (e instanceof ExplorerException ? "" : e.getClass().getSimpleName() + ": ")
                    + oneLine(e.getMessage()));
        } else if (e instanceof HostException) {
            screen.remark(command + ": " + oneLine(e.getMessage()));
        } else {
            screen.remark(command + ": failed unexpectedly: " + oneLine(e.toString()) + "; --stacktrace shows where");
        }
        return e instanceof ExplorerException || e instanceof LinkageError ? ExitCode.USAGE : ExitCode.BROKEN;
    }

    private static String oneLine(String message) {
        return message == null ? "" : PlainText.of(message.lines().collect(Collectors.joining(" ")));
    }

    @Override
    public void run() {
        if (warm) {
            Training.run();
            return;
        }
        ParseResult result = spec.commandLine().getParseResult();
        throw new ParameterException(spec.commandLine(), "a command is missing"
                + (result.originalArgs().isEmpty() ? "" : " in " + result.originalArgs()));
    }
}
