package org.smp4j.explore.shadow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.explore.environment.RewrittenLoader;
import org.smp4j.explore.hooks.Hooks;
import org.smp4j.explore.hooks.ReflectionHooks;

/**
 * Stands in for {@code sun.misc.Unsafe} in the program's code, over VarHandles. The offset of a field is made up; those
 * of array elements are like the JVM's, as programs calculate with them. An access is a step; its last argument is the
 * number of its site, which has its memory ordering, so that one method serves for all orderings. What is missing here,
 * above all memory outside of the heap, is refused. Each loader has its own copy of this class, so that the handles go
 * with the classes.
 */
public final class SunUnsafe {
    /** Has the JDK's name, as programs look for it. */
    private static final SunUnsafe theUnsafe = new SunUnsafe();

    public static final int INVALID_FIELD_OFFSET = -1;
    public static final int ADDRESS_SIZE = Long.BYTES;
    private static final int BASE = 16;
    public static final int ARRAY_BOOLEAN_BASE_OFFSET = BASE;
    public static final int ARRAY_BOOLEAN_INDEX_SCALE = Byte.BYTES;
    public static final int ARRAY_BYTE_BASE_OFFSET = BASE;
    public static final int ARRAY_BYTE_INDEX_SCALE = Byte.BYTES;
    public static final int ARRAY_SHORT_BASE_OFFSET = BASE;
    public static final int ARRAY_SHORT_INDEX_SCALE = Short.BYTES;
    public static final int ARRAY_CHAR_BASE_OFFSET = BASE;
    public static final int ARRAY_CHAR_INDEX_SCALE = Character.BYTES;
    public static final int ARRAY_INT_BASE_OFFSET = BASE;
    public static final int ARRAY_INT_INDEX_SCALE = Integer.BYTES;
    public static final int ARRAY_LONG_BASE_OFFSET = BASE;
    public static final int ARRAY_LONG_INDEX_SCALE = Long.BYTES;
    public static final int ARRAY_FLOAT_BASE_OFFSET = BASE;
    public static final int ARRAY_FLOAT_INDEX_SCALE = Float.BYTES;
    public static final int ARRAY_DOUBLE_BASE_OFFSET = BASE;
    public static final int ARRAY_DOUBLE_INDEX_SCALE = Double.BYTES;
    public static final int ARRAY_OBJECT_BASE_OFFSET = BASE;
    public static final int ARRAY_OBJECT_INDEX_SCALE = Integer.BYTES;
    private static final long DISTANCE = 8; // of the offsets of fields

    /** A field that has an offset; the handle is null if the field is final, and can't be written by one. */
    private record Place(Field field, VarHandle handle) {
        boolean isIn(Object object) {
            return Modifier.isStatic(field.getModifiers()) ? object == field.getDeclaringClass()
                    : field.getDeclaringClass().isInstance(object);
        }
    }

    /** The place of one access: a field or an array element, with the object of the call. */
    private record Spot(VarHandle handle, Object object, int index) {
        Object get() {
            return switch (handle.coordinateTypes().size()) {
                case 0 -> (Object) handle.get();
                case 1 -> (Object) handle.get(object);
                default -> (Object) handle.get(object, index);
            };
        }

        void set(Object value) {
            switch (handle.coordinateTypes().size()) {
                case 0 -> handle.set(value);
                case 1 -> handle.set(object, value);
                default -> handle.set(object, index, value);
            }
            Hooks.value(value);
        }

        boolean compareAndSet(Object expected, Object value) {
            boolean success = switch (handle.coordinateTypes().size()) {
                case 0 -> handle.compareAndSet(expected, value);
                case 1 -> handle.compareAndSet(object, expected, value);
                default -> handle.compareAndSet(object, index, expected, value);
            };
            Hooks.exchanged(success);
            if (success) {
                Hooks.value(value);
            }
            return success;
        }
    }

    // The fields that have an offset, and the number of each. Written by: offset(). Read by: the running strand.
    // Ordering: none; strands run one at a time, and each is handed over to.
    private static final List<Place> PLACES = new ArrayList<>();
    private static final Map<Field, Integer> NUMBERS = new HashMap<>();

    private SunUnsafe() {
    }

    public static SunUnsafe getUnsafe() {
        return theUnsafe;
    }

    // ---- offsets

    public long objectFieldOffset(Field field, int site) {
        if (field.getDeclaringClass().isRecord() || field.getDeclaringClass().isHidden()) {
            throw new UnsupportedOperationException("can't get field offset on a hidden class or a record: " + field);
        }
        if (Modifier.isStatic(field.getModifiers())) {
            throw new IllegalArgumentException(field.toString());
        }
        return offset(field, site);
    }

    public long staticFieldOffset(Field field, int site) {
        if (RewrittenLoader.definesAnew(field.getDeclaringClass())) {
            ReflectionHooks.refuse("sun.misc.Unsafe on the static field " + field.getDeclaringClass().getName() + "."
                    + field.getName() + ", whose class a class loader of the program defines,", site);
        }
        return offset(field, site);
    }

    public Object staticFieldBase(Field field) {
        return field.getDeclaringClass();
    }

    public int arrayBaseOffset(Class<?> type) {
        return BASE;
    }

    public int arrayIndexScale(Class<?> type) {
        Class<?> element = type.getComponentType();
        return element == long.class || element == double.class ? Long.BYTES
                : element == short.class || element == char.class ? Short.BYTES
                : element == byte.class || element == boolean.class ? Byte.BYTES : Integer.BYTES;
    }

    public int addressSize() {
        return ADDRESS_SIZE;
    }

    private static long offset(Field field, int site) {
        Integer number = NUMBERS.get(field);
        if (number == null) {
            number = PLACES.size();
            NUMBERS.put(field, number);
            PLACES.add(new Place(field, handle(field, site)));
        }
        return BASE + DISTANCE * number;
    }

    private static VarHandle handle(Field field, int site) {
        Class<?> owner = field.getDeclaringClass();
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
            if (Modifier.isFinal(field.getModifiers())) {
                field.setAccessible(true);
                return null;
            }
            return Modifier.isStatic(field.getModifiers())
                    ? lookup.findStaticVarHandle(owner, field.getName(), field.getType())
                    : lookup.findVarHandle(owner, field.getName(), field.getType());
        } catch (ReflectiveOperationException | RuntimeException e) {
            ReflectionHooks.refuse("sun.misc.Unsafe on " + owner.getName() + "." + field.getName(), site);
            throw new IllegalStateException(e);
        }
    }

    // ---- accesses

    /** Finds the field of an offset. */
    private static Place place(Object object, long offset, Class<?> type, int site) {
        long number = (offset - BASE) / DISTANCE;
        Place place = offset < BASE || (offset - BASE) % DISTANCE != 0 || number >= PLACES.size() ? null
                : PLACES.get((int) number);
        if (place == null || !place.isIn(object) || !matches(place.field.getType(), type)) {
            throw refused(object, offset, type, site);
        }
        return place;
    }

    private static boolean matches(Class<?> declared, Class<?> type) {
        return declared == type || type == Object.class && !declared.isPrimitive();
    }

    private static IllegalStateException refused(Object object, long offset, Class<?> type, int site) {
        String in = object == null ? "memory outside of the heap" : "an object of " + object.getClass().getTypeName();
        ReflectionHooks.refuse("sun.misc.Unsafe on " + in + ", at an offset that has no "
                + (type == Object.class ? "reference" : type.getName()) + ",", site);
        return new IllegalStateException(in + ", offset " + offset);
    }

    /** Makes the step of an access; {@return where it goes} */
    private Spot at(Object object, long offset, Class<?> type, int site) {
        if (object != null && object.getClass().isArray()) {
            Class<?> array = object.getClass();
            int scale = arrayIndexScale(array);
            long index = (offset - BASE) / scale;
            if (offset < BASE || (offset - BASE) % scale != 0 || index >= Array.getLength(object)
                    || !matches(array.getComponentType(), type)) {
                throw refused(object, offset, type, site);
            }
            Hooks.elementHandle(null, object, (int) index, site);
            return new Spot(MethodHandles.arrayElementVarHandle(array), object, (int) index);
        }
        Place place = place(object, offset, type, site);
        if (place.handle == null) {
            ReflectionHooks.refuse("sun.misc.Unsafe on the final field " + place.field.getDeclaringClass().getName()
                    + "." + place.field.getName(), site);
        }
        if (Modifier.isStatic(place.field.getModifiers())) {
            Hooks.staticHandle(place.handle, site);
        } else {
            Hooks.handle(place.handle, object, site);
        }
        return new Spot(place.handle, object, 0);
    }

    private Object get(Object object, long offset, Class<?> type, int site) {
        Field fixed = fixed(object, offset, type, site);
        if (fixed == null) {
            return at(object, offset, type, site).get();
        }
        try {
            return fixed.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private void put(Object object, long offset, Class<?> type, Object value, int site) {
        Field fixed = fixed(object, offset, type, site);
        if (fixed == null) {
            at(object, offset, type, site).set(value);
            return;
        }
        try {
            fixed.set(object, value); // as deserializers do with an object that no other thread has
        } catch (IllegalAccessException e) {
            ReflectionHooks.refuse("sun.misc.Unsafe on the final field " + fixed.getDeclaringClass().getName() + "."
                    + fixed.getName(), site);
        }
    }

    /** The field of an access that is no step, as the field is final; or null. */
    private static Field fixed(Object object, long offset, Class<?> type, int site) {
        if (object == null || object.getClass().isArray()) {
            return null;
        }
        Place place = place(object, offset, type, site);
        return place.handle == null ? place.field : null;
    }

    private Object exchange(Object object, long offset, Class<?> type, Object value, int site) {
        Spot spot = at(object, offset, type, site);
        Object before = spot.get();
        spot.set(value);
        return before;
    }

    public boolean getBoolean(Object object, long offset, int site) {
        return (boolean) get(object, offset, boolean.class, site);
    }

    public void putBoolean(Object object, long offset, boolean value, int site) {
        put(object, offset, boolean.class, value, site);
    }

    public byte getByte(Object object, long offset, int site) {
        return (byte) get(object, offset, byte.class, site);
    }

    public void putByte(Object object, long offset, byte value, int site) {
        put(object, offset, byte.class, value, site);
    }

    public short getShort(Object object, long offset, int site) {
        return (short) get(object, offset, short.class, site);
    }

    public void putShort(Object object, long offset, short value, int site) {
        put(object, offset, short.class, value, site);
    }

    public char getChar(Object object, long offset, int site) {
        return (char) get(object, offset, char.class, site);
    }

    public void putChar(Object object, long offset, char value, int site) {
        put(object, offset, char.class, value, site);
    }

    public int getInt(Object object, long offset, int site) {
        return (int) get(object, offset, int.class, site);
    }

    public void putInt(Object object, long offset, int value, int site) {
        put(object, offset, int.class, value, site);
    }

    public long getLong(Object object, long offset, int site) {
        return (long) get(object, offset, long.class, site);
    }

    public void putLong(Object object, long offset, long value, int site) {
        put(object, offset, long.class, value, site);
    }

    public float getFloat(Object object, long offset, int site) {
        return (float) get(object, offset, float.class, site);
    }

    public void putFloat(Object object, long offset, float value, int site) {
        put(object, offset, float.class, value, site);
    }

    public double getDouble(Object object, long offset, int site) {
        return (double) get(object, offset, double.class, site);
    }

    public void putDouble(Object object, long offset, double value, int site) {
        put(object, offset, double.class, value, site);
    }

    public Object getObject(Object object, long offset, int site) {
        return get(object, offset, Object.class, site);
    }

    public void putObject(Object object, long offset, Object value, int site) {
        put(object, offset, Object.class, value, site);
    }

    public boolean compareAndSwapInt(Object object, long offset, int expected, int value, int site) {
        Hooks.expects(expected);
        return at(object, offset, int.class, site).compareAndSet(expected, value);
    }

    public int getAndSetInt(Object object, long offset, int value, int site) {
        return (int) exchange(object, offset, int.class, value, site);
    }

    public boolean compareAndSwapLong(Object object, long offset, long expected, long value, int site) {
        Hooks.expects(expected);
        return at(object, offset, long.class, site).compareAndSet(expected, value);
    }

    public long getAndSetLong(Object object, long offset, long value, int site) {
        return (long) exchange(object, offset, long.class, value, site);
    }

    public boolean compareAndSwapObject(Object object, long offset, Object expected, Object value, int site) {
        Hooks.expects(expected);
        return at(object, offset, Object.class, site).compareAndSet(expected, value);
    }

    public Object getAndSetObject(Object object, long offset, Object value, int site) {
        return exchange(object, offset, Object.class, value, site);
    }

    public int getAndAddInt(Object object, long offset, int value, int site) {
        Spot spot = at(object, offset, int.class, site);
        int before = (int) spot.get();
        spot.set(before + value);
        return before;
    }

    public long getAndAddLong(Object object, long offset, long value, int site) {
        Spot spot = at(object, offset, long.class, site);
        long before = (long) spot.get();
        spot.set(before + value);
        return before;
    }

    // ---- the rest

    public Object allocateInstance(Class<?> type, int site) throws InstantiationException {
        return ReflectionHooks.allocate(type, site);
    }

    public void throwException(Throwable thrown) {
        throw SunUnsafe.<RuntimeException>unchecked(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }

    public void loadFence() {
        VarHandle.acquireFence();
    }

    public void storeFence() {
        VarHandle.releaseFence();
    }

    public void fullFence() {
        VarHandle.fullFence();
    }
}
