package org.smp4j.race.stress;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.smp4j.explore.Exploring;
import org.smp4j.explore.model.Failure;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.Race;
import org.smp4j.race.Variant;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.free.Actors;

/**
 * One run of a race between two CPUs, each of which a thread of the caller plays: the state of a test for jcstress.
 */
public final class TwoActors {
    /** The outcome of a run that broke no rule. */
    public static final String HOLDS = "the rule holds";

    private static final String BLOCKS = "org/smp4j/race/block/";
    private static final Map<String, Function<String, IntFunction<String>>> LOADED = new ConcurrentHashMap<>();

    private final IntFunction<String> run;

    /**
     * A run that has not begun.
     *
     * @param slug the race
     * @param variant which variant
     * @throws IllegalArgumentException if there is no such race, or it is not one of two actors
     */
    public TwoActors(String slug, Variant variant) {
        GalleryEntry entry = Gallery.find(slug).orElseThrow(() -> new IllegalArgumentException("no race " + slug));
        run = LOADED.computeIfAbsent(slug + "/" + variant, _ -> load(entry, variant))
                .apply(entry.type().getName());
    }

    @SuppressWarnings("unchecked")
    private static Function<String, IntFunction<String>> load(GalleryEntry entry, Variant variant) {
        String why = refusal(entry);
        if (why != null) {
            throw new IllegalArgumentException(why);
        }
        return Stress.loader(entry.race(), variant).make(Function.class, Actors.class);
    }

    /**
     * Plays a CPU, until both have played.
     *
     * @param cpu 0 or 1
     */
    public void play(int cpu) {
        run.apply(cpu);
    }

    /** {@return {@link #HOLDS}, or the rule that was broken; when both CPUs have played} */
    public String outcome() {
        String rule = run.apply(Actors.OUTCOME);
        return rule == null ? HOLDS : rule;
    }

    /**
     * Whether a race can be a test for jcstress.
     *
     * @param entry the race
     * @return why not, or null if it can
     */
    public static String refusal(GalleryEntry entry) {
        Race race = entry.race();
        if (!(race instanceof CallScenario)) {
            return entry.slug() + " needs tasks, which come and go on their CPUs; a test for jcstress has two actors";
        }
        if (entry.facts().cpus() != 2) {
            return entry.slug() + " needs " + entry.facts().cpus() + " CPUs; a test for jcstress has two actors";
        }
        if (Stream.of(race.getClass().getDeclaredFields()).anyMatch(TwoActors::isVariable)) {
            return entry.slug() + " keeps state in static fields, which the runs of a test for jcstress would share";
        }
        if (usesDevice(race.getClass())) {
            return entry.slug() + " needs a device, whose interrupt does not come in a test for jcstress";
        }
        boolean hangs = List.of(entry.facts().breaks()).contains(Failure.DEADLOCK);
        if (!hangs && !checksItself(race.getClass())) {
            return entry.slug() + ": only an oracle of exploring sees the rule \"" + entry.facts().breaks()[0]
                    + "\" broken; a test for jcstress would never fail";
        }
        return null;
    }

    private static boolean usesDevice(Class<?> type) {
        for (PoolEntry entry : pool(type.getName().replace('.', '/'), type.getClassLoader())) {
            if (entry instanceof MethodRefEntry method && method.name().equalsString("device")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isVariable(Field field) {
        return Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())
                && !field.isSynthetic();
    }

    /** Whether a scenario, what it extends or a block that it uses says itself that a rule is broken. */
    private static boolean checksItself(Class<?> type) {
        if (type == CallScenario.class) {
            return false;
        }
        for (PoolEntry entry : pool(type.getName().replace('.', '/'), type.getClassLoader())) {
            if (saysBroken(entry) || entry instanceof ClassEntry used && used.asInternalName().startsWith(BLOCKS)
                    && saysBroken(used.asInternalName(), type.getClassLoader())) {
                return true;
            }
        }
        return checksItself(type.getSuperclass());
    }

    private static boolean saysBroken(String internalName, ClassLoader loader) {
        for (PoolEntry entry : pool(internalName, loader)) {
            if (saysBroken(entry)) {
                return true;
            }
        }
        return false;
    }

    private static boolean saysBroken(PoolEntry entry) {
        return entry instanceof MemberRefEntry member && member.name().equalsString("broken")
                && member.owner().asInternalName().equals(Exploring.class.getName().replace('.', '/'));
    }

    private static Iterable<PoolEntry> pool(String internalName, ClassLoader loader) {
        try (InputStream in = loader.getResourceAsStream(internalName + ".class")) {
            return ClassFile.of().parse(in.readAllBytes()).constantPool();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
