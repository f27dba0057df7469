package org.smp4j.fuzz.sample;

import java.util.List;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.JavaObject;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Productions;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;

/** The operations of a driver: requests to a disk, which any CPU may hand in, and one completes. */
public final class DiskProductions implements Productions {
    private static final JavaObject JAVA = new JavaObject("disk", Disk.class, "mustBeIdle");

    @Override
    public List<Production> productions() {
        return List.of(
                Production.of("diskrequest", Floor.CALL).args(Arg.steadyCpu()).often(60)
                        .does((world, step) -> disk(world).request(world.kernel().smp(), step.arg(0)))
                        .gives(0).java(JAVA.in("=disk.request(smp, $0)")),
                Production.of("diskdrain", Floor.CALL).in(Where.TASK).often(30)
                        .does((world, _) -> disk(world).drain()).java(JAVA.in("disk.drain();")));
    }

    private static Disk disk(World world) {
        return world.shared("disk", 0, () -> {
            Disk disk = new Disk();
            world.atEnd(disk::mustBeIdle);
            return disk;
        });
    }
}
