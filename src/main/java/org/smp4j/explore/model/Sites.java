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
 * All sites of the classes that were loaded for explorations, and the names of the fields that they reach. There is one
 * table in the JVM; a class that is rewritten again gets the same numbers.
 */
public final class Sites {
    /** The identity of a site: its place in the code, counted within its class, and its operation. */
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

    /** A plain access without a known race: it needs no decision. */
    public static final int UNSHARED = 1 << 30;
    /** A plain access to a field where strands are known to meet: {@link FieldMeetings} need not track it. */
    public static final int FAMILIAR = 1 << 29;

    // All sites of a call, by the first of them.
    private static final Map<Integer, int[]> KINDS = new ConcurrentHashMap<>();
    private static final BitSet SHARED = new BitSet();
    private static final Set<Integer> KNOWN_SHARED = new HashSet<>();
    private static final BitSet FAMILIAR_FIELDS = new BitSet();

    private Sites() {
    }

    /** Makes accesses to a plain field steps from here on. */
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

    /** An exploration begins: forgets all facts about plain fields. */
    public static synchronized void forgetFields() {
        FAMILIAR_FIELDS.clear();
        unshareAll();
    }

    /** Forgets all shared plain fields. */
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

    /** Ends the tracking of a plain field by {@link FieldMeetings}. */
    public static synchronized void familiar(int field) {
        FAMILIAR_FIELDS.set(field);
        for (int id = 0; id < ALL.size(); id++) {
            if (fields[id] == field && (modes[id] & UNSHARED) != 0) {
                modes[id] |= FAMILIAR;
            }
        }
    }

    /** {@return the labels of the shared fields, in order} */
    public static synchronized List<Integer> shared() {
        return SHARED.stream().mapToObj(Sites::fieldLabel).sorted().toList();
    }

    /** {@return the shared fields, by number} */
    public static synchronized BitSet sharedFields() {
        return (BitSet) SHARED.clone();
    }

    /** {@return the number of shared fields} */
    public static synchronized int sharedCount() {
        return SHARED.cardinality();
    }

    /** Sets the shared fields, by label; also for classes that are loaded later. */
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
     * @param operation the operation there
     * @param target its target
     * @param mode bits of {@link Access}
     * @return its number, which the rewritten code passes to {@link Hooks}
     */
    public static synchronized int add(String owner, int ordinal, String method, String file, int line,
            String operation, String target, int mode) {
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
     * Registers the sites of a call that may get arrays of several kinds: one site for each kind.
     *
     * @param sites their numbers; the rewritten code passes the first
     */
    public static synchronized void ofKinds(int[] sites) {
        KINDS.put(sites[0], sites.clone());
    }

    /** The site of a call for arrays with elements of a type. */
    public static int ofKind(int site, Class<?> element) {
        int field = field(elementName(element));
        for (int one : KINDS.get(site)) {
            if (fields[one] == field) {
                return one;
            }
        }
        throw new AssertionError(element);
    }

    /** {@return a hash of a site's operation and place that does not depend on the order of loading} */
    public static int label(int site) {
        Site at = get(site);
        return (at.owner() + at.method() + at.operation() + at.target()).hashCode() & 0x3fff;
    }

    /** {@return a hash of a field's name} */
    public static int fieldLabel(int field) {
        return fieldName(field).hashCode() & 0xfffffff;
    }

    /**
     * The name of an array's elements, as far as instructions tell: they do not distinguish bytes from booleans, nor
     * one class from another.
     *
     * @param element their type
     * @return the name
     */
    public static String elementName(Class<?> element) {
        return element == boolean.class ? "byte[]" : element.isPrimitive() ? element.getName() + "[]" : "Object[]";
    }

    /**
     * The number of a field, or of another kind of location with a name.
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

    /** {@return the mode of a site} */
    public static int modeOf(int site) {
        return modes[site];
    }

    /** {@return the number of a site's field} */
    public static int fieldOf(int site) {
        return fields[site];
    }
}
