package org.smp4j.fuzz.sample;

import java.util.List;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.JavaObject;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Productions;

/** The operations of a driver that counts its requests in two steps. */
public final class BrokenDiskProductions implements Productions {
    /** The driver. */
    public static final class BrokenDisk extends Disk {
        // Written by: any CPU. Read by: any CPU. Ordering: volatile, which is not enough.
        private volatile int requests;

        @Override
        void begins() {
            super.begins();
            requests = requests + 1;
        }

        @Override
        void ends() {
            super.ends();
            requests = requests - 1;
        }

        @Override
        public void mustBeIdle() {
            super.mustBeIdle();
            if (requests != 0) {
                throw new AssertionError(requests + " requests are counted, and none is in flight");
            }
        }
    }

    private static final JavaObject JAVA = new JavaObject("disk", BrokenDisk.class, "mustBeIdle");

    @Override
    public List<Production> productions() {
        return List.of(Production.of("diskrequest", Floor.CALL).args(Arg.steadyCpu()).often(200).gives(0)
                .does((world, step) -> world.shared("disk", 0, () -> {
                    BrokenDisk disk = new BrokenDisk();
                    world.atEnd(disk::mustBeIdle);
                    return disk;
                }).request(world.kernel().smp(), step.arg(0))).java(JAVA.in("=disk.request(smp, $0)")));
    }
}
