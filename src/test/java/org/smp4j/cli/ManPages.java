package org.smp4j.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the sources of the manual pages, in AsciiDoc, from the command line that picocli knows. */
final class ManPages {
    private ManPages() {
    }

    /**
     * Writes a page for each command.
     *
     * @param args the folder
     * @throws IOException if a page can't be written
     */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        write(folder.toFile());
    }

    static List<CommandSpec> write(File folder) throws IOException {
        List<CommandSpec> all = new ArrayList<>();
        collect(Main.model(), all);
        int code = ManPageGenerator.generateManPage(folder, null, new boolean[0], true,
                all.toArray(CommandSpec[]::new));
        if (code != 0) {
            throw new IOException("the generator of manual pages ended with " + code);
        }
        return all;
    }

    private static void collect(CommandLine line, List<CommandSpec> all) {
        all.add(line.getCommandSpec());
        line.getSubcommands().values().forEach(each -> collect(each, all));
    }
}
