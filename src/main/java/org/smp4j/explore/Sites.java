package org.smp4j.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All sites of the classes that were loaded to be explored, and the names of the fields that they reach. One table for the JVM; grows only. */
public final class Sites {
    private static final List<Site> ALL = new ArrayList<>();
    private static final Map<String, Integer> FIELDS = new HashMap<>();
    private static final List<String> FIELD_NAMES = new ArrayList<>();

    // Written by: add(), under the class's lock. Read by: the explorer's strands at every access.
    // Ordering: plain; a class is loaded, and its sites added, before its code runs on the same thread.
    private static int[] modes = new int[1024];
    private static int[] fields = new int[1024];

    private Sites() {
    }

    /**
     * Adds a site.
     *
     * @param owner the binary name of the class
     * @param method the method
     * @param file the source file, or null
     * @param line the line, or 0
     * @param operation what is done there
     * @param target what it is done to
     * @param mode bits of {@link Access}
     * @return its number, which the rewritten code passes to {@link Hooks}
     */
    public static synchronized int add(String owner, String method, String file, int line, String operation, String target, int mode) {
        int id = ALL.size();
        if (id == modes.length) {
            modes = Arrays.copyOf(modes, 2 * id);
            fields = Arrays.copyOf(fields, 2 * id);
        }
        modes[id] = mode;
        fields[id] = field(target);
        ALL.add(new Site(id, owner, method, file, line, operation, target, fields[id], mode));
        return id;
    }

    /**
     * The number of a field, or of whatever else has a name and can be reached.
     *
     * @param name as in {@link Site#target}
     * @return its number, from 0
     */
    public static synchronized int field(String name) {
        Integer known = FIELDS.putIfAbsent(name, FIELD_NAMES.size());
        if (known == null) {
            FIELD_NAMES.add(name);
            return FIELD_NAMES.size() - 1;
        }
        return known;
    }

    /**
     * The name of a field.
     *
     * @param field its number
     * @return the name
     */
    public static synchronized String fieldName(int field) {
        return FIELD_NAMES.get(field);
    }

    /** {@return how many fields have a number} */
    public static synchronized int fieldCount() {
        return FIELD_NAMES.size();
    }

    /**
     * A site by its number.
     *
     * @param id the number
     * @return the site
     */
    public static synchronized Site get(int id) {
        return ALL.get(id);
    }

    /** {@return how many sites there are} */
    public static synchronized int count() {
        return ALL.size();
    }

    static int modeOf(int site) {
        return modes[site];
    }

    static int fieldOf(int site) {
        return fields[site];
    }
}
