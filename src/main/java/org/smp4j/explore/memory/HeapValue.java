package org.smp4j.explore.memory;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.smp4j.explore.model.Sites;

/**
 * Reads and writes the value of a location where the program keeps it: in a field, in an array, in an atomic object.
 * Values are boxed.
 */
abstract class HeapValue {
    private static final int ATOMIC = Sites.field("value");

    /** A field as the program names it; the type is null for a static one. */
    private record Key(Class<?> type, int field) {
    }

    /** Finds the accessors of one program. */
    static final class Finder {
        private final Map<Key, HeapValue> known = new HashMap<>();

        /**
         * Finds an accessor.
         *
         * @param object the location's object; null for a static field
         * @param field the field's number; below 0 for an element
         * @return the accessor; null if the location has no value of its own, such as a lock or a collection
         */
        HeapValue find(Object object, int field) {
            if (field < 0) {
                // bytes may be seen as wider elements, which are no values of one element
                return object instanceof byte[] ? null : object.getClass().isArray() ? ELEMENT : atomicElement(object);
            }
            if (object instanceof Class<?>) {
                return make(object, field); // it has the static fields of a class that is another one in each run
            }
            Key key = new Key(object == null ? null : object.getClass(), field);
            if (!known.containsKey(key)) {
                known.put(key, make(object, field));
            }
            return known.get(key);
        }
    }

    /** {@return whether a location with this field can have a value of its own} */
    static boolean mayExist(int field) {
        return field < 0 || field == ATOMIC || Sites.fieldName(field).indexOf('.') >= 0;
    }

    /** {@return the value} */
    abstract Object get(Object object, int field);

    /** Changes the value. */
    abstract void set(Object object, int field, Object value);

    /** {@return whether the location holds a primitive} */
    abstract boolean isPrimitive(Object object);

    /** {@return whether a conditional write that expects the one value goes by the other; false if not known} */
    final boolean isSame(Object object, Object value, Object expected) {
        if (!isPrimitive(object)) {
            return value == expected;
        }
        return switch (value) {
            case Float _, Double _ -> false;
            case Number number -> expected instanceof Long other && number.longValue() == other;
            case Boolean truth -> expected instanceof Long other && (truth ? 1 : 0) == other;
            case Character character -> expected instanceof Long other && (char) character == other;
            case null, default -> false;
        };
    }

    private static HeapValue make(Object object, int field) {
        if (field == ATOMIC) {
            return atomic(object);
        }
        String name = Sites.fieldName(field);
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return null;
        }
        Field found = object == null ? ofClass(name.substring(0, dot), name.substring(dot + 1))
                : ofObject(object instanceof Class<?> type ? type : object.getClass(), name.substring(0, dot),
                        name.substring(dot + 1));
        boolean isOfClass = object == null || object instanceof Class<?>;
        if (found == null || isOfClass != Modifier.isStatic(found.getModifiers())
                || Modifier.isFinal(found.getModifiers()) || !found.trySetAccessible()) {
            return null;
        }
        return new OfField(found);
    }

    private static Field ofClass(String type, String name) {
        try {
            return Class.forName(type, false, Thread.currentThread().getContextClassLoader()).getDeclaredField(name);
        } catch (ClassNotFoundException | NoSuchFieldException e) {
            return null;
        }
    }

    private static Field ofObject(Class<?> from, String type, String name) {
        for (Class<?> here = from; here != null; here = here.getSuperclass()) {
            if (here.getName().equals(type)) {
                try {
                    return here.getDeclaredField(name);
                } catch (NoSuchFieldException e) {
                    return null;
                }
            }
        }
        return null;
    }

    /** A field. */
    private static final class OfField extends HeapValue {
        private final Field field;

        OfField(Field field) {
            this.field = field;
        }

        @Override
        boolean isPrimitive(Object object) {
            return field.getType().isPrimitive();
        }

        @Override
        Object get(Object object, int number) {
            try {
                return field.get(object);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        void set(Object object, int number, Object value) {
            try {
                field.set(object, value);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final HeapValue ELEMENT = new HeapValue() {
        @Override
        boolean isPrimitive(Object object) {
            return object.getClass().getComponentType().isPrimitive();
        }

        @Override
        Object get(Object object, int field) {
            int index = -1 - field;
            return index < Array.getLength(object) ? Array.get(object, index) : null; // a bad index throws later
        }

        @Override
        void set(Object object, int field, Object value) {
            if (-1 - field < Array.getLength(object)) {
                Array.set(object, -1 - field, value);
            }
        }
    };

    private static HeapValue atomic(Object object) {
        return switch (object) {
            case AtomicInteger _ -> INTEGER;
            case AtomicLong _ -> LONG;
            case AtomicBoolean _ -> BOOLEAN;
            case AtomicReference<?> _ -> REFERENCE;
            case null, default -> null;
        };
    }

    private static final HeapValue INTEGER = new HeapValue() {
        @Override
        boolean isPrimitive(Object object) {
            return true;
        }

        @Override
        Object get(Object object, int field) {
            return ((AtomicInteger) object).getPlain();
        }

        @Override
        void set(Object object, int field, Object value) {
            ((AtomicInteger) object).setPlain((Integer) value);
        }
    };

    private static final HeapValue LONG = new HeapValue() {
        @Override
        boolean isPrimitive(Object object) {
            return true;
        }

        @Override
        Object get(Object object, int field) {
            return ((AtomicLong) object).getPlain();
        }

        @Override
        void set(Object object, int field, Object value) {
            ((AtomicLong) object).setPlain((Long) value);
        }
    };

    private static final HeapValue BOOLEAN = new HeapValue() {
        @Override
        boolean isPrimitive(Object object) {
            return true;
        }

        @Override
        Object get(Object object, int field) {
            return ((AtomicBoolean) object).getPlain();
        }

        @Override
        void set(Object object, int field, Object value) {
            ((AtomicBoolean) object).setPlain((Boolean) value);
        }
    };

    private static final HeapValue REFERENCE = new HeapValue() {
        @Override
        boolean isPrimitive(Object object) {
            return false;
        }

        @Override
        Object get(Object object, int field) {
            return ((AtomicReference<?>) object).getPlain();
        }

        @Override
        @SuppressWarnings("unchecked")
        void set(Object object, int field, Object value) {
            ((AtomicReference<Object>) object).setPlain(value);
        }
    };

    private static HeapValue atomicElement(Object object) {
        return switch (object) {
            case AtomicIntegerArray _, AtomicLongArray _, AtomicReferenceArray<?> _ -> ATOMIC_ELEMENT;
            default -> null;
        };
    }

    private static final HeapValue ATOMIC_ELEMENT = new HeapValue() {
        @Override
        boolean isPrimitive(Object object) {
            return !(object instanceof AtomicReferenceArray);
        }

        @Override
        Object get(Object object, int field) {
            int index = -1 - field;
            return switch (object) {
                case AtomicIntegerArray array when index < array.length() -> array.getPlain(index);
                case AtomicLongArray array when index < array.length() -> array.getPlain(index);
                case AtomicReferenceArray<?> array when index < array.length() -> array.getPlain(index);
                default -> null;
            };
        }

        @Override
        @SuppressWarnings("unchecked")
        void set(Object object, int field, Object value) {
            int index = -1 - field;
            switch (object) {
                case AtomicIntegerArray array -> array.setPlain(index, (Integer) value);
                case AtomicLongArray array -> array.setPlain(index, (Long) value);
                default -> ((AtomicReferenceArray<Object>) object).setPlain(index, value);
            }
        }
    };
}
