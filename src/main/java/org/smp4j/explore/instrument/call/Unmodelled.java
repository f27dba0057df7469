package org.smp4j.explore.instrument.call;

/**
 * A call that may touch shared objects in ways that the explorer does not see. A search that meets one has not seen all
 * accesses.
 *
 * @param owner the binary name of the class that makes the call
 * @param place the place of the call, as a stack trace prints it
 * @param what the called method
 */
public record Unmodelled(String owner, String place, String what) {
    @Override
    public String toString() {
        return place + ": " + what;
    }
}
