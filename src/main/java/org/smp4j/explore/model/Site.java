package org.smp4j.explore.model;

/**
 * A place in the code where the explorer gets control.
 *
 * @param id its number, from 0 in the order of loading
 * @param owner the binary name of the class
 * @param method the method's name
 * @param file the source file, or null
 * @param line the line, or 0
 * @param operation the operation in words for a reader: {@code getfield}, {@code compareAndSet}, {@code park}
 * @param target its target: a field as {@code package.Class.name}, an array as its type, a method for a call; the field
 * of a handle or an atomic object is found when the code runs
 * @param field the number of that field or kind of location
 * @param mode bits of {@link Access}
 */
public record Site(int id, String owner, String method, String file, int line, String operation, String target,
        int field, int mode) {
    /** {@return the place as a stack trace prints it} */
    public String place() {
        return owner.substring(owner.lastIndexOf('.') + 1) + "." + method + "("
                + (file == null ? "Unknown Source" : line > 0 ? file + ":" + line : file) + ")";
    }
}
