package org.smp4j.explore.hooks;

import java.lang.constant.ClassDesc;
import java.lang.invoke.VarHandle;
import java.lang.invoke.VarHandle.VarHandleDesc;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;

/** Maps a VarHandle to its field, under the name that direct accesses to that field have. */
public final class HandleNames {
    private static final int CACHED = 1 << 12;

    /** The field of a handle. */
    private record Known(VarHandle handle, int field) {
    }

    // Written by: fieldOf() on a miss. Read by: fieldOf(). Ordering: plain; the entry is immutable, and a lost entry is
    // made again.
    private static final Known[] CACHE = new Known[CACHED];
    // By site: the handle that was last used there, and its field. Only the running strand uses them, and the exploring
    // thread when no strand runs.
    private static VarHandle[] handles = new VarHandle[1024];
    private static int[] fields = new int[1024];

    private HandleNames() {
    }

    /**
     * Finds the field of a handle. Fast for a few long-lived handles, slow but correct for others.
     *
     * @param handle of a static or instance field, or of array elements
     * @return the number of the field, as {@link Sites#field} has it
     */
    static int fieldOf(VarHandle handle) {
        int slot = System.identityHashCode(handle) & CACHED - 1;
        Known known = CACHE[slot];
        if (known == null || known.handle != handle) {
            known = new Known(handle, Sites.field(Names.real(name(handle))));
            CACHE[slot] = known;
        }
        return known.field;
    }

    /** As {@link #fieldOf(VarHandle)}; fast where a site uses the same handle each time. */
    static int fieldOf(VarHandle handle, int site) {
        if (site >= handles.length) {
            handles = Arrays.copyOf(handles, Math.max(site + 1, 2 * handles.length));
            fields = Arrays.copyOf(fields, handles.length);
        }
        if (handles[site] != handle) {
            fields[site] = fieldOf(handle);
            handles[site] = handle;
        }
        return fields[site];
    }

    /** Forgets all handles after an exploration: they keep the classes of its program reachable. */
    public static void forgetAll() {
        Arrays.fill(CACHE, null);
        Arrays.fill(handles, null);
    }

    /**
     * Names the field of a handle.
     *
     * @param handle of a static or instance field, or of array elements
     * @return as {@link org.smp4j.explore.model.Site#target} has it
     */
    private static String name(VarHandle handle) {
        List<Class<?>> coordinates = handle.coordinateTypes();
        if (coordinates.size() == 2 && coordinates.getFirst().isArray()) {
            // A view of a byte array as wider elements counts as the byte array.
            return Sites.elementName(coordinates.getFirst().getComponentType());
        }
        if (coordinates.size() > 1) {
            return coordinates.getFirst().getName();
        }
        try {
            if (handle.describeConstable().orElse(null) instanceof VarHandleDesc description
                    && description.bootstrapArgsList().getFirst() instanceof ClassDesc owner) {
                String field = description.constantName();
                return (coordinates.isEmpty() ? binaryName(owner) : declaring(coordinates.getFirst(), field))
                        + "." + field;
            }
        } catch (InternalError e) {
            // The JDK looks for the field in the receiver's class only, not in the class that declares it.
        }
        return coordinates.isEmpty() ? "static " + handle.varType().getName()
                : inherited(coordinates.getFirst(), handle.varType());
    }

    /** The only inherited field of that type; where there are several, the handle does not tell which one it is. */
    private static String inherited(Class<?> receiver, Class<?> type) {
        List<Field> found = new ArrayList<>();
        for (Class<?> here = receiver.getSuperclass(); here != null; here = here.getSuperclass()) {
            for (Field field : here.getDeclaredFields()) {
                if (field.getType() == type && !Modifier.isStatic(field.getModifiers())) {
                    found.add(field);
                }
            }
        }
        return found.size() == 1 ? found.getFirst().getDeclaringClass().getName() + "." + found.getFirst().getName()
                : receiver.getName() + "." + type.getName();
    }

    private static String binaryName(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    }

    private static String declaring(Class<?> receiver, String name) {
        for (Class<?> here = receiver; here != null; here = here.getSuperclass()) {
            for (Field field : here.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return here.getName();
                }
            }
        }
        return receiver.getName();
    }
}
