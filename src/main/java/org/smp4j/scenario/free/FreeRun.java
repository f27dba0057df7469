package org.smp4j.scenario.free;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.smp4j.explore.model.Failure;
import org.smp4j.lib.Aborted;

/**
 * Makes a scenario of this class's own loader and runs it free. What it takes and gives are types of the JDK, so that
 * its caller may be loaded by another one.
 */
public final class FreeRun implements BiFunction<String, long[], String> {
    /** What a run without end is called. */
    public static final String UNENDED = "does not end";
    /** Begins the outcome of a run whose threads could not be ended: the process should run nothing more. */
    public static final String STUCK = "stuck: ";

    private Map<Field, Object> statics; // of the scenario, as they were before the first run

    /** For a loader. */
    public FreeRun() {
    }

    /**
     * Runs a scenario once.
     *
     * @param scenario the name of its class
     * @param numbers how long it may take in nanoseconds, and the seed of its delays
     * @return the rule that was broken, or null
     */
    @Override
    public String apply(String scenario, long[] numbers) {
        FreeHost host = new FreeHost(numbers[0], numbers[1]);
        String outcome = outcome(scenario, host);
        return host.end() ? outcome : STUCK + (outcome == null ? UNENDED : outcome);
    }

    private String outcome(String scenario, FreeHost host) {
        try {
            Class<?> type = Class.forName(scenario, true, FreeRun.class.getClassLoader());
            restore(type);
            ((FreeScenario) type.getConstructor().newInstance()).runFree(host);
            return null;
        } catch (Failure.Broken e) {
            return e.rule;
        } catch (Unended e) {
            return UNENDED;
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(scenario + " can't be made", e);
        } catch (Aborted e) {
            return UNENDED;
        } catch (RuntimeException | Error e) {
            return "threw " + e.getClass().getName();
        }
    }

    /** Gives the static fields of a scenario the values that they had before the first run, as the explorer does. */
    private void restore(Class<?> type) throws IllegalAccessException {
        if (statics != null) {
            for (Map.Entry<Field, Object> each : statics.entrySet()) {
                each.getKey().set(null, each.getValue());
            }
            return;
        }
        statics = new HashMap<>();
        for (Field field : type.getDeclaredFields()) {
            int modifiers = field.getModifiers();
            if (Modifier.isStatic(modifiers) && !Modifier.isFinal(modifiers) && !field.isSynthetic()) {
                field.setAccessible(true);
                statics.put(field, field.get(null));
            }
        }
    }
}
