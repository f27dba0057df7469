package org.smp4j.explore.memory;

import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Site;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Run;

/** A value that was written to a location. It never changes, so copies of a memory share it. */
public final class Message {
    /** In place of a strand: the location had the value before its first write. */
    public static final int INITIAL = -1;

    final long value;
    final Object reference;
    final int strand;
    final int step;
    /** Orders the messages of one location; the initial one has 0. */
    final int time;
    /** What a strand that acquires this message may no longer miss, the message itself included. */
    final View view;
    /** Whether an atomic read-modify-write wrote it: nothing lands between it and the message before. */
    final boolean exchange;

    Message(long value, Object reference, int strand, int step, int time, View view, boolean exchange) {
        this.value = value;
        this.reference = reference;
        this.strand = strand;
        this.step = step;
        this.time = time;
        this.view = view;
        this.exchange = exchange;
    }

    /** {@return the value, if the location holds a primitive} */
    public long value() {
        return value;
    }

    /** {@return the value, if the location holds a reference; null for a primitive} */
    public Object reference() {
        return reference;
    }

    /** {@return the number of the strand that wrote it, or {@link #INITIAL}} */
    public int strand() {
        return strand;
    }

    /** {@return the writer's own number of the step that wrote it} */
    public int step() {
        return step;
    }

    /**
     * Says for a report that an access has missed this message.
     *
     * @param x the run
     * @param read the older message that the access reads; null if it writes before this one
     * @param wasSeen whether its strand has seen this one
     * @return the text
     */
    String missed(Run x, Message read, boolean wasSeen) {
        String store = "the store of " + text(x, reference) + " by " + x.strand(strand).name() + at(Sites.get(step));
        return read == null ? "lands before " + store + ", which stays the newest"
                : "reads " + text(x, read.reference) + ": " + store
                        + (wasSeen ? " was seen before, but plain reads may go back" : " is not visible yet");
    }

    private static String at(Site place) {
        return place.file() == null ? "" : " at " + place.file() + ":" + place.line();
    }

    private static String text(Run x, Object value) {
        return switch (value) {
            case null -> "null";
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case Character character -> "'" + character + "'";
            case String string -> '"' + string + '"';
            default -> Names.simple(value.getClass()) + "#" + x.idOf(value);
        };
    }
}
