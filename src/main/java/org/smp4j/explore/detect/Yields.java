package org.smp4j.explore.detect;

import java.util.Arrays;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;

/**
 * The sites at which a strand has yielded. The first time it goes on at once, as it need not be in a loop; from then on
 * it waits for a change, as it would else spin for ever. Only what the strand has done itself counts: else searches
 * would take orders of steps for equivalent that are not.
 */
public final class Yields {
    // The hardware's code, and a call of the JDK that is one step, yield only where they spin.
    private static final int SPINS = Access.HARDWARE | Access.INNER;

    private int[] sites = new int[2];
    private int count;

    /** A strand begins. */
    public void begin() {
        count = 0;
    }

    /** {@return whether the strand, which yields at a site, goes on at once} */
    public boolean goesOn(int site) {
        if ((Sites.modeOf(site) & SPINS) != 0) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (sites[i] == site) {
                return false;
            }
        }
        if (count == sites.length) {
            sites = Arrays.copyOf(sites, 2 * count);
        }
        sites[count++] = site;
        return true;
    }
}
