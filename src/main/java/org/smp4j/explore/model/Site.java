package org.smp4j.explore.model;

/**
 * A place in the source where the explorer gets control.
 *
 * @param id its number, from 0 in the order of loading
 * @param owner the binary name of the class
 * @param method the method's name
 * @param file the source file, or null
 * @param line the line, or 0
 * @param operation what is done there, as a reader would say it: {@code getfield}, {@code compareAndSet}, {@code park}
 * @param target what it is done to: a field as {@code package.Class.name}, an array as its type, a method for a call; the handle's or atomic object's field is found when it runs
 * @param field the number of that field or kind of location
 * @param mode bits of {@link Access}
 */
public record Site(int id, String owner, String method, String file, int line, String operation, String target, int field, int mode) {
    /** {@return the place as a stack trace has it} */
    public String place() {
        return owner.substring(owner.lastIndexOf('.') + 1) + "." + method + "(" + (file == null ? "Unknown Source" : line > 0 ? file + ":" + line : file) + ")";
    }
}
