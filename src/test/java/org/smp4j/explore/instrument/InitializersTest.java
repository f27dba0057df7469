package org.smp4j.explore.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.Machine;
import org.smp4j.explore.instrument.call.Rewritten;
import org.smp4j.explore.instrument.code.Initializers;

/** The classes that each run initializes anew. */
class InitializersTest {
    private static final Initializers INITIALIZERS = new Initializers(InitializersTest::model,
            new Rewritten().or(name -> name.startsWith(InitializersTest.class.getName())));

    private static ClassModel model(String type) {
        try (InputStream in = InitializersTest.class.getClassLoader().getResourceAsStream(type + ".class")) {
            return in == null ? null : ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean needed(Class<?> type) {
        return INITIALIZERS.areNeeded(type.getName().replace('.', '/'));
    }

    static final class Constants {
        static final List<String> NAMES = List.of("one", "two");
        static final Supplier<String> MAKER = () -> NAMES.getFirst() + new StringBuilder();
        static final Pair PAIR = new Pair("left", 2);
        static int changed = 3;
    }

    static final class Mapped {
        static final Optional<Integer> LENGTH = Optional.of("four").map(text -> text.length() + 1);
    }

    record Pair(String left, int right) {
    }

    enum Kind {
        ONE, TWO
    }

    static final class OfEnum {
        static final Kind FIRST = Kind.values()[0];
    }

    static final class Container {
        static final List<String> NAMES = new ArrayList<>();
    }

    static final class OfArray {
        static final int[] NUMBERS = {1};
    }

    static final class HiddenArray {
        static final Object NUMBERS = new int[1];
    }

    static final class CapturedArray {
        static final Supplier<Integer> NEXT;

        static {
            int[] last = new int[1];
            NEXT = () -> ++last[0];
        }
    }

    static final class OfMutable {
        static final Cell CELL = new Cell();
    }

    static final class Cell {
        int content;
    }

    static class Changes {
        static final int COUNT;

        static {
            Constants.changed++;
            COUNT = 1;
        }
    }

    static final class Inherits extends Changes {
    }

    static final class OfOther {
        static final int COUNT = Changes.COUNT;
    }

    static final class ReadsWhatChanges {
        static final int VALUE = Constants.changed;
    }

    static final class CallsBack {
        static final Optional<Integer> NEXT = Optional.of(1).map(_ -> Constants.changed++);
    }

    static final class Named {
        static final Class<?> CHANGES = named("org.smp4j.explore.instrument.InitializersTest$Changes");

        private static Class<?> named(String name) {
            try {
                return Class.forName(name);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static final class Locks {
        static final Object LOCK = new Object();

        static {
            synchronized (LOCK) {
                Constants.class.getName();
            }
        }
    }

    static final class OfAtomic {
        static final AtomicInteger COUNT = new AtomicInteger();
    }

    @ParameterizedTest
    @ValueSource(classes = {Constants.class, Mapped.class, Pair.class, OfEnum.class, Kind.class, Cell.class})
    void constantsAreMadeOnce(Class<?> type) {
        assertThat(needed(type)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(classes = {Container.class, OfArray.class, HiddenArray.class, CapturedArray.class, OfMutable.class,
            Changes.class, Inherits.class, OfOther.class, ReadsWhatChanges.class, CallsBack.class, Named.class,
            Locks.class, OfAtomic.class})
    void whatCanBeSeenIsDoneInEachRun(Class<?> type) {
        assertThat(needed(type)).isTrue();
    }

    /** The emulated kernel, which is explored most, needs no initialization in runs. */
    @Test
    void kernelHasConstantsOnly() throws Exception {
        URI home = Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        for (String floor : new String[] {"", "lib", "cpu", "call", "sched", "stop", "hotplug", "scenario"}) {
            try (Stream<Path> files = Files.list(Path.of(home).resolve("org/smp4j").resolve(floor))) {
                List<String> names = files.map(file -> Path.of(home).relativize(file).toString())
                        .filter(name -> name.endsWith(".class"))
                        .map(name -> name.substring(0, name.length() - ".class".length()).replace('\\', '/')).toList();
                assertThat(names).isNotEmpty().noneMatch(INITIALIZERS::areNeeded);
            }
        }
    }
}
