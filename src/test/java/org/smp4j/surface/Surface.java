package org.smp4j.surface;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.smp4j.Machine;

/**
 * Every public method and constructor of the tower, by a name such as {@code Smp.smpCallFunction(SmpCallFunc, Object,
 * boolean)}.
 */
final class Surface {
    private static final Pattern TOWER =
            Pattern.compile("org\\.smp4j\\.((lib|cpu|call|sched|stop|hotplug)\\.)?[A-Z][\\w$]*");

    private Surface() {
    }

    static Map<String, Executable> all() {
        Map<String, Executable> all = new TreeMap<>();
        try {
            Path root = Path.of(Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (Stream<Path> files = Files.walk(root)) {
                files.map(file -> root.relativize(file).toString()).filter(name -> name.endsWith(".class"))
                        .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                        .filter(name -> TOWER.matcher(name).matches()).forEach(name -> add(all, name));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    private static void add(Map<String, Executable> all, String name) {
        Class<?> type;
        try {
            type = Class.forName(name, false, Machine.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
            if (!Modifier.isPublic(outer.getModifiers())) {
                return;
            }
        }
        Stream.of(type.getDeclaredConstructors(), type.getDeclaredMethods()).<Executable>flatMap(Arrays::stream)
                .filter(each -> Modifier.isPublic(each.getModifiers()) && !each.isSynthetic())
                // the rest is for users to implement
                .filter(each -> !type.isInterface() || Modifier.isStatic(each.getModifiers()))
                .forEach(each -> all.put(name(each), each));
    }

    static String name(Executable each) {
        String[] parameters = Arrays.stream(each.getParameterTypes()).map(Class::getSimpleName).toArray(String[]::new);
        return shortName(each) + "(" + String.join(", ", parameters) + ")";
    }

    /** {@return the name without the parameters} */
    static String shortName(Executable each) {
        AnnotatedElement constructor = each instanceof java.lang.reflect.Constructor<?> ? each : null;
        return each.getDeclaringClass().getSimpleName() + "." + (constructor == null ? each.getName() : "new");
    }
}
