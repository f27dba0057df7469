package org.smp4j.scenario.oracle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Fields of the tower that are looked at, or changed, from outside: by what watches it, and by what breaks it on
 * purpose.
 */
public final class Fields {
    private Fields() {
    }

    /**
     * Finds a field, whatever its access.
     *
     * @param owner the binary name of the class that declares it
     * @param name its name
     * @return a handle on it
     */
    public static VarHandle field(String owner, String name) {
        try {
            Class<?> type = Class.forName(owner);
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                    .unreflectVarHandle(type.getDeclaredField(name));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
