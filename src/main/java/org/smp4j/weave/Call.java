package org.smp4j.weave;

import java.lang.classfile.instruction.InvokeInstruction;
import java.util.Objects;

/**
 * A call within a method, named by what it calls; by default the only such call in the method.
 *
 * @param owner the class on which it is called, as the class file names it: the static type of the receiver
 * @param name the method
 * @param descriptor the method's descriptor, or null for any
 * @param places which one of several, and how many there are
 */
public record Call(String owner, String name, String descriptor, Places places) {
    /**
     * Names a call.
     *
     * @param owner the class on which the method is called, the static type of the receiver
     * @param name the method
     * @return the only such call in a method
     */
    public static Call call(Class<?> owner, String name) {
        return call(owner.getName(), name);
    }

    /**
     * As {@link #call(Class, String)}, for a class that can't be named in the source.
     *
     * @param owner the binary name of the class
     * @param name the method
     * @return the only such call in a method
     */
    public static Call call(String owner, String name) {
        return new Call(Objects.requireNonNull(owner, "owner"), Objects.requireNonNull(name, "name"), null,
                Places.ONLY);
    }

    /**
     * Selects one of several overloaded methods.
     *
     * @param value for example {@code (I)V}
     * @return calls to the method with that descriptor
     */
    public Call withDescriptor(String value) {
        return new Call(owner, name, value, places);
    }

    /**
     * Selects one of several.
     *
     * @param number its number, from 1
     * @param of how many there must be
     * @return that call
     */
    public Call number(int number, int of) {
        return new Call(owner, name, descriptor, new Places(number, of));
    }

    /**
     * Selects all of several.
     *
     * @param of how many there must be
     * @return those calls
     */
    public Call all(int of) {
        return new Call(owner, name, descriptor, new Places(0, of));
    }

    boolean matches(InvokeInstruction invoke) {
        return invoke.name().equalsString(name) && invoke.owner().asInternalName().replace('/', '.').equals(owner)
                && (descriptor == null || invoke.type().equalsString(descriptor));
    }

    String what() {
        return owner + "." + name + (descriptor == null ? "" : descriptor);
    }

    @Override
    public String toString() {
        return places + what();
    }
}
