package org.smp4j.explore.memory;

/** What a strand has seen and written, as it hands that to others; see {@link Memory#publish}. */
public final class Knowledge {
    final View view;

    Knowledge(View view) {
        this.view = view;
    }
}
