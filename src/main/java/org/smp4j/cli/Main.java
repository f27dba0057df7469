package org.smp4j.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The program {@code smp4j}. */
@Command(name = "smp4j", mixinStandardHelpOptions = true, versionProvider = Main.Version.class, usageHelpAutoWidth = true,
        subcommands = {TortureCommand.class, ExploreCommand.class, ReplayCommand.class, RacesCommand.class, SelftestCommand.class,
            GenerateCompletion.class},
        description = "The part of the Linux kernel that lets CPUs call each other, on Java threads.")
public final class Main implements Runnable {
    /** Exit code: all is well. */
    static final int OK = 0;
    /** Exit code: the run failed. */
    static final int FAILED = 1;
    /** Exit code: the command line makes no sense. */
    static final int USAGE = 2;

    @Spec
    private CommandSpec spec;

    /** The version that {@code --version} shows. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"smp4j " + (version == null ? "development" : version), "JDK " + Runtime.version()};
        }
    }

    private Main() {
    }

    /**
     * Runs a command and exits: 0 if all went well, 1 if not, 2 if the arguments make no sense.
     *
     * @param args the command line
     */
    public static void main(String... args) {
        int code = execute(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
        Interrupt.end(code);
        System.exit(code);
    }

    /** As {@link #main}, with streams of the caller's choice; returns the exit code. */
    static int execute(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new Main()).setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(Terminal.present() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setParameterExceptionHandler(Main::complain).execute(dashes(args));
    }

    /** The kernel writes its parameters with underscores, command lines are used to dashes: options are understood with both. */
    static String[] dashes(String... args) {
        return Arrays.stream(args).map(arg -> {
            int end = arg.indexOf('=') < 0 ? arg.length() : arg.indexOf('=');
            return arg.startsWith("--") ? arg.substring(0, end).replace('_', '-') + arg.substring(end) : arg;
        }).toArray(String[]::new);
    }

    private static int complain(ParameterException e, String... args) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        e.getCommandLine().getErr().println(command.qualifiedName() + ": " + e.getMessage().lines().findFirst().orElse("") + "; see '"
                + command.qualifiedName() + " --help'");
        return USAGE;
    }

    @Override
    public void run() {
        ParseResult result = spec.commandLine().getParseResult();
        throw new ParameterException(spec.commandLine(), "a command is missing" + (result.originalArgs().isEmpty() ? "" : " in " + result.originalArgs()));
    }
}
