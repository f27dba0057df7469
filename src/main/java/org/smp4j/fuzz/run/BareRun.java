package org.smp4j.fuzz.run;

import java.util.List;
import org.smp4j.call.IrqWorks;
import org.smp4j.fuzz.grammar.Kernel;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Player;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.CallScenario;

/** A program on bare CPUs. */
final class BareRun extends CallScenario {
    private final World world;
    private final Aftermath aftermath;

    BareRun(World world) {
        super(world.program().cpus());
        this.world = world;
        aftermath = new Aftermath(world);
    }

    @Override
    protected void play() {
        world.on(new Kernel(cpus(), smp(), new IrqWorks(smp()), null, null, null, null));
        List<Player> players = world.program().players();
        for (int i = 0; i < players.size(); i++) {
            int number = i;
            Player player = players.get(i);
            if (player.kind() == Player.Kind.DEVICE) {
                device(player.cpu(), "device " + i, player.count(), () -> world.play(number));
            } else {
                on(player.cpu(), () -> {
                    aftermath.play(number);
                });
            }
        }
    }

    @Override
    protected boolean servesOn() {
        return true;
    }

    @Override
    protected boolean expects(Warnings.Warning warning) {
        return world.expects(warning);
    }

    @Override
    protected void check() {
        world.check();
    }
}
