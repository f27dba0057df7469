package org.smp4j.explore.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.smp4j.explore.detect.FieldMeetings;
import org.smp4j.explore.hooks.Hooks;

/**
 * All sites of the classes that were loaded to be explored, and the names of the fields that they reach. One table for the JVM; a class that is rewritten once more
 * gets the numbers that it had.
 */
public final class Sites {
    /** What makes a site what it is: its place in the code, counted within its class, and what is done there. */
    private record Key(String owner, int ordinal, String method, int line, String operation, String target, int mode) {
    }

    private static final Map<Key, Integer> KNOWN = new HashMap<>();
    private static final List<Site> ALL = new ArrayList<>();
    private static final Map<String, Integer> FIELDS = new HashMap<>();
    private static final List<String> FIELD_NAMES = new ArrayList<>();

    // Written by: add(), under the class's lock. Read by: the explorer's strands at every access.
    // Ordering: plain; a class is loaded, and its sites added, before its code runs on the same thread.
    private static int[] modes = new int[1024];
    private static int[] fields = new int[1024];

    /** A plain access that has not been seen to race: it needs no decision. */
    public static final int UNSHARED = 1 << 30;
    /** A plain access to a field that strands are known to have in common: {@link FieldMeetings} need not hear of it. */
    public static final int FAMILIAR = 1 << 29;

    // By the first of the sites of a call: all of them.
    private static final Map<Integer, int[]> KINDS = new ConcurrentHashMap<>();
    private static final BitSet SHARED = new BitSet();
    private static final Set<Integer> KNOWN_SHARED = new HashSet<>();
    private static final BitSet FAMILIAR_FIELDS = new BitSet();

    private Sites() {
    }

    /** From here on accesses to this plain field are steps. */
    public static synchronized void share(int field) {
        if (!SHARED.get(field)) {
            SHARED.set(field);
            for (int id = 0; id < ALL.size(); id++) {
                if (fields[id] == field) {
                    modes[id] &= ~(UNSHARED | FAMILIAR);
                }
            }
        }
    }

    /** An exploration begins: nothing is known of any plain field. */
    public static synchronized void forgetFields() {
        FAMILIAR_FIELDS.clear();
        unshareAll();
    }

    /** No plain field is known to be shared. */
    private static void unshareAll() {
        SHARED.clear();
        KNOWN_SHARED.clear();
        for (int id = 0; id < ALL.size(); id++) {
            if ((modes[id] & Access.PLAIN) != 0) {
                modes[id] = modes[id] & ~FAMILIAR | unsharedMode(fields[id]);
            }
        }
    }

    private static int unsharedMode(int field) {
        return FAMILIAR_FIELDS.get(field) ? UNSHARED | FAMILIAR : UNSHARED;
    }

    /** From here on {@link FieldMeetings} does not hear of accesses to this plain field. */
    public static synchronized void familiar(int field) {
        FAMILIAR_FIELDS.set(field);
        for (int id = 0; id < ALL.size(); id++) {
            if (fields[id] == field && (modes[id] & UNSHARED) != 0) {
                modes[id] |= FAMILIAR;
            }
        }
    }

    /** {@return what stands for the fields that are shared, in order} */
    public static synchronized List<Integer> shared() {
        return SHARED.stream().mapToObj(Sites::fieldLabel).sorted().toList();
    }

    /** {@return the fields that are shared, by their numbers} */
    public static synchronized BitSet sharedFields() {
        return (BitSet) SHARED.clone();
    }

    /** {@return how many fields are shared} */
    public static synchronized int sharedCount() {
        return SHARED.cardinality();
    }

    /** Just these fields are shared, whenever their classes are loaded. */
    public static synchronized void share(List<Integer> labels) {
        unshareAll();
        KNOWN_SHARED.addAll(labels);
        for (int field = 0; field < FIELD_NAMES.size(); field++) {
            if (KNOWN_SHARED.contains(fieldLabel(field))) {
                share(field);
            }
        }
    }

    /**
     * Adds a site.
     *
     * @param owner the binary name of the class
     * @param ordinal which of the class's sites it is
     * @param method the method
     * @param file the source file, or null
     * @param line the line, or 0
     * @param operation what is done there
     * @param target what it is done to
     * @param mode bits of {@link Access}
     * @return its number, which the rewritten code passes to {@link Hooks}
     */
    public static synchronized int add(String owner, int ordinal, String method, String file, int line, String operation, String target, int mode) {
        int field = field(target);
        Integer known = KNOWN.putIfAbsent(new Key(owner, ordinal, method, line, operation, target, mode), ALL.size());
        int id = known == null ? ALL.size() : known;
        if (known == null) {
            if (id == modes.length) {
                modes = Arrays.copyOf(modes, 2 * id);
                fields = Arrays.copyOf(fields, 2 * id);
            }
            fields[id] = field;
            ALL.add(new Site(id, owner, method, file, line, operation, target, field, mode));
        }
        if ((mode & Access.PLAIN) != 0 && KNOWN_SHARED.contains(fieldLabel(field))) {
            SHARED.set(field);
        }
        modes[id] = (mode & Access.PLAIN) != 0 && !SHARED.get(field) ? mode | unsharedMode(field) : mode;
        return id;
    }

    /**
     * One call that may meet arrays of several kinds has a site for each.
     *
     * @param sites their numbers; the rewritten code passes the first
     */
    public static synchronized void ofKinds(int[] sites) {
        KINDS.put(sites[0], sites.clone());
    }

    /** Of the sites of one call, that of the elements of such arrays. */
    public static int ofKind(int site, Class<?> element) {
        int field = field(elementName(element));
        for (int one : KINDS.get(site)) {
            if (fields[one] == field) {
                return one;
            }
        }
        throw new AssertionError(element);
    }

    /** {@return a number that stands for what is done at a site, however classes were loaded} */
    public static int label(int site) {
        Site at = get(site);
        return (at.owner() + at.method() + at.operation() + at.target()).hashCode() & 0x3fff;
    }

    /** {@return a number that stands for a field} */
    public static int fieldLabel(int field) {
        return fieldName(field).hashCode() & 0xfffffff;
    }

    /**
     * The elements of an array, as the instructions that reach them name them: those do not tell bytes from booleans, nor
     * one class from another.
     *
     * @param element their type
     * @return the name
     */
    public static String elementName(Class<?> element) {
        return element == boolean.class ? "byte[]" : element.isPrimitive() ? element.getName() + "[]" : "Object[]";
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

    public static int modeOf(int site) {
        return modes[site];
    }

    public static int fieldOf(int site) {
        return fields[site];
    }
}
