package org.smp4j.race;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.smp4j.explore.run.Program;

/** Finds races: every race in a package or below it is in the gallery, without a list to maintain. */
public final class Gallery {
    private static final String PACKAGE = "org.smp4j.race.gallery";
    private static final String CLASS = ".class";

    private Gallery() {
    }

    /** {@return all races, by slug} */
    public static List<GalleryEntry> all() {
        return in(PACKAGE, Gallery.class.getClassLoader());
    }

    /**
     * A race by its name.
     *
     * @param slug the name
     * @return the race, if there is one
     */
    public static Optional<GalleryEntry> find(String slug) {
        return all().stream().filter(entry -> entry.slug().equals(slug)).findFirst();
    }

    /**
     * The variant of a race that has a program's name, for example in a token.
     *
     * @param name the slug and the variant, with a slash between
     * @return the program, if there is such a race
     */
    public static Optional<Program> program(String name) {
        int slash = name.lastIndexOf('/');
        return Stream.of(Variant.values())
                .filter(variant -> slash > 0 && name.substring(slash + 1).equals(variant.toString()))
                .flatMap(variant -> find(name.substring(0, slash)).stream().map(entry -> entry.program(variant)))
                .findFirst();
    }

    /**
     * The races of a package and of those below it.
     *
     * @param packageName the package
     * @param loader the loader of its classes
     * @return them, by slug
     */
    public static List<GalleryEntry> in(String packageName, ClassLoader loader) {
        List<GalleryEntry> entries = new ArrayList<>();
        for (String name : classesIn(packageName, loader)) {
            try {
                Class<?> type = Class.forName(name, false, loader);
                if (GalleryEntry.isRace(type)) {
                    entries.add(GalleryEntry.of(type));
                }
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(name, e);
            }
        }
        entries.sort((a, b) -> a.slug().compareTo(b.slug()));
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i).slug().equals(entries.get(i - 1).slug())) {
                throw new IllegalStateException("two races have the name " + entries.get(i).slug());
            }
        }
        return entries;
    }

    /**
     * The classes of packages, and of those below them.
     *
     * @param loader the loader of the classes
     * @param packageNames the packages
     * @return them, without those that are nested in others
     */
    public static Class<?>[] classes(ClassLoader loader, String... packageNames) {
        return Stream.of(packageNames).flatMap(each -> classesIn(each, loader).stream()).distinct().map(name -> {
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(name, e);
            }
        }).toArray(Class<?>[]::new);
    }

    private static Collection<String> classesIn(String packageName, ClassLoader loader) {
        String folder = packageName.replace('.', '/');
        Collection<String> names = new TreeSet<>();
        try {
            for (URL url : Collections.list(loader.getResources(folder))) {
                List<String> files = url.getProtocol().equals("jar") ? inJar(url, folder + "/") : inFolder(url);
                files.stream().filter(file -> file.endsWith(CLASS) && file.indexOf('$') < 0
                        && !file.endsWith("package-info" + CLASS))
                        .forEach(file -> names.add(packageName + "."
                        + file.substring(0, file.length() - CLASS.length()).replace('/', '.')));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    private static List<String> inFolder(URL url) throws IOException {
        Path folder = Path.of(URI.create(url.toString()));
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace(File.separatorChar, '/')).toList();
        }
    }

    private static List<String> inJar(URL url, String folder) throws IOException {
        try (JarFile jar = new JarFile(
                new File(URI.create(((JarURLConnection) url.openConnection()).getJarFileURL().toString())))) {
            return jar.stream().map(entry -> entry.getName()).filter(name -> name.startsWith(folder))
                    .map(name -> name.substring(folder.length())).toList();
        }
    }
}
