package org.smp4j.explore.shadow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import org.smp4j.explore.hooks.Hooks;

/**
 * Stands in for the JDK's internal class of that name, over VarHandles: an offset is the number of a handle, or the
 * index of an array element. An access is a step; its last argument is the number of its site, which has its memory
 * ordering, so that one method serves for all orderings. Each loader has its own copy of this class, so that the
 * handles go with the classes.
 */
public final class Unsafe {
    private static final Unsafe UNSAFE = new Unsafe();
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle REFERENCES = MethodHandles.arrayElementVarHandle(Object[].class);
    /** The offset of the first field; below are array elements. */
    private static final long FIELDS = 1L << 40;
    /** The offset of a field of {@code Thread}, which is 0 or null for all threads. */
    private static final long OF_THREAD = -1;

    private static final int MOST_FIELDS = 1024;

    // The handles, and the offset of each field. Written by: offset(), in static initializers. Read by: the running
    // strand. Ordering: none; strands run one at a time, and each is handed over to.
    private static final VarHandle[] HANDLES = new VarHandle[MOST_FIELDS];
    private static final Map<Field, Long> OFFSETS = new HashMap<>();

    private Unsafe() {
    }

    public static Unsafe getUnsafe() {
        return UNSAFE;
    }

    public long objectFieldOffset(Class<?> type, String name) {
        return type == Thread.class ? OF_THREAD : offset(field(type, name));
    }

    public long objectFieldOffset(Field field) {
        return offset(field);
    }

    public long staticFieldOffset(Field field) {
        return offset(field);
    }

    public Object staticFieldBase(Field field) {
        return field.getDeclaringClass();
    }

    public long arrayBaseOffset(Class<?> type) {
        return 0;
    }

    public int arrayIndexScale(Class<?> type) {
        return 1;
    }

    private static Field field(Class<?> type, String name) {
        try {
            return type.getDeclaredField(name);
        } catch (NoSuchFieldException e) {
            throw new InternalError(e);
        }
    }

    private static synchronized long offset(Field field) {
        return OFFSETS.computeIfAbsent(field, _ -> {
            HANDLES[OFFSETS.size()] = handle(field);
            return FIELDS + OFFSETS.size();
        });
    }

    private static VarHandle handle(Field field) {
        Class<?> owner = field.getDeclaringClass();
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
            return Modifier.isStatic(field.getModifiers())
                    ? lookup.findStaticVarHandle(owner, field.getName(), field.getType())
                    : lookup.findVarHandle(owner, field.getName(), field.getType());
        } catch (ReflectiveOperationException e) {
            throw new InternalError(e);
        }
    }

    /** The step of an access; {@return the handle of the field, or null for an array element} */
    private static VarHandle at(Object object, long offset, int site) {
        if (offset < FIELDS) {
            Hooks.elementHandle(null, object, (int) offset, site);
            return null;
        }
        VarHandle field = HANDLES[(int) (offset - FIELDS)];
        Hooks.handle(field, object, site);
        return field;
    }

    private static boolean exchanged(boolean success, Object value) {
        Hooks.exchanged(success);
        if (success) {
            Hooks.value(value);
        }
        return success;
    }

    public int getInt(Object object, long offset, int site) {
        if (offset == OF_THREAD) {
            return 0;
        }
        VarHandle field = at(object, offset, site);
        return field == null ? (int) INTS.getVolatile((int[]) object, (int) offset)
                : (int) field.getVolatile(object);
    }

    public void putInt(Object object, long offset, int value, int site) {
        if (offset == OF_THREAD) {
            return;
        }
        VarHandle field = at(object, offset, site);
        if (field == null) {
            INTS.setVolatile((int[]) object, (int) offset, value);
        } else {
            field.setVolatile(object, value);
        }
        Hooks.value(value);
    }

    public boolean compareAndSetInt(Object object, long offset, int expected, int value, int site) {
        Hooks.expects(expected);
        VarHandle field = at(object, offset, site);
        return exchanged(field == null ? INTS.compareAndSet((int[]) object, (int) offset, expected, value)
                : field.compareAndSet(object, expected, value), value);
    }

    public int compareAndExchangeInt(Object object, long offset, int expected, int value, int site) {
        Hooks.expects(expected);
        VarHandle field = at(object, offset, site);
        int found = field == null ? (int) INTS.compareAndExchange((int[]) object, (int) offset, expected, value)
                : (int) field.compareAndExchange(object, expected, value);
        exchanged(found == expected, value);
        return found;
    }

    public int getAndSetInt(Object object, long offset, int value, int site) {
        VarHandle field = at(object, offset, site);
        return field == null ? (int) INTS.getAndSet((int[]) object, (int) offset, value)
                : (int) field.getAndSet(object, value);
    }

    public int getAndAddInt(Object object, long offset, int value, int site) {
        if (object instanceof Class) {
            Hooks.staticHandle(HANDLES[(int) (offset - FIELDS)], site);
            return (int) HANDLES[(int) (offset - FIELDS)].getAndAdd(value);
        }
        VarHandle field = at(object, offset, site);
        return field == null ? (int) INTS.getAndAdd((int[]) object, (int) offset, value)
                : (int) field.getAndAdd(object, value);
    }

    public int getAndBitwiseAndInt(Object object, long offset, int value, int site) {
        VarHandle field = at(object, offset, site);
        return field == null ? (int) INTS.getAndBitwiseAnd((int[]) object, (int) offset, value)
                : (int) field.getAndBitwiseAnd(object, value);
    }

    public int getAndBitwiseOrInt(Object object, long offset, int value, int site) {
        VarHandle field = at(object, offset, site);
        return field == null ? (int) INTS.getAndBitwiseOr((int[]) object, (int) offset, value)
                : (int) field.getAndBitwiseOr(object, value);
    }

    public long getLong(Object object, long offset, int site) {
        if (offset == OF_THREAD) {
            return 0;
        }
        VarHandle field = at(object, offset, site);
        return field == null ? (long) LONGS.getVolatile((long[]) object, (int) offset)
                : (long) field.getVolatile(object);
    }

    public void putLong(Object object, long offset, long value, int site) {
        if (offset == OF_THREAD) {
            return;
        }
        VarHandle field = at(object, offset, site);
        if (field == null) {
            LONGS.setVolatile((long[]) object, (int) offset, value);
        } else {
            field.setVolatile(object, value);
        }
        Hooks.value(value);
    }

    public boolean compareAndSetLong(Object object, long offset, long expected, long value, int site) {
        Hooks.expects(expected);
        VarHandle field = at(object, offset, site);
        return exchanged(field == null ? LONGS.compareAndSet((long[]) object, (int) offset, expected, value)
                : field.compareAndSet(object, expected, value), value);
    }

    public long compareAndExchangeLong(Object object, long offset, long expected, long value, int site) {
        Hooks.expects(expected);
        VarHandle field = at(object, offset, site);
        long found = field == null ? (long) LONGS.compareAndExchange((long[]) object, (int) offset, expected, value)
                : (long) field.compareAndExchange(object, expected, value);
        exchanged(found == expected, value);
        return found;
    }

    public long getAndSetLong(Object object, long offset, long value, int site) {
        VarHandle field = at(object, offset, site);
        return field == null ? (long) LONGS.getAndSet((long[]) object, (int) offset, value)
                : (long) field.getAndSet(object, value);
    }

    public long getAndAddLong(Object object, long offset, long value, int site) {
        VarHandle field = at(object, offset, site);
        return field == null ? (long) LONGS.getAndAdd((long[]) object, (int) offset, value)
                : (long) field.getAndAdd(object, value);
    }

    public long getAndBitwiseAndLong(Object object, long offset, long value, int site) {
        VarHandle field = at(object, offset, site);
        return field == null ? (long) LONGS.getAndBitwiseAnd((long[]) object, (int) offset, value)
                : (long) field.getAndBitwiseAnd(object, value);
    }

    public long getAndBitwiseOrLong(Object object, long offset, long value, int site) {
        VarHandle field = at(object, offset, site);
        return field == null ? (long) LONGS.getAndBitwiseOr((long[]) object, (int) offset, value)
                : (long) field.getAndBitwiseOr(object, value);
    }

    public Object getReference(Object object, long offset, int site) {
        if (offset == OF_THREAD) {
            return null;
        }
        VarHandle field = at(object, offset, site);
        return field == null ? (Object) REFERENCES.getVolatile((Object[]) object, (int) offset)
                : (Object) field.getVolatile(object);
    }

    public void putReference(Object object, long offset, Object value, int site) {
        if (offset == OF_THREAD) {
            return;
        }
        VarHandle field = at(object, offset, site);
        if (field == null) {
            REFERENCES.setVolatile((Object[]) object, (int) offset, value);
        } else {
            field.setVolatile(object, value);
        }
        Hooks.value(value);
    }

    public boolean compareAndSetReference(Object object, long offset, Object expected, Object value, int site) {
        Hooks.expects(expected);
        VarHandle field = at(object, offset, site);
        return exchanged(field == null ? REFERENCES.compareAndSet((Object[]) object, (int) offset, expected, value)
                : field.compareAndSet(object, expected, value), value);
    }

    public Object compareAndExchangeReference(Object object, long offset, Object expected, Object value, int site) {
        Hooks.expects(expected);
        VarHandle field = at(object, offset, site);
        Object found = field == null
                ? (Object) REFERENCES.compareAndExchange((Object[]) object, (int) offset, expected, value)
                : (Object) field.compareAndExchange(object, expected, value);
        exchanged(found == expected, value);
        return found;
    }

    public Object getAndSetReference(Object object, long offset, Object value, int site) {
        VarHandle field = at(object, offset, site);
        return field == null ? (Object) REFERENCES.getAndSet((Object[]) object, (int) offset, value)
                : (Object) field.getAndSet(object, value);
    }

    public void loadFence() {
        VarHandle.acquireFence();
    }

    public void storeFence() {
        VarHandle.releaseFence();
    }

    public void storeStoreFence() {
        VarHandle.storeStoreFence();
    }

    public void fullFence() {
        VarHandle.fullFence();
    }
}
