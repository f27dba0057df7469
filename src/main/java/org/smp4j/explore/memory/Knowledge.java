package org.smp4j.explore.memory;

/** What a strand has seen and written, as it hands that to others; see {@link Memory#publish}. */
public final class Knowledge {
    final View view;

    Knowledge(View view) {
        this.view = view;
    }

    /** {@return this and the other} */
    Knowledge join(Knowledge other) {
        View both = view.join(other.view);
        return both == view ? this : both == other.view ? other : new Knowledge(both);
    }
}
