package org.smp4j.explore.peers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;

/**
 * The programs whose sources lie below a folder: each class with a {@code main}. They are compiled as they are.
 *
 * @param types the binary names of their classes, in order
 * @param classes where their classes are
 */
public record Mains(List<String> types, Path classes) {
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Pattern MAIN = Pattern.compile("public static void main\\(String ?\\[\\] ?args\\)");

    /**
     * Finds and compiles the programs.
     *
     * @param folder their sources
     * @param classes where their classes go
     * @return the programs
     * @throws IOException if a file can't be read
     */
    public static Mains compiled(Path folder, Path classes) throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(folder)) {
            sources = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
        List<String> args = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString()));
        List<String> types = new ArrayList<>();
        for (Path source : sources) {
            args.add(source.toString());
            String text = Files.readString(source);
            Matcher named = PACKAGE.matcher(text);
            if (MAIN.matcher(text).find()) {
                types.add((named.find() ? named.group(1) + "." : "")
                        + source.getFileName().toString().replace(".java", ""));
            }
        }
        if (sources.isEmpty() || ToolProvider.getSystemJavaCompiler()
                .run(null, OutputStream.nullOutputStream(), null, args.toArray(String[]::new)) != 0) {
            throw new IllegalArgumentException("there are no programs below " + folder + ", or they don't compile");
        }
        return new Mains(types, classes);
    }

    /**
     * Loads a program to explore it.
     *
     * @param type the binary name of its class
     * @return the program, as a user's is loaded by default
     */
    public LoadedProgram load(String type) {
        try {
            URL[] path = {URI.create(classes.toUri() + "/").normalize().toURL()};
            return new LoadedProgram(type, RewriteOptions.defaults(),
                    new URLClassLoader(path, Mains.class.getClassLoader()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The class's name without its package.
     *
     * @param type the binary name of a class
     * @return its simple name
     */
    public static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }
}
