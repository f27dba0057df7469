package org.smp4j.fuzz.grammar;

/**
 * An object of a user that operations share, as it is written in the Java source of a test: each run has a new one.
 *
 * @param name the name of its variable
 * @param type its class; public, with a public constructor without parameters
 * @param check a public method without parameters, which checks it when nothing more happens; null for none
 */
public record JavaObject(String name, Class<?> type, String check) {
    /** How a line begins that declares one. */
    public static final String MARK = "@";

    /**
     * {@return the text of an operation that uses it, for {@link Production#java(String)}}
     *
     * @param text the text, with the variable in it
     */
    public String in(String text) {
        return declaration() + "\n" + text;
    }

    private String declaration() {
        return MARK + String.join(" ", name, type.getCanonicalName(), check == null ? "" : check).strip();
    }
}
