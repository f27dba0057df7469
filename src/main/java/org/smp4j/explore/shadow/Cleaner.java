package org.smp4j.explore.shadow;

/**
 * Stands in for the JDK's class of that name in other classes of the JDK: an action runs only if it is asked for, as no
 * schedule decides when an object is collected.
 */
public final class Cleaner {
    /** What is to be done once. */
    public interface Cleanable {
        /** Does it, if it was not done yet. */
        void clean();
    }

    public Cleaner() {
    }

    public Cleanable register(Object object, Runnable action) {
        return new Cleanable() {
            private boolean done;

            @Override
            public synchronized void clean() {
                if (!done) {
                    done = true;
                    action.run();
                }
            }
        };
    }
}
