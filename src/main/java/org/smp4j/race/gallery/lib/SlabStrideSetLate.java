package org.smp4j.race.gallery.lib;

import static org.smp4j.weave.Call.call;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** The size of an array's elements is seen later than the array. */
@RaceFacts(slug = "slab-stride-set-late", title = "mm/slab: initialize slab->stride early to avoid memory ordering "
        + "issues", certainty = Certainty.MEMORY, year = 2026, model = MemoryModel.WEAK, cpus = 2,
        breaks = "wrong stride", symptom = "an element of the wrong object is used", proof = "bound2",
        shows = {"is not visible yet"},
        story = """
                A slab gets an array of extensions when one of its objects first needs it. The CPU that made the array
                stored the distance of its elements, and then the array, without a barrier in between. Another CPU
                could see the array and still the distance from the page's former use; it then counted for another
                object. Now the distance is stored when the slab is made, before another CPU knows it.""")
public final class SlabStrideSetLate extends CallScenario implements Race {
    private static final String RULE = "wrong stride";
    private static final int FORMER = 8;
    private static final int STRIDE = 16;

    // Written by: the CPU that makes the slab, or its array. Read by: any CPU that has seen the array.
    // Ordering: before the slab is known to others; opaque.
    private final AtomicInteger stride = new AtomicInteger(FORMER);
    // Written by: the CPU that makes the array. Read by: any CPU. Ordering: opaque.
    private final AtomicReference<Object> extensions = new AtomicReference<>();

    /** The race. */
    public SlabStrideSetLate() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(SlabStrideSetLate.class, "play").drop(call(SlabStrideSetLate.class, "setStride"));
    }

    @Override
    protected void play() {
        setStride();
        on(0, () -> {
            setStride();
            extensions.setOpaque(this);
        });
        on(1, () -> {
            if (extensions.getOpaque() != null && stride.getOpaque() != STRIDE) {
                Exploring.broken(RULE, "the array is there, and its elements are " + FORMER + " bytes apart",
                        List.of());
            }
        });
    }

    private void setStride() {
        stride.setOpaque(STRIDE);
    }
}
