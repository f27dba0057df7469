package org.smp4j.cli.job;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.smp4j.cli.terminal.Terminal;

/** The command lines of processes that do a part of a command's work. */
public final class JobProcess {
    /** The entry point of smp4j, by name: its class depends on the commands, and they on this one. */
    static final String MAIN = "org.smp4j.cli.Main";

    /**
     * A terminal sends Ctrl-C to the jobs too, some of which may have just started: only the coordinator handles it.
     */
    private static final List<String> UNTOUCHED = List.of("/bin/sh", "-c", "trap '' INT TERM HUP; exec \"$@\"", "sh");
    private static final Pattern HEAP = Pattern.compile("-(Xm[sx]|mx|ms).*|-XX:[A-Za-z]*(HeapSize|RAM)[A-Za-z]*=.*");

    private JobProcess() {
    }

    /** {@return the command line of a process that does what this one does, as a job; more arguments may follow} */
    public static List<String> command(List<String> arguments) {
        return command(List.of(), arguments);
    }

    /**
     * As {@link #command(List)}, for jobs of which is known how much memory they need.
     *
     * @param heap an argument for their JVMs, unless the arguments of this one say how large its heap is
     * @param arguments the command's
     * @return the command line
     */
    public static List<String> command(String heap, List<String> arguments) {
        return command(haveHeap(ManagementFactory.getRuntimeMXBean().getInputArguments()) ? List.of() : List.of(heap),
                arguments);
    }

    /** {@return whether arguments of a JVM say how large its heap is} */
    static boolean haveHeap(List<String> jvmArguments) {
        return jvmArguments.stream().anyMatch(argument -> HEAP.matcher(argument).matches());
    }

    private static List<String> command(List<String> jvmArguments, List<String> arguments) {
        List<String> command = new ArrayList<>(UNTOUCHED);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-agent") && !argument.startsWith("-javaagent"))
                .forEach(command::add);
        command.add("-D" + Terminal.PROPERTY + "="); // its output is read by this process
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        command.addAll(arguments);
        return command;
    }
}
