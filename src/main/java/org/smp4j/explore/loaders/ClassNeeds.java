package org.smp4j.explore.loaders;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The classes that a class file names.
 *
 * @param name its own binary name
 * @param parents its superclass and its interfaces
 * @param named all that it may need when it runs
 */
public record ClassNeeds(String name, List<String> parents, Set<String> named) {
    /** Class names in descriptors, and by themselves. */
    private static final Pattern NAME = Pattern.compile("(?<=^|L)[^;\\[(<.:]+(?=;|$)");

    /**
     * Reads a class file.
     *
     * @param name the name that its definer expects, for messages; may be null
     * @param file the class file
     * @return what it names
     * @throws ClassFormatError if it is damaged
     */
    public static ClassNeeds of(String name, byte[] file) {
        try {
            ClassModel model = ClassFile.of().parse(file);
            List<String> parents = new ArrayList<>();
            model.superclass().map(ClassNeeds::binaryName).ifPresent(parents::add);
            model.interfaces().forEach(type -> parents.add(binaryName(type)));
            Set<String> named = new HashSet<>();
            for (PoolEntry entry : model.constantPool()) {
                if (entry instanceof Utf8Entry text) {
                    Matcher found = NAME.matcher(text.stringValue());
                    while (found.find()) {
                        named.add(found.group().replace('/', '.'));
                    }
                }
            }
            return new ClassNeeds(binaryName(model.thisClass()), List.copyOf(parents), Set.copyOf(named));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ClassFormatError(name + ": " + e.getMessage());
        }
    }

    private static String binaryName(ClassEntry type) {
        return type.asInternalName().replace('/', '.');
    }
}
