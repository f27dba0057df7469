package org.smp4j.explore.instrument.call;

/**
 * A call that touches what strands may share without the explorer knowing what. A search that meets one has not seen
 * everything.
 *
 * @param owner the binary name of the class that makes the call
 * @param place where, as a stack trace has it
 * @param what is called
 */
public record Unmodelled(String owner, String place, String what) {
    @Override
    public String toString() {
        return place + ": " + what;
    }
}
