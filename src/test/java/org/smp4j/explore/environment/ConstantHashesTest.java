package org.smp4j.explore.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Constants of explored programs have the same order in hash tables, whatever the JVM has drawn before. */
class ConstantHashesTest {
    /** Defines the enum anew, so that its constants have no hash codes yet. */
    private static final class Fresh extends ClassLoader {
        Fresh() {
            super(ConstantHashesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Planet.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = file.readAllBytes();
                Class<?> made = defineClass(name, bytes, 0, bytes.length);
                ConstantHashes.settle(made); // the JVM asks for the hash code when it initializes the class
                return made;
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static List<Object> planets(boolean settle) {
        try {
            List<Object> made = List.of(Class.forName(Planet.class.getName(), true, new Fresh()).getEnumConstants());
            if (settle) {
                made.forEach(ConstantHashes::settle);
            }
            return made;
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<List<String>> orders(boolean settle, Function<List<Object>, Set<Object>> table) {
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            Stream.generate(Object::new).limit(i).forEach(System::identityHashCode);
            orders.add(table.apply(planets(settle)).stream().map(each -> ((Enum<?>) each).name()).toList());
        }
        return orders;
    }

    private static Set<Object> with(Map<Object, Integer> map, List<Object> keys) {
        keys.forEach(key -> map.put(key, 1));
        return map.keySet();
    }

    @Test
    void hashTablesHaveOneOrder() {
        assertThat(orders(true, HashSet::new)).hasSize(1);
        assertThat(orders(true, planets -> with(new HashMap<>(200), planets))).hasSize(1);
        assertThat(orders(true, planets -> with(new ConcurrentHashMap<>(), planets))).hasSize(1);
        assertThat(orders(false, HashSet::new)).as("as the JVM draws").hasSizeGreaterThan(1);
        assertThat(orders(true, planets -> with(new HashMap<>(100_000), planets))).as("large").hasSizeGreaterThan(1);
    }

    @Test
    void theAnswerTellsWhetherTheOrderIsThatOfTheJvm() {
        List<Object> planets = planets(true);
        assertThat(ConstantHashes.dependOnJvm(new HashSet<>(planets))).isFalse();
        assertThat(ConstantHashes.dependOnJvm(with(new ConcurrentHashMap<>(), planets))).isFalse();
        assertThat(ConstantHashes.dependOnJvm(with(new HashMap<>(256), planets))).as("256 buckets").isFalse();
        assertThat(ConstantHashes.dependOnJvm(with(new HashMap<>(257), planets))).as("512 buckets").isTrue();
        assertThat(ConstantHashes.dependOnJvm(with(new ConcurrentHashMap<>(1000), planets))).isTrue();
        assertThat(ConstantHashes.dependOnJvm(new HashSet<>(planets(false)))).isTrue();
        assertThat(ConstantHashes.dependOnJvm(new HashSet<>(Arrays.asList(TimeUnit.values())))).isTrue();
        List<Object> mixed = new ArrayList<>(planets);
        mixed.addAll(List.of("a", "b"));
        assertThat(ConstantHashes.dependOnJvm(new HashSet<>(mixed))).as("16 buckets").isFalse();
        assertThat(ConstantHashes.dependOnJvm(with(new HashMap<>(64), mixed))).as("perhaps a tree").isTrue();
    }

    @Test
    void aConstantThatHasAHashCodeKeepsIt() {
        Object planet = planets(false).getFirst();
        int before = planet.hashCode();
        ConstantHashes.settle(planet);
        assertThat(planet.hashCode()).isEqualTo(before);
        assertThat(ConstantHashes.dependOnJvm(new HashSet<>(List.of(planet, "a")))).isTrue();
    }

    @Test
    void classesHaveOneOrderToo() {
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            List<Object> types = planets(false).stream().<Object>map(Object::getClass).distinct().toList();
            Set<Object> set = new HashSet<>(types);
            assertThat(ConstantHashes.dependOnJvm(set)).isFalse();
            orders.add(set.stream().map(each -> ((Class<?>) each).getName()).toList());
        }
        assertThat(orders).hasSize(1);
    }
}

/** Not within the test's class, whose nest mate it could not be in another loader. */
enum Planet {
    MERCURY, VENUS, EARTH, MARS, JUPITER, SATURN {
        @Override
        public String toString() {
            return "with rings";
        }
    },
    URANUS, NEPTUNE
}
