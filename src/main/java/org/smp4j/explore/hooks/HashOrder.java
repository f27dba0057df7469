package org.smp4j.explore.hooks;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.environment.ConstantHashes;

/**
 * Finds collections whose order differs from run to run. The order of a hash table follows from the hash codes of its
 * keys; keys that do not override {@code hashCode} get an identity hash code from the JVM, which is another one in each
 * run. And gives the immutable sets and maps of the JDK, whose order each JVM draws when it starts, that of the
 * elements with which they were made: so two JVMs make the same runs.
 */
public final class HashOrder {
    private HashOrder() {
    }

    /** {@return what takes the place of the result of {@code Set.of}} */
    public static Set<?> given(Set<?> made, Object[] elements) {
        return made.size() < 2 ? made : new GivenSet<>(made, Arrays.asList(elements.clone()));
    }

    /** {@return what takes the place of the result of {@code Set.copyOf}} */
    public static Set<?> given(Set<?> made, Collection<?> elements) {
        return made.size() < 2 || made instanceof GivenSet ? made
                : new GivenSet<>(made, List.copyOf(new LinkedHashSet<>(elements)));
    }

    /** {@return what takes the place of the result of {@code Map.of} or {@code Map.ofEntries}} */
    public static Map<?, ?> given(Map<?, ?> made, Object[] elements) {
        if (made.size() < 2) {
            return made;
        }
        List<Map.Entry<Object, Object>> entries = new ArrayList<>();
        for (int i = 0; i < elements.length; i++) {
            entries.add(elements instanceof Map.Entry<?, ?>[] all ? Map.entry(all[i].getKey(), all[i].getValue())
                    : Map.entry(elements[i], elements[++i]));
        }
        return new GivenMap<>(made, entries);
    }

    /** {@return what takes the place of the result of {@code Map.copyOf}} */
    public static Map<?, ?> given(Map<?, ?> made, Map<?, ?> elements) {
        return given(made, elements.entrySet().toArray(new Map.Entry<?, ?>[0]));
    }

    /** Replaces the method of {@code Collectors}. */
    public static <T> Collector<T, ?, Set<?>> toUnmodifiableSet() {
        return Collectors.collectingAndThen(Collectors.toCollection(LinkedHashSet<T>::new),
                set -> given(Set.copyOf(set), set));
    }

    /** Replaces the method of {@code Collectors}. */
    public static <T> Collector<T, ?, Map<?, ?>> toUnmodifiableMap(Function<? super T, ?> key,
            Function<? super T, ?> value) {
        return Collectors.collectingAndThen(Collectors.toMap(key, value, (first, second) -> {
            throw new IllegalStateException("Duplicate key: values " + first + " and " + second);
        }, LinkedHashMap::new), map -> given(Map.copyOf(map), map));
    }

    /** Replaces the method of {@code Collectors}. */
    public static <T, V> Collector<T, ?, Map<?, ?>> toUnmodifiableMap(Function<? super T, ?> key,
            Function<? super T, ? extends V> value, BinaryOperator<V> merge) {
        Objects.requireNonNull(merge);
        return Collectors.collectingAndThen(Collectors.<T, Object, V, LinkedHashMap<Object, V>>toMap(key, value, merge,
                LinkedHashMap::new), map -> given(Map.copyOf(map), map));
    }

    /** Replaces the method of {@code Objects}. */
    public static int hashCode(Object object) {
        return Shims.hashesByIdentity(object) ? Hooks.identityHashCode(object) : Objects.hashCode(object);
    }

    /** Replaces the method of {@code Objects}. */
    public static int hash(Object... values) {
        int hash = values == null ? 0 : 1;
        for (int i = 0; values != null && i < values.length; i++) {
            hash = 31 * hash + hashCode(values[i]);
        }
        return hash;
    }

    /** {@return whether an object is a set or map that was made here} */
    static boolean isGiven(Object object) {
        return object instanceof GivenSet || object instanceof GivenMap;
    }

    private static void assume(Assumptions.Rule rule) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.assumptions.add(rule);
        }
    }

    private static <E> Iterator<E> iterator(List<E> elements) {
        assume(Assumptions.Rule.ORDER);
        return Collections.unmodifiableList(elements).iterator();
    }

    /** An immutable set of the JDK in another order. */
    private static final class GivenSet<E> extends AbstractSet<E> {
        private final Set<?> made; // null for entries of a map
        private final List<E> elements;

        GivenSet(Set<?> made, List<E> elements) {
            this.made = made;
            this.elements = elements;
        }

        @Override
        public Iterator<E> iterator() {
            return HashOrder.iterator(elements);
        }

        @Override
        public int size() {
            return elements.size();
        }

        @Override
        public boolean contains(Object element) {
            return made == null ? super.contains(element) : made.contains(element);
        }

        @Override
        public boolean remove(Object element) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean addAll(Collection<? extends E> from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean removeAll(Collection<?> others) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean retainAll(Collection<?> others) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean removeIf(Predicate<? super E> filter) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void clear() {
            throw new UnsupportedOperationException();
        }
    }

    /** An immutable map of the JDK in another order. */
    private static final class GivenMap<K, V> extends AbstractMap<K, V> {
        private final Map<?, ?> made;
        private final Set<Map.Entry<K, V>> entries;

        GivenMap(Map<?, ?> made, List<Map.Entry<K, V>> entries) {
            this.made = made;
            this.entries = new GivenSet<>(null, entries);
        }

        @Override
        public Set<Map.Entry<K, V>> entrySet() {
            return entries;
        }

        @Override
        @SuppressWarnings("unchecked")
        public V get(Object key) {
            return (V) made.get(key);
        }

        @Override
        public boolean containsKey(Object key) {
            return made.containsKey(key);
        }

        @Override
        public boolean containsValue(Object value) {
            return made.containsValue(value);
        }

        @Override
        public V remove(Object key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void putAll(Map<? extends K, ? extends V> from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void clear() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean remove(Object key, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public V putIfAbsent(K key, V value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public V replace(K key, V value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean replace(K key, V old, V value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
            throw new UnsupportedOperationException();
        }

        @Override
        public V compute(K key, BiFunction<? super K, ? super V, ? extends V> function) {
            throw new UnsupportedOperationException();
        }

        @Override
        public V computeIfAbsent(K key, Function<? super K, ? extends V> function) {
            throw new UnsupportedOperationException();
        }

        @Override
        public V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends V> function) {
            throw new UnsupportedOperationException();
        }

        @Override
        public V merge(K key, V value, BiFunction<? super V, ? super V, ? extends V> function) {
            throw new UnsupportedOperationException();
        }
    }

    /** {@return whether iteration over a collection may visit its elements in another order in the next run} */
    static boolean isChance(Object collection) {
        Collection<?> keys = keys(collection);
        if (keys == null || keys.size() < 2) {
            return false;
        }
        boolean byIdentity = collection instanceof IdentityHashMap;
        boolean constants = false;
        boolean ofConstants = false;
        for (Object key : keys) {
            boolean lasts = key == null || ConstantHashes.isConstant(key);
            if (!lasts && (byIdentity || Shims.hashesByIdentity(key))) {
                return true;
            }
            constants |= lasts && key != null;
            ofConstants |= !lasts && ArrayHooks.hasConstant(key);
        }
        if (ofConstants || constants && (byIdentity || collection instanceof Hashtable
                || ConstantHashes.dependOnJvm(keys))) {
            assume(Assumptions.Rule.CONSTANTS);
        }
        return false;
    }

    /** {@return whether a collection orders its elements itself, whatever the order in which they are added} */
    static boolean makes(Object collection) {
        return keys(collection) != null || collection instanceof SortedMap || collection instanceof SortedSet;
    }

    private static Collection<?> keys(Object collection) {
        return switch (collection) {
            case LinkedHashMap<?, ?> _, LinkedHashSet<?> _ -> null;
            case HashSet<?> set -> set;
            case Map<?, ?> map when map instanceof HashMap || map instanceof Hashtable
                    || map instanceof ConcurrentHashMap || map instanceof IdentityHashMap -> map.keySet();
            case Set<?> set when set instanceof ConcurrentHashMap.KeySetView -> set;
            default -> null;
        };
    }
}
