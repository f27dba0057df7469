package org.smp4j.explore.verdict;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The order of a hash table is the same in each run, or the program is refused. */
final class HashOrders {
    private static final String ORDER = "objects without a hash code of their own, asked for at HashOrders$";

    private static final String OF_JVM = "the order of this JVM";
    /** The hash code of the first colour: that of its name, mixed. */
    private static final int COLOUR = (Enums.Colour.class.getName() + ".RED").hashCode() * 0x9E3779B9;

    private HashOrders() {
    }

    /** Makes as many steps as the first element of a table says. */
    abstract static class First extends Statics.Beside {
        abstract int first();

        @Override
        void main() {
            for (int left = first(); left > 0; left--) {
                beside++;
            }
        }
    }

    /** Keys that are enum constants. */
    @Gives(Verdict.PASS)
    public static class Enums extends First {
        enum Colour {
            RED, GREEN, BLUE
        }

        @Override
        int first() {
            Map<Colour, Integer> map = new HashMap<>();
            for (Colour colour : Colour.values()) {
                map.put(colour, colour.ordinal());
            }
            return map.values().iterator().next();
        }
    }

    /** They have the same order in each JVM. */
    @Gives(value = Verdict.PASS, by = "dpor", notSaying = OF_JVM)
    public static class EnumsProven extends Enums {
    }

    /** Tables of the JDK's constants, wide ones and those of what contains constants have the order of the JVM. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = OF_JVM)
    public static class EnumsOfTheJdk extends First {
        @Override
        int first() {
            return new HashSet<>(List.of(TimeUnit.DAYS, TimeUnit.HOURS)).iterator().next().ordinal() & 1;
        }
    }

    /** As {@link EnumsOfTheJdk}. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = OF_JVM)
    public static class EnumsInAWideTable extends First {
        @Override
        int first() {
            Map<Enums.Colour, Integer> map = new HashMap<>(1000);
            map.put(Enums.Colour.RED, 1);
            map.put(Enums.Colour.BLUE, 2);
            return map.values().iterator().next();
        }
    }

    /** As {@link EnumsOfTheJdk}. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = OF_JVM)
    public static class EnumsByIdentity extends First {
        @Override
        int first() {
            Map<Enums.Colour, Integer> map = new IdentityHashMap<>();
            map.put(Enums.Colour.RED, 1);
            map.put(Enums.Colour.BLUE, 2);
            return map.values().iterator().next();
        }
    }

    /** As {@link EnumsOfTheJdk}. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = OF_JVM)
    public static class EnumsInRecords extends First {
        record Dot(List<Enums.Colour> colours) {
        }

        @Override
        int first() {
            return new HashSet<>(List.of(new Dot(List.of(Enums.Colour.RED)), new Dot(List.of(Enums.Colour.BLUE))))
                    .iterator().next().colours().getFirst().ordinal();
        }
    }

    /** Hash codes that a class of the program makes of constants are the same in each JVM. */
    @Gives(value = Verdict.PASS, by = "dpor", notSaying = OF_JVM)
    public static class EnumsInHashCodes extends First {
        static final class Dot {
            private final Enums.Colour colour;

            Dot(Enums.Colour colour) {
                this.colour = colour;
            }

            @Override
            public int hashCode() {
                return Objects.hash(colour, Objects.hashCode(TimeUnit.DAYS), int.class);
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof Dot dot && dot.colour == colour;
            }
        }

        @Override
        int first() {
            Map<Dot, Integer> map = new HashMap<>();
            map.put(new Dot(Enums.Colour.RED), 1);
            map.put(new Dot(Enums.Colour.BLUE), 2);
            Threads.require(Objects.hash(1, null, "a") == List.of(1, 0, "a").hashCode()
                    && Objects.hashCode(null) == 0 && Objects.hash((Object[]) null) == 0, "another hash code");
            Threads.require(Enums.Colour.RED.hashCode() == COLOUR && Objects.hash(Enums.Colour.RED) == 31 + COLOUR,
                    "the hash code of this JVM: " + Enums.Colour.RED.hashCode());
            return map.values().iterator().next();
        }
    }

    /** Classes of the program have the same order in each JVM, too. */
    @Gives(value = Verdict.PASS, by = "dpor", notSaying = OF_JVM)
    public static class OwnClasses extends First {
        @Override
        int first() {
            Map<Class<?>, Integer> map = new HashMap<>();
            map.put(First.class, 1);
            map.put(Enums.class, 2);
            return map.values().iterator().next();
        }
    }

    /** Keys that are classes. */
    @Gives(Verdict.PASS)
    public static class Classes extends First {
        @Override
        int first() {
            return new HashMap<>(Map.of(String.class, 1, int[].class, 2, First.class, 3)).values().iterator().next();
        }
    }

    /** Keys of a class of the program that does not override {@code hashCode}. */
    @Gives(Verdict.PASS)
    public static class Own extends First {
        private static final class Plain {
        }

        @Override
        int first() {
            Map<Plain, Integer> map = new HashMap<>();
            map.put(new Plain(), 1);
            map.put(new Plain(), 2);
            map.put(new Plain(), 3);
            return map.values().iterator().next();
        }
    }

    /** Immutable sets and maps, whose order each JVM draws, have that of what they were given. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = "Set.of, Map.of and their like keep the order")
    public static class Immutable extends First {
        private static final Set<String> LETTERS = Set.of("e", "b", "d", "a", "c");

        private static void refuses(Runnable change) {
            try {
                change.run();
            } catch (UnsupportedOperationException | NullPointerException | IllegalArgumentException e) {
                return;
            }
            throw new AssertionError("changed");
        }

        @Override
        int first() {
            List<String> given = List.of("e", "b", "d", "a", "c");
            Map<String, Integer> map = Map.of("e", 1, "b", 2, "d", 3, "a", 4, "c", 5);
            Map<String, Integer> entries = Map.ofEntries(Map.entry("e", 1), Map.entry("b", 2), Map.entry("d", 3),
                    Map.entry("a", 4), Map.entry("c", 5));
            for (Collection<String> each : List.of(LETTERS, map.keySet(), entries.keySet(), Set.copyOf(given),
                    Map.copyOf(map).keySet(), Set.of(given.toArray(new String[0])),
                    given.stream().collect(Collectors.toUnmodifiableSet()),
                    given.stream().collect(Collectors.toUnmodifiableMap(key -> key, key -> 1)).keySet(),
                    given.stream().collect(Collectors.toUnmodifiableMap(key -> key, key -> 1, Integer::sum)).keySet(),
                    new ArrayList<>(LETTERS))) {
                Threads.require(String.join("", each).equals("ebdac"), each.toString());
            }
            Threads.require(map.equals(entries) && map.hashCode() == new HashMap<>(map).hashCode()
                    && LETTERS.equals(new HashSet<>(given)) && new HashSet<>(given).equals(LETTERS)
                    && LETTERS.hashCode() == new HashSet<>(given).hashCode() && map.get("d") == 3
                    && map.containsValue(5) && map.entrySet().contains(Map.entry("a", 4)), "another content");
            refuses(() -> LETTERS.add("f"));
            refuses(() -> LETTERS.remove("z"));
            refuses(() -> LETTERS.removeIf(String::isEmpty));
            refuses(() -> map.put("f", 6));
            refuses(() -> map.remove("z"));
            refuses(() -> map.computeIfAbsent("e", _ -> 1));
            refuses(() -> map.keySet().remove("e"));
            refuses(() -> map.entrySet().iterator().next().setValue(7));
            refuses(() -> LETTERS.contains(null));
            refuses(() -> map.get(null));
            refuses(() -> Set.of("a", "a"));
            return 1;
        }
    }

    /** Keys that are threads. */
    @Gives(value = Verdict.REFUSAL, saying = {"HashMap", ORDER + "OfThreads"})
    public static class OfThreads extends First {
        @Override
        int first() {
            Map<Thread, Integer> map = new HashMap<>();
            map.put(new Thread(() -> beside++), 1);
            map.put(new Thread(() -> beside++), 2);
            return map.entrySet().iterator().next().getValue();
        }
    }

    /** Listeners. */
    @Gives(value = Verdict.REFUSAL, saying = {"HashSet", ORDER + "OfLambdas"})
    public static class OfLambdas extends First {
        @Override
        int first() {
            Set<Runnable> set = new HashSet<>();
            set.add(() -> beside++);
            set.add(() -> beside = 1);
            set.iterator().next().run();
            return beside;
        }
    }

    /** Objects that nothing tells apart. */
    @Gives(Verdict.PASS)
    public static class OfObjects extends First {
        @Override
        int first() {
            Object one = new Object();
            Set<Object> set = new HashSet<>(List.of(one, new Object()));
            return set.stream().findFirst().orElseThrow() == one ? 1 : 2;
        }
    }

    /** The same by a reference to the constructor. */
    @Gives(value = Verdict.REFUSAL, saying = {"HashSet", ORDER + "OfObjectsByReference"})
    public static class OfObjectsByReference extends First {
        @Override
        int first() {
            Set<Object> set = new HashSet<>();
            Supplier<Object> make = Object::new;
            set.add(make.get());
            set.add(make.get());
            return set.iterator().hasNext() ? 1 : 2;
        }
    }

    /** An identity hash map, whatever its keys are. */
    @Gives(value = Verdict.REFUSAL, saying = {"IdentityHashMap", ORDER + "ByIdentity"})
    public static class ByIdentity extends First {
        @Override
        int first() {
            Map<Object, Integer> map = new IdentityHashMap<>();
            map.put(new int[1], 1);
            map.put(new StringBuilder("two").toString(), 2);
            return map.values().iterator().next();
        }
    }

    /** A list of a table's elements. */
    @Gives(value = Verdict.REFUSAL, saying = {"HashSet", ORDER + "Copied"})
    public static class Copied extends First {
        @Override
        int first() {
            Object one = new int[0];
            Set<Object> set = new HashSet<>(List.of(one, new int[0]));
            return new ArrayList<>(set).getFirst() == one ? 1 : 2;
        }
    }

    /** An immutable list. */
    @Gives(value = Verdict.REFUSAL, saying = {"HashSet", ORDER + "CopiedForGood"})
    public static class CopiedForGood extends First {
        @Override
        int first() {
            Object one = new int[0];
            Set<Object> set = new HashSet<>(List.of(one, new int[0]));
            return List.copyOf(set).getFirst() == one ? 1 : 2;
        }
    }

    /** A table's elements are appended to a list. */
    @Gives(value = Verdict.REFUSAL, saying = {"HashSet", ORDER + "Added"})
    public static class Added extends First {
        @Override
        int first() {
            Object one = new int[0];
            Set<Object> set = new HashSet<>(List.of(one, new int[0]));
            List<Object> list = new ArrayList<>();
            list.addAll(set);
            return list.getFirst() == one ? 1 : 2;
        }
    }

    /** An array of a table's elements. */
    @Gives(value = Verdict.REFUSAL, saying = {"HashSet", ORDER + "InAnArray"})
    public static class InAnArray extends First {
        @Override
        int first() {
            Object one = new int[0];
            Set<Object> set = new HashSet<>(List.of(one, new int[0]));
            return set.toArray()[0] == one ? 1 : 2;
        }
    }

    /** From one table to another, which does not keep the order. */
    @Gives(Verdict.PASS)
    public static class ToAnother extends First {
        @Override
        int first() {
            Set<Object> set = new HashSet<>(List.of(new Object(), new Object()));
            Set<Object> other = new HashSet<>(set);
            other.addAll(set);
            Map<Object, Integer> map = new HashMap<>();
            map.putAll(Map.of());
            return other.size() + map.size();
        }
    }

    /** Such keys do no harm if a program only looks them up, or if another order applies. */
    @Gives(Verdict.PASS)
    public static class LookedUp extends First {
        @Override
        int first() {
            Object one = new Object();
            Object two = new Object();
            Map<Object, Integer> map = new HashMap<>();
            map.put(one, 1);
            map.put(two, 2);
            Set<Object> inOrder = new LinkedHashSet<>();
            inOrder.add(two);
            inOrder.add(one);
            return map.get(inOrder.iterator().next());
        }
    }
}
