package org.smp4j.fuzz;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.smp4j.Machine;
import org.smp4j.explore.model.ExplorerException;

/**
 * The classes that programs use. All are loaded before the first run: a class that a later run loads first could change
 * its steps.
 */
final class TowerClasses {
    private static final String HOUSE = "org/smp4j";
    private static final List<String> FLOORS = List.of("lib", "cpu", "call", "sched", "stop", "hotplug", "scenario",
            "scenario/oracle", "fuzz/program", "fuzz/grammar", "fuzz/production", "fuzz/run");

    private TowerClasses() {
    }

    static void load(ClassLoader loader, List<String> more) {
        try {
            URI place = Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            if (Files.isDirectory(Path.of(place))) {
                load(Path.of(place), loader);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(Path.of(place), Map.of())) {
                    load(jar.getPath("/"), loader);
                }
            }
            for (String name : more) {
                Class.forName(name, false, loader);
            }
        } catch (IOException | URISyntaxException | ClassNotFoundException e) {
            throw new ExplorerException("the classes of the tower can't be loaded: " + e.getMessage(), e);
        }
    }

    private static void load(Path root, ClassLoader loader) throws IOException, ClassNotFoundException {
        for (String floor : FLOORS) {
            load(root, HOUSE + "/" + floor, loader);
        }
        Class.forName(Machine.class.getName(), false, loader);
    }

    private static void load(Path root, String folder, ClassLoader loader) throws IOException, ClassNotFoundException {
        List<String> files;
        try (Stream<Path> list = Files.list(root.resolve(folder))) {
            files = list.map(file -> file.getFileName().toString()).sorted().toList();
        }
        for (String file : files) {
            if (file.endsWith(".class") && !file.startsWith("package-info")) {
                String name = folder.replace('/', '.') + "." + file.substring(0, file.length() - ".class".length());
                Class.forName(name, false, loader);
            }
        }
    }
}
